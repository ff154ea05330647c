import { onSubmit } from './account/form.js'
import { wordsOf } from './reasons.js'

const answerWords = {
  upheld: 'The moderators have looked at your appeal: it stays as it is.',
  lifted: 'The moderators have looked at your appeal: you may write again.',
  shortened: 'The moderators have looked at your appeal: it is over sooner.',
}

/**
 * The dialog in which whoever is banned or timed out asks the moderators to look again. `sanction()` is which of the two;
 * `act(act)` does it, `tell(words)` says what came of it. `elements`: dialog, open (button), form, problem.
 */
export const createAppeal = ({ elements, sanction, act, tell }) => {
  const { dialog, open, form, problem } = elements

  open.addEventListener('click', () => {
    problem.hidden = true
    dialog.showModal()
  })
  onSubmit(
    form,
    problem,
    async (data) => {
      await act({ kind: 'appeal', sanction: sanction(), text: data.get('appeal').trim() })
      dialog.close()
      tell('Your appeal waits for the moderators.')
    },
    wordsOf,
  )

  return {
    answered: ({ answer, reason }) => tell([answerWords[answer], reason].filter(Boolean).join(' ')),
  }
}
