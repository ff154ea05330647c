import { button, create } from '../dom.js'
import { createQueue } from '../queue.js'
import { drawEvidence } from './evidence.js'

const TIMEOUT_MS = 600_000

const categoryWords = {
  spam: 'Spam',
  harassment: 'Harassment',
  hate: 'Hate',
  sexual: 'Sexual content',
  violence: 'Violence',
  self_harm: 'Self-harm',
  other: 'Something else',
}

/** What viewers have reported. `names.text(id)` says who an account is; `me()` is who looks at it; `look(person)` shows what is known of somebody. */
export const createReports = ({ api, channelId, act, names, me, look, onCount }) =>
  createQueue({
    title: 'Reports',
    nothing: 'No report waits.',
    onCount,
    load: (position) => api.reports(channelId(), position),
    draw: ({ id, category, memberId, reporterId, messageId, words, moderatorId, messages }, doing) => {
      const close = (resolution, done) => act({ kind: 'close-report', report: id, resolution, act: done?.commandId })
      const messagesOf = messageId ? { messages: [messageId] } : {}
      /** What is done about it closes it as well. */
      const handling = (asked) => async () => close('acted', await act(asked))
      const claim = (isMine) => () => act({ kind: 'claim-report', report: id, claim: isMine })
      const isMine = moderatorId === me()?.id
      return [
        create('p', {}, create('strong', {}, categoryWords[category]), ': ', names.text(memberId)),
        drawEvidence(messages),
        create('p', { class: 'explains' }, 'Reported by ', names.text(reporterId), words ? `: ${words}` : ''),
        ...(moderatorId ? [create('p', { class: 'explains' }, 'Taken on by ', names.text(moderatorId))] : []),
        ...(moderatorId === null ? [doing('Take on', claim(true))] : isMine ? [doing('Leave', claim(false))] : []),
        button('What is known of them', () => look({ id: memberId, name: names.text(memberId).data })),
        ...(messageId ? [doing('Delete message', handling({ kind: 'delete-message', message: messageId }))] : []),
        doing(
          'Time out for 10 minutes',
          handling({ kind: 'time-out', member: memberId, durationMs: TIMEOUT_MS, ...messagesOf }),
        ),
        doing('Ban', handling({ kind: 'ban', member: memberId, ...messagesOf })),
        doing('Handled', () => close('acted')),
        doing('Dismiss', () => close('dismissed')),
      ]
    },
  })
