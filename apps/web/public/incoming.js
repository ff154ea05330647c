import { reasonOf, waitingFor } from './reasons.js'

/** What the live connection to a channel tells, handed to the parts of the page: by the types of its frames. */
export const createIncoming = (room) => {
  const { lines, people, standing, notices, composer, history, happenings, isMe, role, desk, appeal } = room

  /** The word of welcome greets who comes, and nobody whose connection was lost. */
  const showText = ({ of, text, version }) => {
    if (of === 'rules') notices.rules(text, version)
    else if (lines.isEmpty()) lines.note(text)
  }

  const silenced =
    (sanction) =>
    ({ remainingMs } = {}) => {
      standing.refused(sanction, remainingMs)
      composer.show()
    }

  /** What a rejection asks of somebody before they write again, or shows of where they stand. */
  const asked = {
    'channel.rules_unaccepted': notices.askForRules,
    'channel.warned': () => notices.warned(),
    'channel.banned': silenced('ban'),
    'channel.timed_out': silenced('timeout'),
  }

  const personal = {
    marked: ({ mark, reason }) => {
      if (mark === 'warning') notices.warned(reason)
    },
    'mark-ended': ({ mark }) => {
      if (mark === 'warning') notices.drop('warning')
    },
    'not-posted': ({ messageId, cause }) =>
      lines.rejected(messageId, cause === 'denied' ? 'The moderators did not let it through.' : 'No moderator saw it.'),
    'appeal-answered': appeal.answered,
  }

  return {
    joined: (frame) => {
      lines.hush()
      role.set(frame.role)
      desk.joined(frame)
      standing.noModes()
      for (const { mode, value } of frame.settings.modes) standing.mode(mode, value)
      standing.timedOut(frame.timeouts.find(({ member }) => isMe(member))?.until ?? 0)
      standing.banned(frame.ban ? frame.ban.until : 0)
      standing.closed(frame.closed === true)
      happenings.settings(frame.settings)
      notices.pin(frame.pin ?? null)
      notices.poll(frame.poll)
      frame.texts.forEach(showText)
      if (lines.isEmpty()) history.startsAt(frame.next > 2 ? frame.next : null)
    },
    event: happenings.happened,
    gap: ({ cause }) => {
      // What lies in the gap is read over HTTP, from its end back.
      history.readAgain()
      if (cause === 'epoch') lines.note('The chat has begun anew.')
    },
    presence: people.update,
    erased: (frame) => happenings.hide(({ author }) => author.id === frame.account),
    poll: notices.votes,
    moderation: desk.happened,
    personal: ({ event }) => personal[event.kind]?.(event),
    outcome: ({ id, status, code, detail, held, kind }) => {
      if (held) lines.held(id, waitingFor(kind))
      if (status !== 'rejected') return
      lines.rejected(id, reasonOf(code, detail))
      asked[code]?.(detail)
    },
  }
}
