import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import type { DrillClient } from './client.ts'
import { settle } from './load.ts'

test('clients that all lack what a sender was told of are waited for, and not cut off', async () => {
  let shown = 4
  const closed: number[] = []
  const client = (acknowledgedSeq: number): DrillClient => ({
    post: () => {},
    unanswered: () => 0,
    acknowledged: () => [],
    rejected: () => new Map(),
    seen: () => ({ channel: '7', numbers: [], messages: [], gaps: [] }),
    joined: () => true,
    present: () => true,
    lastSeq: () => shown,
    acknowledgedSeq: () => acknowledgedSeq,
    reconnects: () => 0,
    close: () => closed.push(shown),
  })
  const talker = client(6)
  const settled = settle({ clients: [talker, client(0)], talkers: [talker] })
  await turn()
  assert.deepEqual(closed, [])
  shown = 6
  await settled
  assert.deepEqual(closed, [6, 6])
})
