import { type Spoken, spokenText } from '#libs/protocols/irc/action.ts'
import type { Outgoing } from '#libs/protocols/irc/format.ts'
import type { Happening } from '../room.ts'
import type { Face } from './capabilities.ts'
import { notice, personSource, serverName } from './replies.ts'
import { changedTag } from './states.ts'

/** A channel as IRC names it. */
export type Place = { readonly id: string; readonly name: string }

/** The accounts whose nicknames are needed to show it. */
export const peopleIn = ({ event }: Happening): readonly string[] => {
  if (event.type === 'MessagePosted' || event.type === 'MessageDeleted' || event.type === 'MessageEdited')
    return [event.author]
  if (event.type === 'MessagesDeleted') return event.author === null ? [] : [event.author]
  if (event.type === 'SettingsChanged') return event.topic === null ? [] : [event.actor]
  return event.type === 'MemberTimedOut' || event.type === 'MemberBanned' ? [event.member] : []
}

type NickOf = (accountId: string) => string

const tagsFor = (face: Face, at: number, tags: Readonly<Record<string, string>>): Outgoing['tags'] => ({
  ...(face.time && { time: new Date(at).toISOString() }),
  ...(face.tags && { ...tags, 'tmi-sent-ts': String(at) }),
})

/** Pictures are not shown here, and of a message without words nothing else could be. */
const picturesOf = ({ attachments }: { readonly attachments: readonly string[] | null }): Spoken => {
  const count = attachments?.length ?? 0
  return { text: count === 1 ? 'shows a picture' : `shows ${count} pictures`, isAction: true }
}

const eventLine = (
  { event, at, commandId }: Happening,
  place: Place,
  face: Face,
  nickOf: NickOf,
): Outgoing | undefined => {
  const room = { 'room-id': place.id }
  const fromServer = { source: serverName(face), params: [place.name] }
  switch (event.type) {
    case 'MessagePosted':
      if (event.text === undefined || event.authorName === undefined) return undefined
      return {
        tags: tagsFor(face, at, { ...room, 'display-name': event.authorName, id: commandId, 'user-id': event.author }),
        source: personSource(nickOf(event.author)),
        command: 'PRIVMSG',
        params: [place.name],
        trailing: spokenText(
          event.text === '' ? picturesOf(event) : { text: event.text, isAction: event.form === 'action' },
        ),
      }
    case 'MessageDeleted':
      if (!face.commands) return undefined
      return {
        ...fromServer,
        tags: tagsFor(face, at, { ...room, login: nickOf(event.author), 'target-msg-id': event.messageId }),
        command: 'CLEARMSG',
        // The dialect has a place for the text here. It is gone, and is not told again.
        trailing: '',
      }
    case 'MemberTimedOut': {
      const seconds = Math.max(1, Math.ceil((event.until - at) / 1000))
      const nick = nickOf(event.member)
      if (!face.twitch)
        return {
          ...fromServer,
          tags: tagsFor(face, at, {}),
          command: 'NOTICE',
          trailing: `${nick} is timed out for ${seconds} s`,
        }
      if (!face.commands) return undefined
      return {
        ...fromServer,
        tags: tagsFor(face, at, { ...room, 'ban-duration': String(seconds), 'target-user-id': event.member }),
        command: 'CLEARCHAT',
        trailing: nick,
      }
    }
    case 'MemberBanned': {
      const nick = nickOf(event.member)
      if (!face.twitch)
        return { ...fromServer, tags: tagsFor(face, at, {}), command: 'NOTICE', trailing: `${nick} is banned` }
      if (!face.commands) return undefined
      const term: Readonly<Record<string, string>> =
        event.until === null ? {} : { 'ban-duration': String(Math.ceil((event.until - at) / 1000)) }
      return {
        ...fromServer,
        tags: tagsFor(face, at, { ...room, ...term, 'target-user-id': event.member }),
        command: 'CLEARCHAT',
        trailing: nick,
      }
    }
    case 'MessagesDeleted': {
      // The dialect clears a channel, or all of an author's; of many messages by name it knows nothing.
      if (!face.commands || event.messageSeqs !== null) return undefined
      if (event.author === null) return { ...fromServer, tags: tagsFor(face, at, room), command: 'CLEARCHAT' }
      return {
        ...fromServer,
        tags: tagsFor(face, at, { ...room, 'target-user-id': event.author, 'ban-duration': '1' }),
        command: 'CLEARCHAT',
        trailing: nickOf(event.author),
      }
    }
    case 'SettingsChanged':
      if (!face.twitch && typeof event.topic === 'string')
        return {
          tags: tagsFor(face, at, {}),
          source: personSource(nickOf(event.actor)),
          command: 'TOPIC',
          params: [place.name],
          trailing: event.topic,
        }
      if (!face.commands || event.slowModeSeconds === null) return undefined
      return {
        ...fromServer,
        tags: tagsFor(face, at, { ...room, slow: String(event.slowModeSeconds) }),
        command: 'ROOMSTATE',
      }
    case 'ModeChanged': {
      const changed = face.commands ? changedTag(event.mode, event.value) : undefined
      if (!changed) return undefined
      return { ...fromServer, tags: tagsFor(face, at, { ...room, ...changed }), command: 'ROOMSTATE' }
    }
    default:
      return undefined
  }
}

/**
 * IRC has no edits. Clients that can take a message away are told to, and then what it says now under the same id; to
 * others it is said once more, marked as what it is.
 */
const editLines = (
  { event, at }: Happening,
  place: Place,
  face: Face,
  nickOf: NickOf,
): readonly Outgoing[] | undefined => {
  if (event.type !== 'MessageEdited' || event.text === undefined) return undefined
  const { author, messageId, text } = event
  const nick = nickOf(author)
  const room = { 'room-id': place.id }
  const params = [place.name]
  const tags = tagsFor(face, at, { ...room, id: messageId, 'user-id': author })
  const again = { tags, source: personSource(nick), command: 'PRIVMSG', params }
  if (!face.commands) return [{ ...again, trailing: `${text} (edited)` }]
  const gone = tagsFor(face, at, { ...room, login: nick, 'target-msg-id': messageId })
  return [
    { source: serverName(face), tags: gone, command: 'CLEARMSG', params, trailing: '' },
    { ...again, trailing: text },
  ]
}

/** What members of this face are shown of it. */
export const shown = (happening: Happening, place: Place, face: Face, nickOf: NickOf): readonly Outgoing[] => {
  const missed = notice(face, place.name, 'platform.unavailable', 'Some of what was said here could not be shown')
  const line = eventLine(happening, place, face, nickOf)
  const lines = editLines(happening, place, face, nickOf) ?? (line ? [line] : [])
  return [...(happening.afterHole ? [missed] : []), ...lines]
}
