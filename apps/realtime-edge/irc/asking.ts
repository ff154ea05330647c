import type { EdgeView } from '#libs/channel/edge-view.ts'
import { effectiveModes } from '#libs/channel/state/modes.ts'
import type { Outgoing } from '#libs/protocols/irc/format.ts'
import type { IrcMessage } from '#libs/protocols/irc/message.ts'
import type { Numeric } from '#libs/protocols/irc/numerics.ts'
import type { PresenceTable } from '../presence/table.ts'
import { channelPattern, nickPattern } from './bounds.ts'
import type { IrcConnection } from './connection.ts'
import { HOST, reply, serverName } from './replies.ts'
import type { There, WhoIsThere } from './there.ts'

export type AskingOptions = {
  readonly whoIsThere: WhoIsThere
  readonly table: Pick<PresenceTable, 'of' | 'says'>
}

type Answer = (connection: IrcConnection, message: IrcMessage) => Promise<void> | undefined

/**
 * What ordinary clients ask of a channel and of people, most of them as soon as they have joined (RFC 2812, sections 3.2 and
 * 3.6). They are answered for the channels that they have joined, with what these show; nothing is changed this way.
 */
export type Asking = Readonly<Record<'MODE' | 'TOPIC' | 'LIST' | 'WHO' | 'WHOIS' | 'USERHOST' | 'AWAY', Answer>>

/** Lists of masks that channels of other servers have: here they are empty. */
const emptyLists: ReadonlyMap<string, readonly [end: Numeric, of: string]> = new Map([
  ['b', ['endOfBanList', 'ban']],
  ['e', ['endOfExceptList', 'exception']],
  ['I', ['endOfInviteList', 'invite']],
])

/** `t`: the topic is the staff's to set; `m`: only they may speak. */
const modeString = ({ modes }: EdgeView): string => (effectiveModes(modes).read_only === undefined ? '+t' : '+tm')

/** What RPL_TOPIC or RPL_NOTOPIC says. */
export const topicLine = (connection: IrcConnection, name: string, view: EdgeView): Outgoing =>
  view.topic ? reply(connection, 'topic', [name], view.topic) : reply(connection, 'noTopic', [name], 'No topic is set')

/** What is no name at all may be no parameter either. */
const shownName = (name: string): string => (channelPattern.test(name) || nickPattern.test(name) ? name : '*')

