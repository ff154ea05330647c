/** What was said before the page was opened, read back a page at a time. `onError()`: it could not be. */
export const createHistory = ({ api, channelId, lines, people, button, onError }) => {
  /** Where the next page ends; null where there is nothing before what is shown. */
  let before = null

  const startsAt = (seq) => {
    before = seq
    button.hidden = seq === null
  }

  const load = async (from) => {
    const page = await api.messages(channelId(), from)
    for (const { author } of page.messages) people.remember(author)
    lines.prepend(page.messages)
    startsAt(page.before)
  }

  button.addEventListener('click', () => {
    button.disabled = true
    load(before)
      .catch(onError)
      .finally(() => {
        button.disabled = false
      })
  })

  return {
    /** What lies before this number is not shown; null: there is nothing. */
    startsAt,
    /** All that is shown is read anew. */
    readAgain: () => {
      lines.clear()
      load().catch(onError)
    },
  }
}
