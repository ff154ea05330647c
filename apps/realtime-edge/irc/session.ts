import { decideAccess } from '#libs/access/rule.ts'
import type { IrcMessage } from '#libs/protocols/irc/message.ts'
import { edgeErrors } from '../errors.ts'
import { type IrcCommand, ircRules, isIrcCommand } from './access.ts'
import type { Asking } from './asking.ts'
import type { Channels } from './channels.ts'
import type { IrcConnection } from './connection.ts'
import type { Registration } from './registration.ts'
import { notice, reply, serverName } from './replies.ts'

export type IrcSessionOptions = {
  readonly connection: IrcConnection
  readonly registration: Registration
  readonly channels: Channels
  readonly asking: Asking
  readonly talk: (connection: IrcConnection, message: IrcMessage) => Promise<void> | undefined
}

/** What a command of a client does. A promise where the lines behind it must wait; it does not reject. */
type Command = (message: IrcMessage) => Promise<void> | undefined

const nothing: Command = () => undefined

/** Those that a client may send before it is registered. */
const beforehand: ReadonlySet<IrcCommand> = new Set(['CAP', 'PASS', 'NICK', 'USER', 'PING', 'PONG', 'QUIT'])

const isRefused = ({ identity }: IrcConnection, command: IrcCommand): boolean =>
  decideAccess(ircRules[command], { signedIn: identity !== undefined, platformRole: identity?.platformRole }) !==
  'allowed'

/** In the channel that was spoken in, as every refusal to speak is. */
const refusal = ({ face }: IrcConnection, { params: [target = '*'] }: IrcMessage) =>
  notice(
    face,
    target.startsWith('#') ? target.toLowerCase() : '*',
    'live.unauthenticated',
    edgeErrors['live.unauthenticated'].title,
  )

/** The commands of one connection. A further one is a line in the table, and one in `ircRules`. */
export const createIrcSession = ({ connection, registration, channels, asking, talk }: IrcSessionOptions): Command => {
  const pong: Command = ({ params }) => {
    // Without a source: clients of the twitch.tv dialect look for it that way.
    connection.send({ command: 'PONG', params: [serverName(connection.face)], trailing: params.at(-1) ?? '' })
    return undefined
  }

  const commands: { readonly [Name in IrcCommand]: Command } = {
    CAP: registration.cap,
    PASS: registration.pass,
    NICK: registration.nick,
    USER: registration.user,
    PING: pong,
    PONG: nothing,
    QUIT: () => {
      connection.quit()
      return undefined
    },
    JOIN: (message) => channels.join(connection, message),
    PART: (message) => {
      channels.part(connection, message)
      return undefined
    },
    NAMES: (message) => channels.names(connection, message),
    PRIVMSG: (message) => talk(connection, message),
    // A NOTICE is never answered (RFC 2812, 3.3.2), so a refusal could not be told: it says nothing here.
    NOTICE: nothing,
    // Tags alone: none of the client's are handed on (CLIENTTAGDENY).
    TAGMSG: nothing,
    MODE: (message) => asking.MODE(connection, message),
    TOPIC: (message) => asking.TOPIC(connection, message),
    LIST: (message) => asking.LIST(connection, message),
    WHO: (message) => asking.WHO(connection, message),
    WHOIS: (message) => asking.WHOIS(connection, message),
    USERHOST: (message) => asking.USERHOST(connection, message),
    AWAY: (message) => asking.AWAY(connection, message),
  }

  return (message) => {
    const { command } = message
    if (!isIrcCommand(command))
      connection.send(reply(connection, 'unknownCommand', [command.slice(0, 32)], 'Unknown command'))
    else if (!registration.isDone() && !beforehand.has(command))
      connection.send(reply(connection, 'notRegistered', [], 'Say who you are first: PASS and NICK'))
    else if (isRefused(connection, command)) connection.send(refusal(connection, message))
    else return commands[command](message)
    return undefined
  }
}
