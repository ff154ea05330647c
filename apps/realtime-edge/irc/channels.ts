import { permits } from '#libs/access/scopes.ts'
import type { EdgeView } from '#libs/channel/edge-view.ts'
import { effectiveModes } from '#libs/channel/state/modes.ts'
import type { RateLimiter } from '#libs/http/rate-limit.ts'
import type { Outgoing } from '#libs/protocols/irc/format.ts'
import type { IrcMessage } from '#libs/protocols/irc/message.ts'
import { edgeErrors } from '../errors.ts'
import { limits } from '../limits.ts'
import type { PresenceTable } from '../presence/table.ts'
import type { Rooms } from '../rooms.ts'
import { topicLine } from './asking.ts'
import { channelPattern, NAMES_BYTES } from './bounds.ts'
import type { IrcConnection } from './connection.ts'
import type { Membership } from './membership.ts'
import type { Names } from './people.ts'
import { notice, personSource, reply, serverName } from './replies.ts'
import type { Shares } from './share.ts'
import { stateTags } from './states.ts'
import type { WhoIsThere } from './there.ts'

export type ChannelsOptions = {
  readonly rooms: Pick<Rooms, 'enter' | 'leave'>
  readonly names: Pick<Names, 'channel'>
  readonly table: Pick<PresenceTable, 'entered' | 'left'>
  readonly shares: Pick<Shares, 'of'>
  readonly membership: Pick<Membership, 'begin'>
  readonly whoIsThere: WhoIsThere
  readonly limiter: RateLimiter
  readonly onError: (error: unknown) => void
}

/** JOIN, PART and NAMES. */
export type Channels = {
  readonly join: (connection: IrcConnection, message: IrcMessage) => Promise<void> | undefined
  readonly part: (connection: IrcConnection, message: IrcMessage) => void
  readonly names: (connection: IrcConnection, message: IrcMessage) => Promise<void>
  /** The connection is gone. */
  readonly leaveAll: (connection: IrcConnection) => void
}

/** Words in runs that fit one line each; one empty run where there are none. */
export const lists = (words: readonly string[], maxBytes: number): readonly string[] => {
  const found: string[] = []
  let run = ''
  for (const word of words) {
    if (run !== '' && run.length + 1 + word.length > maxBytes) {
      found.push(run)
      run = word
    } else run = run === '' ? word : `${run} ${word}`
  }
  return [...found, run]
}

/** What clients of the twitch.tv dialect learn of a channel and of themselves in it; without it they have not joined. */
const stateLines = (
  { face, identity }: IrcConnection,
  name: string,
  channelId: string,
  view: EdgeView,
): readonly Outgoing[] => {
  if (!face.commands) return []
  const source = serverName(face)
  const user = identity && { 'display-name': identity.name, 'emote-sets': '0', 'user-id': identity.accountId }
  const room = { 'room-id': channelId, ...stateTags(effectiveModes(view.modes)) }
  return [
    ...(user ? [{ ...(face.tags && { tags: user }), source, command: 'USERSTATE', params: [name] }] : []),
    { ...(face.tags && { tags: room }), source, command: 'ROOMSTATE', params: [name] },
  ]
}

