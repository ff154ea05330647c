import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { BroadcastEvent } from '#libs/broadcast/events.ts'
import { untrueIn } from './check.ts'

const broadcastId = 'b1'
const session = { broadcastId, sessionId: 's', origin: 'o', leaseUntil: 1 } as const
const started: BroadcastEvent = { type: 'BroadcastStarted', ...session, keyId: 'k', graceMs: 1 }
const recording: BroadcastEvent = {
  type: 'RecordingStarted',
  broadcastId,
  visibility: 'public',
  audience: 'everybody',
  quotaBytes: null,
  retentionDays: null,
  clipRetentionDays: null,
}
const interrupted: BroadcastEvent = { type: 'BroadcastInterrupted', broadcastId, cause: 'closed', graceUntil: 2 }
const resumed: BroadcastEvent = { type: 'BroadcastResumed', ...session }
const reported = (take: string, segments: number): BroadcastEvent => ({
  type: 'RecordingReported',
  broadcastId,
  take,
  segments,
  bytes: segments * 10,
  durationMs: segments * 2_000,
  lostMs: 0,
})
const ended: BroadcastEvent = {
  type: 'BroadcastEnded',
  broadcastId,
  reason: 'unpublished',
  actor: null,
  restUntil: null,
}
const finished: BroadcastEvent = { type: 'RecordingFinished', broadcastId, cause: 'whole' }
const sums = { segments: 5, bytes: 50, durationMs: 10_000 }
const sealed: BroadcastEvent = { type: 'RecordingSealed', broadcastId, ...sums }
const told = [
  started,
  recording,
  reported('t1', 1),
  interrupted,
  resumed,
  reported('t2', 3),
  ended,
  reported('t2', 4),
  finished,
  sealed,
]
const stored = new Map([[broadcastId, sums]])

test('a journal that agrees with itself and with what is stored is true', () => {
  assert.deepEqual(untrueIn(told, stored), [])
})

const without = (event: BroadcastEvent) => told.filter((each) => each !== event)
const lies: Readonly<Record<string, readonly BroadcastEvent[]>> = {
  'a beginning that is missing': without(started),
  'an interruption that is missing': without(interrupted),
  'a return that nobody told of': without(resumed).toSpliced(4, 0, interrupted),
  'a second end': [...told, ended],
  'a second beginning': told.toSpliced(4, 0, { ...started, broadcastId: 'b2' }),
  'sums that shrink': told.toSpliced(8, 0, reported('t2', 2)),
  'a report behind the end of a recording': [...told.slice(0, 9), reported('t2', 5), sealed],
  'a seal on what is not finished': without(finished),
  'a recording that was never begun': without(recording),
  'another sum than what is stored': [...without(sealed), { ...sealed, bytes: 49 } as BroadcastEvent],
}
for (const [lie, events] of Object.entries(lies))
  test(`${lie} is found`, () => assert.notDeepEqual(untrueIn(events, stored), []))

test('what is sealed and not there, or there and not sealed, is found', () => {
  assert.equal(untrueIn(told, new Map()).length, 1)
  assert.equal(untrueIn(without(sealed), stored).length, 1)
})
