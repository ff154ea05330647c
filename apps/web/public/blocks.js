import { answeredIn } from './answers.js'
import { create } from './dom.js'
import { createQueue } from './queue.js'

/**
 * Whom whoever looks at the page blocks, as the lane of their whispers tells: what they write is not shown, nor what
 * answers them. `onBlock()` and `onUnblock()`: lines are to be taken away, or to be read again. `place` holds the list.
 */
export const createBlocks = ({ api, place, onBlock, onUnblock }) => {
  let blocked = new Set()

  const list = createQueue({
    title: 'Blocked',
    nothing: 'You block nobody.',
    load: async (position) => (await api.blocks(position)).blocks,
    draw: ({ id, handle }, doing) => [
      create('strong', {}, handle ?? `account ${id}`),
      ' ',
      doing('Unblock', () => api.unblock(id)),
    ],
  })
  place.append(list.element)
  list.element.addEventListener('toggle', () => {
    if (list.element.open) list.refresh()
  })

  const set = (next) => {
    const isLess = [...blocked].some((id) => !next.has(id))
    const isMore = next.size > 0
    blocked = next
    if (isMore) onBlock()
    if (isLess) onUnblock()
    if (list.element.open) list.refresh()
  }

  return {
    isHidden: (line) => blocked.has(line.author.id) || blocked.has(answeredIn(line)),
    /** All of them, by their ids. */
    are: (ids) => set(new Set(ids)),
    added: (id) => set(new Set([...blocked, id])),
    removed: (id) => set(new Set([...blocked].filter((each) => each !== id))),
  }
}
