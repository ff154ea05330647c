import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createHistory } from './public/history.js'

const message = (seq) => ({ id: `m${seq}`, seq, author: { id: 'a', name: 'ann' } })

/** A history whose read model answers with one page after the other, the last one again and again. */
const historyOf = ({ pages, told }) => {
  const shown = []
  let asked = 0
  const lines = { newest: () => told, clear: () => shown.splice(0), prepend: (older) => shown.unshift(...older) }
  const api = { messages: async () => pages[Math.min(asked++, pages.length - 1)] }
  const history = createHistory({
    api,
    channelId: () => 'c',
    lines,
    people: { remember: () => {} },
    button: new EventTarget(),
    onError: assert.fail,
  })
  return { history, shown, asked: () => asked }
}

const pageTo = (...seqs) => ({ messages: seqs.map(message), before: null })

const settled = async (isSo) => {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 10))
}

test('what was told live is there when all is read anew, though the read model comes behind', async () => {
  const { history, shown } = historyOf({ told: 3, pages: [pageTo(1, 2), pageTo(1, 2, 3)] })
  history.readAgain()
  await settled(() => shown.length > 0)
  assert.deepEqual(
    shown.map(({ seq }) => seq),
    [1, 2, 3],
  )
})

test('where the latest of it is deleted, the rest is shown after a while', async () => {
  const { history, shown, asked } = historyOf({ told: 3, pages: [pageTo(1, 2)] })
  history.readAgain()
  await settled(() => shown.length > 0)
  assert.equal(asked(), 6)
})
