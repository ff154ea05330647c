import { wait } from './wait.js'

const PAGE = 200

/** The chat is read back so far at once, by numbers, to a line that is looked for. */
const FAR = 2000

/** The read model is a moment behind what is told live: it is asked so often, so far apart, until it has all of that. */
const ASKED_AGAIN = 5
const APART_MS = 250

/** What was said before the page was opened, read back a page at a time. `onError()`: it could not be. */
export const createHistory = ({ api, channelId, lines, people, button, onError }) => {
  /** Where the next page ends; null where there is nothing before what is shown. */
  let before = null

  const startsAt = (seq) => {
    before = seq
    button.hidden = seq === null
  }

  const show = (page) => {
    for (const { author } of page.messages) people.remember(author)
    lines.prepend(page.messages)
    startsAt(page.before)
  }

  const load = async (from, limit) => show(await api.messages(channelId(), from, limit))

  /** The newest page, which ends with this number at least, unless what has it is deleted. */
  const newestWith = async (seq) => {
    for (let again = 0; ; again++) {
      const page = await api.messages(channelId())
      if (again === ASKED_AGAIN || (page.messages.at(-1)?.seq ?? 0) >= seq) return page
      await wait(APART_MS)
    }
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
      const told = lines.newest()
      lines.clear()
      newestWith(told).then(show).catch(onError)
    },
  }
}
