import assert from 'node:assert/strict'
import { test } from 'node:test'
import { uuidv7 } from '#libs/journal/ids.ts'
import { createLiveStream } from './live-stream.ts'

const t0 = 1_800_000_000_000

/** When time 0 of a broadcast's media is, for an ingest app that opens it then. */
const epochOf = (broadcastId: string, openedMs: number): number => {
  const stream = createLiveStream({ broadcastId, nowMs: () => openedMs, keptSeconds: 30 })
  let epochMs = Number.NaN
  stream.setLadder((options) => {
    epochMs = options.epochMs
    return { take: () => {}, restart: () => {}, renditions: () => [], end: () => {} }
  })
  stream.end()
  return epochMs
}

test('a broadcast has one clock, whichever ingest app takes it in, and whenever', () => {
  const broadcastId = uuidv7(t0)
  for (const openedMs of [t0, t0 + 5, t0 + 3_600_000]) assert.equal(epochOf(broadcastId, openedMs), t0)
})

test('an ingest app whose clock is behind begins at 0, not before', () => {
  assert.equal(epochOf(uuidv7(t0), t0 - 2_000), t0 - 2_000)
})
