import { button, create } from './dom.js'
import { wordsOf } from './reasons.js'

/** So many entries are shown at first, and so many more each time that somebody asks for them. */
const STEP = 100

/**
 * A list under a heading with its count. `load(position, most)` reads its entries, each with an `id`, as of a position where
 * one is known: all of them, or { entries, more }, the first `most` and whether there are more. `draw(entry, doing)` gives the children of one, and `doing(words, work, attributes)` is a button for it: what
 * it has done is read back by the position that `work()` resolves with. `onCount(count)` is told how many there are.
 */
export const createQueue = ({ title, nothing, load, draw, onCount = () => {} }) => {
  const count = create('span', { class: 'count' })
  const heading = create('summary', {}, title, ' ', count)
  const list = create('ul', { class: 'waiting' })
  const none = create('p', { class: 'explains' }, nothing)
  const problem = create('p', { class: 'problem', role: 'alert' })
  const further = button('Show more', () => {
    most += STEP
    refresh()
  })
  const element = create('details', { class: 'queue' }, heading, problem, none, list, further)
  let most = STEP
  /** What is shown, by id: what is still the same keeps what was typed into it. */
  let shown = new Map()
  let reading = 0
  /** What was done here is in whatever is read after it. */
  let known

  const tell = (words) => {
    problem.textContent = words ?? ''
    problem.hidden = !words
  }

  const doingIn = (item) => (words, work, attributes) =>
    button(
      words,
      async () => {
        const buttons = item.querySelectorAll('button')
        for (const each of buttons) each.disabled = true
        tell()
        try {
          const { position } = await work()
          await read(position)
        } catch (error) {
          tell(wordsOf(error))
        } finally {
          for (const each of buttons) each.disabled = false
          // What had the focus may be gone with what it was about.
          if (!item.isConnected) heading.focus()
        }
      },
      attributes,
    )

  const itemOf = (entry) => {
    const as = JSON.stringify(entry)
    const known = shown.get(entry.id)
    if (known?.as === as) return known
    const item = create('li')
    item.append(...draw(entry, doingIn(item)))
    return { as, item }
  }

  const read = async (position) => {
    const mine = ++reading
    known = position ?? known
    const loaded = await load(known, most)
    if (mine !== reading) return
    const { entries, more } = Array.isArray(loaded) ? { entries: loaded, more: false } : loaded
    shown = new Map(entries.map((entry) => [entry.id, itemOf(entry)]))
    // What stays is not moved, or it would lose the focus.
    const items = [...shown.values()].map(({ item }) => item)
    for (const item of [...list.children]) if (!items.includes(item)) item.remove()
    for (const [index, item] of items.entries())
      if (list.children[index] !== item) list.insertBefore(item, list.children[index] ?? null)
    none.hidden = entries.length > 0
    further.hidden = !more
    count.textContent = entries.length === 0 ? '' : `${entries.length}${more ? '+' : ''}`
    onCount(entries.length)
  }

  const refresh = (position) =>
    read(position).then(
      () => tell(),
      (error) => {
        // It may be of a log that is no more.
        known = undefined
        tell(wordsOf(error))
      },
    )

  tell()
  further.hidden = true
  return {
    element,
    /** Reads it, as of a position where one is given, and says here where it could not be. */
    refresh,
    open: () => {
      element.open = true
    },
    /** Whoever looks at the page has nothing to do with it any more. */
    clear: () => {
      reading++
      known = undefined
      most = STEP
      further.hidden = true
      shown = new Map()
      list.replaceChildren()
      count.textContent = ''
      onCount(0)
    },
  }
}
