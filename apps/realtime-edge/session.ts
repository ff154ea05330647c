import { permits } from '#libs/access/scopes.ts'
import type { ClientFrame } from '#libs/protocols/native/client-frames.ts'
import { refuseAccess } from './access.ts'
import { errorFrame } from './answers.ts'
import type { Connection } from './connection.ts'
import type { JoinRequest } from './joining.ts'
import { limits } from './limits.ts'
import type { NukeFrame } from './nuking.ts'
import type { CommandFrame } from './posting.ts'
import type { StatusChange } from './presence/status.ts'
import type { Asking } from './questions/asking.ts'
import type { Identity } from './recipient.ts'
import { detach, type Membership, type Room, refreshRole } from './room.ts'
import type { Rooms } from './rooms.ts'
import type { Sessions } from './sessions.ts'
import type { WhisperLanes } from './whispers/lanes.ts'
import type { WhisperFrame } from './whispers/whispering.ts'

/** Who a client is, asked once per `auth`; undefined where the token or session does not hold. */
export type Authentication = {
  readonly byToken: (token: string) => Promise<Identity | undefined>
  /** By the `Cookie` header of the handshake. */
  readonly byCookie: (header: string) => Promise<Identity | undefined>
}

/** What a session tells of who is where. */
export type PresenceSink = {
  readonly entered: (membership: Membership) => void
  readonly left: (membership: Membership) => void
  /** False where nobody is told, since the sender is in no channel here. */
  readonly says: (connection: Connection, change: StatusChange) => boolean
  /** The connection is somebody else from now on, or somebody at last. */
  readonly identified: (connection: Connection, before: Identity | undefined) => void
}

export type SessionOptions = {
  readonly rooms: Rooms
  readonly sessions: Sessions
  readonly presence: PresenceSink
  readonly authentication: Authentication
  readonly join: (connection: Connection, room: Room, request: JoinRequest) => Promise<Membership>
  readonly post: (connection: Connection, frame: CommandFrame) => void
  readonly nuke: (connection: Connection, frame: NukeFrame) => void
  readonly questions: Asking
  readonly whisper: (connection: Connection, frame: WhisperFrame) => void
  readonly whispers: Pick<WhisperLanes, 'follow' | 'leave'>
  readonly onError: (error: unknown) => void
  readonly now: () => number
}

type FollowWhispers = ClientFrame & { type: 'follow-whispers' }

/** What each frame of a client does. */
export type Session = {
  /** A promise where the frames behind it must wait. Does not reject. */
  readonly handle: (connection: Connection, cookie: string | undefined, frame: ClientFrame) => Promise<void> | undefined
  /** The connection is gone. */
  readonly end: (connection: Connection) => void
}

export const createSession = (options: SessionOptions): Session => {
  const { rooms, sessions, presence, authentication, join, post, nuke, questions, whisper, whispers, onError, now } =
    options

  const identify = (cookie: string | undefined, token: string | undefined): Promise<Identity | undefined> => {
    if (token !== undefined) return authentication.byToken(token)
    return cookie === undefined ? Promise.resolve(undefined) : authentication.byCookie(cookie)
  }

  const authenticate = async (connection: Connection, cookie: string | undefined, token?: string): Promise<void> => {
    const found = await identify(cookie, token)
    if (!connection.open) return
    if (found?.mustChangePassword) {
      connection.send(errorFrame('live.password_change_required'))
      return
    }
    const before = connection.identity
    if (!found || !sessions.add(connection, found)) {
      connection.send(errorFrame('live.invalid_token'))
      return
    }
    connection.send({ type: 'authenticated', account: { id: found.accountId, name: found.name } })
    presence.identified(connection, before)
    for (const membership of connection.memberships.values()) refreshRole(membership)
  }

  const leave = (connection: Connection, channel: string): boolean => {
    const membership = connection.memberships.get(channel)
    if (!membership) return false
    connection.memberships.delete(channel)
    detach(membership)
    presence.left(membership)
    rooms.leave(membership.room)
    return true
  }

  const enter = async (connection: Connection, channel: string, request: JoinRequest): Promise<void> => {
    leave(connection, channel)
    if (connection.identity && !permits(connection.identity.scopes, ['chat:read'])) {
      connection.send(errorFrame('live.insufficient_scope', { channel, message: 'chat:read' }))
      return
    }
    if (connection.memberships.size >= limits.joins) {
      connection.send(errorFrame('live.too_many_joins', { channel }))
      return
    }
    const room = await rooms.enter(channel)
    if (!room) {
      connection.send(errorFrame('live.channel_not_found', { channel }))
      return
    }
    let membership: Membership | undefined
    try {
      membership = await join(connection, room, request)
    } finally {
      // Not attached where the connection has gone meanwhile.
      if (!membership || membership.index < 0) rooms.leave(room)
    }
    if (membership.index < 0) return
    connection.memberships.set(channel, membership)
    presence.entered(membership)
  }

  const joinRequest = ({ from, last }: ClientFrame & { type: 'join' }): JoinRequest => ({
    ...(from && { from }),
    ...(last !== undefined && { last }),
  })

  const followWhispers = async (connection: Connection, frame: FollowWhispers): Promise<void> => {
    if (!connection.identity) connection.send(errorFrame('live.unauthenticated'))
    else if (!permits(connection.identity.scopes, ['whispers:read']))
      connection.send(errorFrame('live.insufficient_scope', { message: 'whispers:read' }))
    else await whispers.follow(connection, frame)
  }

  const failed = (connection: Connection, channel?: string) => (error: unknown) => {
    onError(error)
    connection.send(errorFrame('platform.unavailable', channel === undefined ? {} : { channel }))
  }

  return {
    handle: (connection, cookie, frame) => {
      const refusal = refuseAccess(frame, connection.identity)
      if (refusal) {
        connection.send(refusal)
        return
      }
      switch (frame.type) {
        case 'ping':
          connection.send({ type: 'pong', serverTime: now() })
          return
        case 'post':
        case 'act':
          post(connection, frame)
          return
        case 'nuke':
          nuke(connection, frame)
          return
        case 'query':
        case 'command':
          questions.ask(connection, frame)
          return
        case 'leave': {
          const { channel } = frame
          connection.send(
            leave(connection, channel) ? { type: 'left', channel } : errorFrame('live.not_joined', { channel }),
          )
          return
        }
        case 'status': {
          const { afk, watching } = frame
          if (!presence.says(connection, { afk, watching })) connection.send(errorFrame('live.not_joined'))
          return
        }
        case 'whisper':
          whisper(connection, frame)
          return
        case 'follow-whispers':
          return followWhispers(connection, frame).catch(failed(connection))
        case 'auth':
          return authenticate(connection, cookie, frame.token).catch(failed(connection))
        case 'join':
          return enter(connection, frame.channel, joinRequest(frame)).catch(failed(connection, frame.channel))
      }
    },
    end: (connection) => {
      connection.open = false
      questions.leave(connection)
      for (const channel of [...connection.memberships.keys()]) leave(connection, channel)
      whispers.leave(connection)
      sessions.remove(connection)
    },
  }
}
