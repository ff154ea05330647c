import assert from 'node:assert/strict'
import { test } from 'node:test'
import { uuidv7 } from '#libs/journal/ids.ts'
import type { Evidence, EvidenceAsked } from './evidence.ts'
import { withLateOnes } from './late.ts'

const t0 = 1_800_000_000_000

/** A read model to which messages come one look after the other. */
const setUp = (looks: readonly (readonly string[])[]) => {
  let at = t0
  let count = 0
  const read = async () => {
    const ids = looks[Math.min(count++, looks.length - 1)] ?? []
    return ids.map((id): Evidence => ({ id, seq: 1, author: '7', name: 'Ada', text: 'x', at: t0, named: true }))
  }
  const wait = async (ms: number) => {
    at += ms
  }
  const look = async (asked: EvidenceAsked) => {
    const found = await withLateOnes(read, { now: () => at, wait })('500', asked)
    return { found: found.map(({ id }) => id), looks: count, waitedMs: at - t0 }
  }
  return look
}

test('a message that was posted a moment ago is waited for', async () => {
  const [one, other] = [uuidv7(t0 - 20), uuidv7(t0 - 30)]
  assert.deepEqual(await setUp([[one]])({ around: one }), { found: [one], looks: 1, waitedMs: 0 })
  assert.deepEqual(await setUp([[], [one]])({ around: one }), { found: [one], looks: 2, waitedMs: 50 })
  const both = { messages: [one, other] }
  assert.deepEqual(await setUp([[], [one], [one, other]])(both), { found: [one, other], looks: 3, waitedMs: 150 })
})

test('it is not waited for longer than a second, nor for what is gone or never was', async () => {
  const young = uuidv7(t0)
  assert.deepEqual(await setUp([[]])({ around: young }), { found: [], looks: 5, waitedMs: 1_000 })
  for (const asked of [{ around: uuidv7(t0 - 10_000) }, { around: 'x' }, { lastOf: '7' }])
    assert.deepEqual(await setUp([[]])(asked), { found: [], looks: 1, waitedMs: 0 })
})
