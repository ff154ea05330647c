import { create } from '../dom.js'
import { createQueue } from '../queue.js'
import { drawEvidence } from './evidence.js'

const DAY_MS = 86_400_000

const answers = {
  upheld: { words: 'It stays as it is' },
  lifted: { words: 'It is lifted' },
  shortened: { words: 'It is over in a day', durationMs: DAY_MS },
}

const answerChoice = (id) =>
  create('select', { id }, ...Object.entries(answers).map(([value, { words }]) => create('option', { value }, words)))

/** Who asks the moderators to look again at a ban or a timeout. */
export const createAppeals = ({ api, channelId, act, names, onCount }) =>
  createQueue({
    title: 'Appeals',
    nothing: 'No appeal waits.',
    onCount,
    load: (position) => api.appeals(channelId(), position),
    draw: ({ id, sanction, text, appellantId, act: done, messages }, doing) => {
      const choice = answerChoice(`answer-${id}`)
      const reason = create('input', { maxlength: '512', placeholder: 'Why', 'aria-label': 'Why: they read it' })
      const answer = () => {
        const { durationMs } = answers[choice.value]
        return act({
          kind: 'answer-appeal',
          appeal: id,
          answer: choice.value,
          durationMs,
          reason: reason.value.trim() || undefined,
        })
      }
      return [
        create('p', {}, create('strong', {}, names.text(appellantId)), `, of a ${sanction}: ${text ?? '…'}`),
        create(
          'p',
          { class: 'explains' },
          ...(done ? ['Done by ', names.text(done.actorId), done.reason ? `: ${done.reason}` : ''] : []),
        ),
        drawEvidence(messages),
        create('label', { for: choice.id }, 'The answer'),
        choice,
        reason,
        doing('Answer', answer),
      ]
    },
  })
