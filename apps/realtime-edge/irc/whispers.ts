import { permits } from '#libs/access/scopes.ts'
import { uuidv7 } from '#libs/journal/ids.ts'
import type { Outgoing } from '#libs/protocols/irc/format.ts'
import type { ServerFrameOf } from '#libs/protocols/native/server-frames.ts'
import type { Poster } from '../posting.ts'
import type { WhisperLanes, WhisperReader } from '../whispers/lanes.ts'
import type { WhisperFrame } from '../whispers/whispering.ts'
import type { Face } from './capabilities.ts'
import type { IrcConnection } from './connection.ts'
import type { Names, People } from './people.ts'
import { notice, personSource, reply } from './replies.ts'
import { refusalIn, wording } from './wording.ts'

export type IrcWhispersOptions = {
  readonly lanes: Pick<WhisperLanes, 'follow' | 'leave'>
  readonly whisper: (poster: Poster, frame: WhisperFrame) => void
  readonly names: Pick<Names, 'channel'>
  readonly people: Pick<People, 'learn' | 'nickOf'>
  readonly onError: (error: unknown) => void
  readonly now: () => number
}

/** Whispers of one account as its IRC clients write and read them. */
export type IrcWhispers = {
  /** Brings what is whispered to the account from now on. */
  readonly follow: (connection: IrcConnection) => void
  readonly leave: (connection: IrcConnection) => void
  /** To the account of that handle. Does not reject. */
  readonly say: (connection: IrcConnection, nick: string, text: string) => Promise<void>
}

type Received = ServerFrameOf<'whispered'> & { readonly event: { readonly kind: 'received' } }

const isReceived = (frame: { readonly type: string }): frame is Received =>
  frame.type === 'whispered' && (frame as ServerFrameOf<'whispered'>).event.kind === 'received'

/**
 * A whisper that came in: WHISPER in the twitch.tv dialect, for who asked for its commands; to others a PRIVMSG to
 * themselves, as between any two people. Undefined where there is nothing to show.
 */
const whisperLine = (
  { at, event: { id, from, text } }: Received,
  { face, nick, identity }: { readonly face: Face } & Pick<IrcConnection, 'nick' | 'identity'>,
  nickOf: People['nickOf'],
): Outgoing | undefined => {
  if (text === null || (face.twitch && !face.commands)) return undefined
  const thread = [from.id, identity?.accountId ?? ''].sort((one, other) => Number(one) - Number(other)).join('_')
  return {
    tags: {
      ...(face.time && { time: new Date(at).toISOString() }),
      ...(face.tags && {
        'display-name': from.name ?? nickOf(from.id),
        'message-id': id,
        'thread-id': thread,
        'user-id': from.id,
      }),
    },
    source: personSource(nickOf(from.id)),
    command: face.twitch ? 'WHISPER' : 'PRIVMSG',
    params: [nick],
    trailing: text,
  }
}

export const createIrcWhispers = (options: IrcWhispersOptions): IrcWhispers => {
  const { lanes, whisper, names, people, onError, now } = options
  const readers = new WeakMap<IrcConnection, WhisperReader>()

  /** In their order: one whose sender is not known yet is waited for, a second at most. */
  const readerOf = (connection: IrcConnection): WhisperReader => {
    let last: Promise<void> = Promise.resolve()
    const show = async (frame: Received): Promise<void> => {
      await people.learn([frame.event.from.id])
      const line = whisperLine(frame, connection, people.nickOf)
      if (line && connection.open) connection.send(line)
    }
    const send: WhisperReader['send'] = (frame) => {
      if (isReceived(frame)) last = last.then(() => show(frame))
    }
    return {
      get open() {
        return connection.open
      },
      get identity() {
        return connection.identity
      },
      close: (reason, text) => connection.close(reason, text),
      send,
      sendAll: (frames) => frames.forEach(send),
    }
  }

  const tell = (connection: IrcConnection, to: string): Poster['send'] => {
    return (frame) => {
      const refused = refusalIn(frame)
      if (refused === undefined) return
      const { code, waitMs } = refused
      if (code === 'conversation.receiver_unknown')
        connection.send(reply(connection, 'noSuchNick', [to], 'There is nobody of that name'))
      else connection.send(notice(connection.face, connection.nick, code, wording(code, waitMs)))
    }
  }

  return {
    follow: (connection) => {
      const { identity } = connection
      if (!identity || !permits(identity.scopes, ['whispers:read'])) return
      const reader = readerOf(connection)
      readers.set(connection, reader)
      void lanes.follow(reader, { type: 'follow-whispers' }).catch(onError)
    },
    leave: (connection) => {
      const reader = readers.get(connection)
      if (reader) lanes.leave(reader)
    },
    say: async (connection, nick, text) => {
      const answer = tell(connection, nick)
      const id = uuidv7(now())
      try {
        const to = await names.channel(nick)
        if (to === undefined) answer({ type: 'outcome', id, status: 'rejected', code: 'conversation.receiver_unknown' })
        else
          whisper(
            { identity: connection.identity, address: connection.address, send: answer },
            { type: 'whisper', id, act: { kind: 'send', to, text } },
          )
      } catch (error) {
        onError(error)
        answer({ type: 'error', code: 'platform.unavailable', message: '', id })
      }
    },
  }
}
