import type { IrcMessage } from '#libs/protocols/irc/message.ts'
import { tokenKindOf } from '#libs/vault/token-text.ts'
import { type EdgeErrorCode, edgeErrors } from '../errors.ts'
import type { Authentication } from '../session.ts'
import type { Sessions } from '../sessions.ts'
import { anonymousPattern, nickPattern } from './bounds.ts'
import { capabilities, requested } from './capabilities.ts'
import type { IrcConnection } from './connection.ts'
import type { People } from './people.ts'
import { notice, reply, serverName, welcome } from './replies.ts'

export type RegistrationOptions = {
  readonly authentication: Pick<Authentication, 'byToken'>
  readonly sessions: Pick<Sessions, 'add'>
  readonly people: People
  /** The account is there from now on. */
  readonly onAdmitted: () => void
  readonly onError: (error: unknown) => void
}

/** How a client says who it is: CAP, PASS, NICK, USER. */
export type Registration = {
  readonly isDone: () => boolean
  readonly cap: (message: IrcMessage) => Promise<void> | undefined
  readonly pass: (message: IrcMessage) => Promise<void> | undefined
  readonly nick: (message: IrcMessage) => Promise<void> | undefined
  readonly user: (message: IrcMessage) => Promise<void> | undefined
}

/** Clients of the twitch.tv dialect know by these words that trying again will not help. */
const LOGIN_FAILED = 'Login authentication failed'

const jwtPattern = /^[\w-]+\.[\w-]+\.[\w-]+$/

/**
 * The access token in a PASS: as it is, behind `oauth:` or not, or as the hexadecimal digits of its bytes, for clients
 * that write every password in lower case.
 */
export const tokenIn = (password: string): string => {
  const token = password.replace(/^oauth:/i, '')
  const fromDigits = /^[0-9a-f]+$/i.test(token) ? Buffer.from(token, 'hex').toString('latin1') : ''
  return jwtPattern.test(fromDigits) || tokenKindOf(fromDigits) !== undefined ? fromDigits : token
}

/**
 * Registration of one connection. It is complete when the nickname and whoever is behind it are known, and capabilities
 * are not being negotiated (CAP LS without CAP END). USER is taken and not needed: clients of the twitch.tv dialect send
 * none. Whatever nickname is asked for, an account has its handle.
 */
export const createRegistration = (
  connection: IrcConnection,
  { authentication, sessions, people, onAdmitted, onError }: RegistrationOptions,
): Registration => {
  let wanted: string | undefined
  let password: string | undefined
  let userGiven = false
  let negotiating = false
  let done = false

  const refuse = (code: EdgeErrorCode): void => {
    const { face } = connection
    connection.send(
      notice(face, '*', code, LOGIN_FAILED),
      reply(connection, 'passwordMismatch', [], `${edgeErrors[code].title} [${code}]`),
    )
    connection.close('policy', LOGIN_FAILED)
  }

  const admit = (nick: string): void => {
    done = true
    connection.nick = nick
    connection.send(...welcome(connection))
  }

  const comeBack = (error: unknown): void => {
    onError(error)
    const code = 'platform.unavailable'
    connection.send(notice(connection.face, '*', code, edgeErrors[code].title))
    connection.close('goingAway', edgeErrors[code].title)
  }

  const authenticate = async (token: string): Promise<void> => {
    const identity = await authentication.byToken(token)
    if (!connection.open) return
    if (!identity) return refuse('live.invalid_token')
    if (identity.mustChangePassword) return refuse('live.password_change_required')
    await people.learn([identity.accountId])
    if (!connection.open) return
    if (!sessions.add(connection, identity)) return refuse('live.invalid_token')
    admit(people.nickOf(identity.accountId))
    onAdmitted()
  }

  const complete = (): Promise<void> | undefined => {
    if (done || wanted === undefined || negotiating) return undefined
    if (anonymousPattern.test(wanted)) {
      admit(wanted.toLowerCase())
      return undefined
    }
    if (password !== undefined) return authenticate(tokenIn(password)).catch(comeBack)
    if (userGiven) refuse('live.unauthenticated')
    return undefined
  }

  const request = (text: string): void => {
    const granted = requested(connection.capabilities, text)
    if (granted) connection.grant(granted)
    const source = serverName(connection.face)
    connection.send({ source, command: 'CAP', params: [connection.nick, granted ? 'ACK' : 'NAK'], trailing: text })
  }

  const list = (subcommand: 'LS' | 'LIST', names: Iterable<string>): void =>
    connection.send({
      source: serverName(connection.face),
      command: 'CAP',
      params: [connection.nick, subcommand],
      trailing: [...names].join(' '),
    })

  const cap = ({ params: [given = '', text = ''] }: IrcMessage): Promise<void> | undefined => {
    const subcommand = given.toUpperCase()
    switch (subcommand) {
      case 'LS':
        negotiating = !done
        list('LS', capabilities)
        return undefined
      case 'LIST':
        list('LIST', connection.capabilities)
        return undefined
      case 'REQ':
        request(text)
        return undefined
      case 'END':
        negotiating = false
        return complete()
      default:
        connection.send(reply(connection, 'invalidCapCommand', [], 'CAP knows LS, LIST, REQ and END'))
        return undefined
    }
  }

  const nick = ({ params: [given = ''] }: IrcMessage): Promise<void> | undefined => {
    if (given === '') connection.send(reply(connection, 'noNicknameGiven', [], 'No nickname given'))
    else if (done) {
      const same = given.toLowerCase() === connection.nick.toLowerCase()
      if (!same)
        connection.send(reply(connection, 'erroneousNickname', [], 'Your nickname is the handle of your account'))
    } else if (!nickPattern.test(given)) connection.send(reply(connection, 'erroneousNickname', [], 'Not a nickname'))
    else {
      wanted = given
      return complete()
    }
    return undefined
  }

  return {
    isDone: () => done,
    cap,
    nick,
    pass: ({ params: [given = ''] }) => {
      if (given === '') connection.send(reply(connection, 'needMoreParams', ['PASS'], 'PASS needs a password'))
      else if (done) connection.send(reply(connection, 'alreadyRegistered', [], 'You are registered already'))
      else {
        password = given
        return complete()
      }
      return undefined
    },
    user: ({ params }) => {
      const again = userGiven
      userGiven = true
      if (params.length < 4) connection.send(reply(connection, 'needMoreParams', ['USER'], 'USER needs 4 parameters'))
      else if (again) connection.send(reply(connection, 'alreadyRegistered', [], 'You are registered already'))
      else return complete()
      return undefined
    },
  }
}
