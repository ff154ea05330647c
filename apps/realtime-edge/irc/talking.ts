import { uuidv7 } from '#libs/journal/ids.ts'
import { postedText, type Spoken } from '#libs/protocols/irc/action.ts'
import type { IrcMessage } from '#libs/protocols/irc/message.ts'
import type { ClientFrame } from '#libs/protocols/native/client-frames.ts'
import { edgeErrors } from '../errors.ts'
import type { Poster } from '../posting.ts'
import { channelPattern, handlePattern } from './bounds.ts'
import type { IrcConnection } from './connection.ts'
import type { Names } from './people.ts'
import { notice, reply } from './replies.ts'
import type { IrcWhispers } from './whispers.ts'
import { refusalIn, wording } from './wording.ts'

export type TalkingOptions = {
  readonly names: Pick<Names, 'channel'>
  readonly post: (poster: Poster, frame: ClientFrame & { type: 'post' }) => void
  readonly whispers: Pick<IrcWhispers, 'say'>
  readonly onError: (error: unknown) => void
  readonly now: () => number
}

/** How clients of the twitch.tv dialect whisper: in whatever channel, which is not told. */
const whisperPattern = /^\/w(?:hisper)? @?(\w{3,25}) (.+)$/

/** PRIVMSG: a post like any other; what is refused comes back as a NOTICE in the channel. */
export const createTalking = ({ names, post, whispers, onError, now }: TalkingOptions) => {
  const tell = (connection: IrcConnection, name: string): Poster['send'] => {
    const say = (code: string, waitMs?: unknown) =>
      connection.send(notice(connection.face, name, code, wording(code, waitMs)))
    return (frame) => {
      const refused = refusalIn(frame)
      if (refused) say(refused.code, refused.waitMs)
      else if (frame.type === 'outcome' && frame.status === 'pending')
        connection.send(notice(connection.face, name, 'command.pending', 'It is not known yet whether this was posted'))
    }
  }

  const postTo = (connection: IrcConnection, name: string, channel: string, { text, isAction }: Spoken): void => {
    const id = uuidv7(now())
    connection.shown(id)
    post(
      { identity: connection.identity, address: connection.address, send: tell(connection, name) },
      { type: 'post', id, channel, text, ...(isAction && { form: 'action' as const }) },
    )
  }

  const lookUp = async (connection: IrcConnection, name: string, spoken: Spoken): Promise<void> => {
    const channel = await names.channel(name.slice(1)).catch((error: unknown) => {
      onError(error)
      return null
    })
    if (typeof channel === 'string') postTo(connection, name, channel, spoken)
    else {
      const code = channel === null ? 'platform.unavailable' : 'live.channel_not_found'
      connection.send(notice(connection.face, name, code, wording(code, undefined)))
    }
  }

  return (connection: IrcConnection, { params: [target = '', said = ''] }: IrcMessage): Promise<void> | undefined => {
    const name = target.toLowerCase()
    if (target === '') connection.send(reply(connection, 'noRecipient', [], 'PRIVMSG needs a recipient'))
    else if (said === '') connection.send(reply(connection, 'noTextToSend', [], 'No text to send'))
    else if (target.includes(',')) connection.send(reply(connection, 'tooManyTargets', ['*'], 'One channel at a time'))
    else if (!target.startsWith('#')) {
      if (handlePattern.test(target)) return whispers.say(connection, name, said)
      connection.send(reply(connection, 'noSuchNick', ['*'], 'There is nobody of that name'))
    } else if (!channelPattern.test(name))
      connection.send(reply(connection, 'noSuchChannel', ['*'], edgeErrors['live.channel_not_found'].title))
    else {
      const [, nick, whispered] = whisperPattern.exec(said) ?? []
      if (nick !== undefined && whispered !== undefined) return whispers.say(connection, nick.toLowerCase(), whispered)
      const spoken = postedText(said)
      // A command that nobody knows is not said aloud: it may hold what was meant for moderators alone.
      if (spoken === undefined || (!spoken.isAction && spoken.text.startsWith('/')))
        connection.send(notice(connection.face, name, 'unrecognized_cmd', 'There is no such command'))
      else {
        const membership = connection.memberships.get(name)
        if (!membership) return lookUp(connection, name, spoken)
        postTo(connection, name, membership.room.channel, spoken)
      }
    }
    return undefined
  }
}
