const PAGE = 200

/** The chat is read back so far at once, by numbers, to a line that is looked for. */
const FAR = 2000

/** What was said before the page was opened, read back a page at a time. `onError()`: it could not be. */
export const createHistory = ({ api, channelId, lines, people, button, onError }) => {
  /** Where the next page ends; null where there is nothing before what is shown. */
  let before = null

  const startsAt = (seq) => {
    before = seq
    button.hidden = seq === null
  }

  const load = async (from, limit) => {
    const page = await api.messages(channelId(), from, limit)
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
    /** Reads back to this number. @returns false, and reads nothing, where that is too far */
    backTo: async (seq) => {
      if (before !== null && before - seq > FAR) return false
      while (before !== null && before > seq) await load(before, PAGE)
      return true
    },
    /** All that is shown is read anew. */
    readAgain: () => {
      lines.clear()
      load().catch(onError)
    },
  }
}
