/**
 * A form whose `work(FormData)` may fail: its button waits, and `problem` says why it failed. Done, the form is empty again.
 * What `wordsFor(error)` says goes before the server's words.
 */
export const onSubmit = (form, problem, work, wordsFor = () => undefined) => {
  form.addEventListener('submit', async (event) => {
    event.preventDefault()
    problem.hidden = true
    const button = form.querySelector('[type=submit]')
    button.disabled = true
    try {
      await work(new FormData(form))
      form.reset()
    } catch (error) {
      tell(problem, wordsFor(error) ?? error.message)
    } finally {
      button.disabled = false
    }
  })
}

/** The same for a button of its own. */
export const onPress = (button, problem, work) => {
  button.addEventListener('click', async () => {
    problem.hidden = true
    button.disabled = true
    try {
      await work()
    } catch (error) {
      tell(problem, error.message)
    } finally {
      button.disabled = false
    }
  })
}

/** Shows words, or takes them away where there are none. */
export const tell = (problem, words) => {
  problem.textContent = words ?? ''
  problem.hidden = !words
}
