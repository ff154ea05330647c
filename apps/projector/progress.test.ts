import assert from 'node:assert/strict'
import { test } from 'node:test'
import { progressLine, showProgress } from './progress.ts'

test('progress tells the stage, a bar, the share, the counts and the rate', () => {
  assert.equal(
    progressLine({ stage: 'reading', done: 500, total: 1000 }, 250),
    'reading   ███████████████░░░░░░░░░░░░░░░  50 %  500/1000  2000/s',
  )
})

test('a terminal sees one line for each stage, and the last state of it', () => {
  let text = ''
  const show = showProgress({
    isTTY: true,
    write: (more: string | Uint8Array) => {
      text += more
      return true
    },
  })
  for (const done of [1, 2, 3, 10]) show({ stage: 'reading', done, total: 10 })
  show({ stage: 'comparing', done: 1, total: 1 })
  assert.deepEqual(
    text.split('\n').map((line) => line.split('\r').length - 1),
    [2, 1],
  )
  assert.match(text, /10\/10/)
})
