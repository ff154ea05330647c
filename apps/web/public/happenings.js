import { duration } from './reasons.js'

/** Restored messages are read once the read model has them as well: it may be a moment behind what is told live. */
const RESTORED_MS = 1000

/**
 * What a channel tells everybody, on the page: `happened(frame)` by the kind of its event; one that is not known is left
 * out. `hide(isMeant)` takes lines away, and the pin with them.
 */
export const createHappenings = (room) => {
  const { lines, people, standing, notices, composer, reply, history, isMe, role, desk, emotes, topic } = room

  const hide = (isMeant) => {
    notices.unpin((id) => isMeant(lines.get(id) ?? { id, author: {} }))
    lines.removeWhere(isMeant)
    reply.removeWhere(isMeant)
  }

  /** Somebody may not write for a while, or may again: said to all, and kept where it is whoever looks at the page. */
  const silenced = (member, words, keep) => {
    lines.note(`${people.nameOf(member)} ${words}.`)
    if (isMe(member)) keep()
    composer.show()
  }

  const set = (change) => {
    change()
    composer.show()
  }

  const settings = ({ topic: words, slowModeSeconds }) =>
    set(() => {
      if (words !== undefined) {
        topic.textContent = words ?? ''
        topic.hidden = !words
      }
      if (slowModeSeconds !== undefined) standing.mode('slow', slowModeSeconds)
    })

  const kinds = {
    message: ({ seq, at, event: { kind, ...message } }) => {
      people.remember(message.author)
      lines.message({ ...message, seq, at })
    },
    'message-edited': ({ event: { messageId, text, entities } }) => lines.edited(messageId, text, entities),
    'message-deleted': ({ event: { messageId } }) => hide(({ id }) => id === messageId),
    'messages-deleted': ({ seq: before, event: { author, messageSeqs } }) => {
      const meant = messageSeqs && new Set(messageSeqs)
      hide(
        (line) => (author === null || line.author.id === author) && (meant ? meant.has(line.seq) : line.seq < before),
      )
    },
    'messages-restored': () => setTimeout(history.readAgain, RESTORED_MS),
    timeout: ({ at, event: { member, until } }) => {
      silenced(member, `was timed out for ${duration(until - at)}`, () => standing.timedOut(until))
      desk.timedOut(member, until)
    },
    'timeout-ended': ({ event: { member } }) => {
      silenced(member, 'may write again', () => standing.timedOut(0))
      desk.timedOut(member, 0)
    },
    ban: ({ at, event: { member, until } }) => {
      const term = until === null ? '' : ` for ${duration(until - at)}`
      silenced(member, `was banned${term}`, () => standing.banned(until))
      desk.banned()
    },
    'ban-ended': ({ event: { member } }) => {
      silenced(member, 'may write again', () => standing.banned(0))
      desk.banned()
    },
    'emote-added': emotes.changed,
    'emote-changed': emotes.changed,
    'emote-removed': emotes.changed,
    settings: ({ event }) => settings(event),
    mode: ({ event: { mode, value } }) => set(() => standing.mode(mode, value)),
    'channel-closed': () => set(() => standing.closed(true)),
    'channel-reopened': () => set(() => standing.closed(false)),
    pin: ({ event }) => notices.pin(event.message),
    text: ({ event: { of, text, version } }) => {
      if (of === 'rules') notices.rules(text, version)
    },
    'poll-started': ({ event }) => notices.poll(event),
    'poll-ended': ({ event }) => {
      const words = notices.pollEnded(event)
      if (words) lines.note(words)
    },
    role: ({ event }) => {
      if (isMe(event.member)) role.given(event.role)
    },
  }

  return { hide, settings, happened: (frame) => kinds[frame.event.kind]?.(frame) }
}