export const createChannels = (options: ChannelsOptions): Channels => {
  const { rooms, names, table, shares, membership, whoIsThere, limiter, onError } = options
  const personOf = ({ identity }: IrcConnection) => identity && { id: identity.accountId, name: identity.name }

  const unknown = (connection: IrcConnection, name: string): void => {
    const refusal = 'live.channel_not_found'
    if (connection.face.twitch && channelPattern.test(name))
      connection.send(notice(connection.face, name, refusal, edgeErrors[refusal].title))
    else {
      // What is no channel's name may be no parameter either.
      const shown = channelPattern.test(name) ? name : '*'
      connection.send(reply(connection, 'noSuchChannel', [shown], `${edgeErrors[refusal].title} [${refusal}]`))
    }
  }

  const namesLines = async (
    connection: IrcConnection,
    name: string,
    channelId: string,
  ): Promise<readonly Outgoing[]> => {
    const nicks = new Set((await whoIsThere(connection, channelId)).map(({ nick }) => nick))
    const { face, nick } = connection
    // Clients of the twitch.tv dialect read the list only where it does not come from the server's own name.
    const source = face.twitch ? `${nick}.${serverName(face)}` : serverName(face)
    return [
      ...lists([...nicks], NAMES_BYTES).map((run) => ({ ...reply(connection, 'namReply', ['=', name], run), source })),
      { ...reply(connection, 'endOfNames', [name], 'End of NAMES'), source },
    ]
  }

  const leave = (connection: IrcConnection, name: string): boolean => {
    const membership = connection.memberships.get(name)
    if (!membership) return false
    connection.memberships.delete(name)
    membership.share.remove(connection)
    table.left(membership.room.channel, connection.identity?.accountId)
    rooms.leave(membership.room)
    return true
  }

  const enter = async (connection: IrcConnection, name: string): Promise<void> => {
    const channelId = await names.channel(name.slice(1))
    const room = channelId === undefined ? undefined : await rooms.enter(channelId)
    if (!room) return unknown(connection, name)
    const { view } = room
    if (!connection.open || !view) return rooms.leave(room)
    const share = shares.of(room, name)
    connection.memberships.set(name, { name, room, share })
    table.entered(room.channel, personOf(connection))
    // From here on what happens is heard; it is not told before the client knows that it has joined.
    connection.send({ source: personSource(connection.nick), command: 'JOIN', params: [name] })
    share.add(connection)
    if (connection.face.membership) membership.begin(share)
    const listed = await namesLines(connection, name, room.channel)
    // Clients of the twitch.tv dialect are told of no topics.
    const topic = view.topic && !connection.face.twitch ? [topicLine(connection, name, view)] : []
    connection.send(...topic, ...listed, ...stateLines(connection, name, room.channel, view))
  }

  const joinOne = async (connection: IrcConnection, given: string): Promise<void> => {
    const name = given.toLowerCase()
    if (connection.memberships.has(name)) return
    if (!channelPattern.test(name)) return unknown(connection, name)
    if (connection.identity && !permits(connection.identity.scopes, ['chat:read'])) {
      const refusal = 'live.insufficient_scope'
      connection.send(notice(connection.face, name, refusal, edgeErrors[refusal].title))
      return
    }
    if (connection.memberships.size >= limits.joins) {
      const refusal = 'live.too_many_joins'
      connection.send(reply(connection, 'tooManyChannels', [name], `${edgeErrors[refusal].title} [${refusal}]`))
      return
    }
    // Each channel is as much work as a line of its own.
    if (limiter.take(connection.id, limits.frames) > 0) return connection.close('policy', 'too many lines')
    try {
      await enter(connection, name)
    } catch (error) {
      onError(error)
      const code = 'platform.unavailable'
      connection.send(notice(connection.face, name, code, edgeErrors[code].title))
    }
  }

  const split = (list: string): readonly string[] => list.split(',').filter((name) => name !== '')

  const tellLeft = (connection: IrcConnection, name: string): void => {
    if (leave(connection, name))
      connection.send({ source: personSource(connection.nick), command: 'PART', params: [name] })
    else
      connection.send(
        reply(connection, 'notOnChannel', [channelPattern.test(name) ? name : '*'], 'You are not on that channel'),
      )
  }

  const join = async (connection: IrcConnection, list: string): Promise<void> => {
    for (const name of split(list)) if (connection.open) await joinOne(connection, name)
  }

  return {
    join: (connection, { params: [list] }) => {
      if (list === undefined) {
        connection.send(reply(connection, 'needMoreParams', ['JOIN'], 'JOIN needs a channel'))
        return undefined
      }
      if (list === '0') {
        for (const name of [...connection.memberships.keys()]) tellLeft(connection, name)
        return undefined
      }
      return join(connection, list)
    },
    part: (connection, { params: [list] }) => {
      if (list === undefined) connection.send(reply(connection, 'needMoreParams', ['PART'], 'PART needs a channel'))
      else for (const name of split(list)) tellLeft(connection, name.toLowerCase())
    },
    names: async (connection, { params: [given = ''] }) => {
      const name = given.toLowerCase()
      const membership = connection.memberships.get(name)
      if (membership) connection.send(...(await namesLines(connection, name, membership.room.channel)))
      else connection.send(reply(connection, 'endOfNames', [channelPattern.test(name) ? name : '*'], 'End of NAMES'))
    },
    leaveAll: (connection) => {
      for (const name of [...connection.memberships.keys()]) leave(connection, name)
    },
  }
}