export const createAsking = ({ whoIsThere, table }: AskingOptions): Asking => {
  const missing = (connection: IrcConnection, command: string, what: string): void =>
    connection.send(reply(connection, 'needMoreParams', [command], `${command} needs ${what}`))

  const notOn = (connection: IrcConnection, name: string): void =>
    connection.send(reply(connection, 'notOnChannel', [shownName(name)], 'You are not on that channel'))

  const forbidden = (connection: IrcConnection, name: string): void =>
    connection.send(reply(connection, 'channelOperatorNeeded', [name], 'Channels are run by other means than IRC'))

  const channelMode = (connection: IrcConnection, name: string, changes: string, mask: string | undefined): void => {
    const view = connection.memberships.get(name)?.room.view
    const list = mask === undefined ? emptyLists.get(changes.replace(/^\+/, '')) : undefined
    if (!view) notOn(connection, name)
    else if (changes === '') connection.send(reply(connection, 'channelModeIs', [name, modeString(view)]))
    else if (list) connection.send(reply(connection, list[0], [name], `End of channel ${list[1]} list`))
    else forbidden(connection, name)
  }

  const whoLine = (connection: IrcConnection, name: string, { nick, name: real, isAway }: There): Outgoing =>
    reply(
      connection,
      'whoReply',
      [name, nick, HOST, serverName(connection.face), nick, isAway ? 'G' : 'H'],
      `0 ${real}`,
    )

  /** In whatever channels the client sees them. */
  const find = async (connection: IrcConnection, nick: string): Promise<There | undefined> => {
    for (const { room } of connection.memberships.values()) {
      const found = (await whoIsThere(connection, room.channel)).find((one) => one.nick === nick)
      if (found) return found
    }
    const isOwn = nick === connection.nick.toLowerCase()
    return isOwn ? { nick, name: connection.identity?.name ?? nick, isAway: false } : undefined
  }

  const whoLines = async (connection: IrcConnection, mask: string): Promise<readonly Outgoing[]> => {
    const membership = connection.memberships.get(mask)
    if (membership) {
      const there = await whoIsThere(connection, membership.room.channel)
      return there.map((one) => whoLine(connection, mask, one))
    }
    const found = mask.startsWith('#') ? undefined : await find(connection, mask)
    return found ? [whoLine(connection, '*', found)] : []
  }

  return {
    MODE: (connection, { params: [target, changes = '', mask] }) => {
      if (target === undefined) missing(connection, 'MODE', 'a channel')
      else if (target.startsWith('#')) channelMode(connection, target.toLowerCase(), changes, mask)
      else if (target.toLowerCase() === connection.nick.toLowerCase())
        connection.send(reply(connection, 'userModeIs', ['+']))
      else connection.send(reply(connection, 'usersDoNotMatch', [], 'Only your own modes are told'))
      return undefined
    },
    TOPIC: (connection, { params: [target, topic] }) => {
      if (target === undefined) {
        missing(connection, 'TOPIC', 'a channel')
        return undefined
      }
      const name = target.toLowerCase()
      const view = connection.memberships.get(name)?.room.view
      if (!view) notOn(connection, name)
      else if (topic !== undefined) forbidden(connection, name)
      else connection.send(topicLine(connection, name, view))
      return undefined
    },
    LIST: (connection) => {
      const lines = [...connection.memberships.values()].map(({ name, room }) =>
        reply(connection, 'list', [name, String(table.of(room.channel).count)], room.view?.topic ?? ''),
      )
      connection.send(...lines, reply(connection, 'listEnd', [], 'End of LIST: these are the channels that you are on'))
      return undefined
    },
    WHO: async (connection, { params: [given = '*'] }) => {
      const mask = given.toLowerCase()
      const lines = await whoLines(connection, mask)
      connection.send(...lines, reply(connection, 'endOfWho', [shownName(mask)], 'End of WHO'))
    },
    WHOIS: async (connection, { params }) => {
      // The first of two may name a server.
      const nick = params.at(-1)?.split(',')[0]?.toLowerCase() ?? ''
      const found = await find(connection, nick)
      const server = serverName(connection.face)
      const lines = found
        ? [
            reply(connection, 'whoisUser', [nick, nick, HOST, '*'], found.name),
            reply(connection, 'whoisServer', [nick, server], 'whiply'),
            ...(found.isAway ? [reply(connection, 'away', [nick], 'Away')] : []),
          ]
        : [reply(connection, 'noSuchNick', [shownName(nick)], 'Nobody of that name is seen here')]
      connection.send(...lines, reply(connection, 'endOfWhois', [shownName(nick)], 'End of WHOIS'))
    },
    USERHOST: async (connection, { params }) => {
      const asked = params.slice(0, 5).map((nick) => nick.toLowerCase())
      const found = await Promise.all(asked.map((nick) => find(connection, nick)))
      const hosts = found.flatMap((one) => (one ? [`${one.nick}=${one.isAway ? '-' : '+'}${one.nick}@${HOST}`] : []))
      connection.send(reply(connection, 'userHost', [], hosts.join(' ')))
    },
    AWAY: (connection, { params: [words = ''] }) => {
      const isAway = words !== ''
      if (connection.identity) table.says(connection.identity.accountId, { afk: isAway })
      connection.send(
        isAway
          ? reply(connection, 'nowAway', [], 'You have been marked as being away')
          : reply(connection, 'unAway', [], 'You are no longer marked as being away'),
      )
      return undefined
    },
  }
}
