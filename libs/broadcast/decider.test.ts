import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { t0 } from '#libs/testing/specification.ts'
import { asBroadcaster, asClock, asModerator, broadcaster, given, issued, moderator } from './broadcast.fixtures.ts'
import { restMs } from './decide.ts'
import { broadcastDecider } from './decider.ts'
import type { BroadcastDraft } from './events.ts'
import { maxLabelLength } from './rules/info.ts'
import { maxKeys } from './rules/keys.ts'
import { initial } from './state.ts'

const origin = 'http://127.0.0.1:8082'
const leaseMs = 15_000
const graceMs = 60_000
const start = {
  type: 'StartBroadcast',
  broadcastId: 'b2',
  sessionId: 's2',
  keyId: 'k1',
  origin,
  leaseMs,
  graceMs,
  takesOver: false,
  quotaBytes: null,
  retentionDays: 30,
  clipRetentionDays: null,
} as const

const started: BroadcastDraft = {
  type: 'BroadcastStarted',
  broadcastId: 'b1',
  sessionId: 's1',
  keyId: 'k1',
  origin,
  leaseUntil: t0 + leaseMs,
  graceMs,
}
const recorded: BroadcastDraft = {
  type: 'RecordingStarted',
  broadcastId: 'b2',
  visibility: 'public',
  audience: 'everybody',
  quotaBytes: null,
  retentionDays: 30,
  clipRetentionDays: null,
}
const interrupted: BroadcastDraft = {
  type: 'BroadcastInterrupted',
  broadcastId: 'b1',
  cause: 'closed',
  graceUntil: t0 + graceMs,
}
const ended = (reason: 'unpublished' | 'grace_over' | 'stopped' | 'key_revoked' | 'replaced'): BroadcastDraft => ({
  type: 'BroadcastEnded',
  broadcastId: 'b1',
  reason,
  actor: null,
  restUntil: null,
})

const live = [issued('k1'), issued('k2'), started]

describe('stream keys', () => {
  const issue = { type: 'IssueStreamKey', keyId: 'k1', expiresAt: null, label: null, purpose: 'live' } as const

  test('are issued by the broadcaster, up to a number', () => {
    given([])
      .when(issue, asBroadcaster)
      .then([issued('k1')])
    given([]).when(issue, asModerator).thenRejected({ code: 'broadcast.forbidden', action: 'manage_stream_keys' })
    given([]).when(issue).thenRejected({ code: 'broadcast.forbidden', action: 'manage_stream_keys' })
    given([issued('k1')])
      .when(issue, asBroadcaster)
      .thenRejected({ code: 'broadcast.key_exists' })
    given([])
      .when({ ...issue, expiresAt: t0 }, asBroadcaster)
      .thenRejected({ code: 'broadcast.expiry_invalid' })
    given([])
      .when({ ...issue, label: 'l'.repeat(maxLabelLength + 1) }, asBroadcaster)
      .thenRejected({ code: 'broadcast.text_too_long', field: 'label', max: maxLabelLength })
    given([])
      .when({ ...issue, label: 'two\nlines' }, asBroadcaster)
      .thenRejected({ code: 'broadcast.text_invalid', field: 'label' })
    given([])
      .when({ ...issue, label: 'The studio', purpose: 'test' }, asBroadcaster)
      .then([{ ...issued('k1', null, 'test'), label: 'The studio' } as BroadcastDraft])
    given(Array.from({ length: maxKeys }, (_, index) => issued(`old-${index}`)))
      .when(issue, asBroadcaster)
      .thenRejected({ code: 'broadcast.too_many_keys', max: maxKeys })
  })

  test('are revoked, and a broadcast by them ends', () => {
    const revoke = { type: 'RevokeStreamKey', keyId: 'k1' } as const
    const revoked: BroadcastDraft = { type: 'StreamKeyRevoked', actor: broadcaster, keyId: 'k1' }
    given([]).when(revoke, asBroadcaster).thenRejected({ code: 'broadcast.key_unknown' })
    given([issued('k1')])
      .when(revoke, asBroadcaster)
      .then([revoked])
    given(live)
      .when(revoke, asBroadcaster)
      .then([revoked, { ...ended('key_revoked'), actor: broadcaster } as BroadcastDraft])
    given(live)
      .when({ type: 'RevokeStreamKey', keyId: 'k2' }, asBroadcaster)
      .then([{ type: 'StreamKeyRevoked', actor: broadcaster, keyId: 'k2' }])
  })
})

describe('stream keys are given another secret', () => {
  const rotate = { type: 'RotateStreamKey', keyId: 'k1' } as const
  const rotated: BroadcastDraft = { type: 'StreamKeyRotated', actor: broadcaster, keyId: 'k1' }

  test('by the broadcaster alone, and a broadcast by them goes on', () => {
    given([]).when(rotate, asBroadcaster).thenRejected({ code: 'broadcast.key_unknown' })
    given([issued('k1')])
      .when(rotate, asModerator)
      .thenRejected({ code: 'broadcast.forbidden', action: 'manage_stream_keys' })
    given(live).when(rotate, asBroadcaster).then([rotated])
  })
})

describe('an encoder', () => {
  const from = { addressHash: 'a', networkHash: 'n' } as const
  const admit = {
    type: 'AdmitEncoder',
    sessionId: 's2',
    keyId: 'k1',
    ownerId: broadcaster,
    takesOver: false,
    ...from,
  } as const
  const admitted: BroadcastDraft = {
    type: 'EncoderAdmitted',
    keyId: 'k1',
    sessionId: 's2',
    ownerId: broadcaster,
    ...from,
  } as BroadcastDraft

  test('is let in by a key that is good, where none is live, and nothing begins by that', () => {
    given([issued('k1')])
      .when(admit)
      .then([admitted], { isTest: false })
    given([issued('k1'), { ...admitted, sessionId: 's1' } as BroadcastDraft])
      .when(admit)
      .then([admitted], { isTest: false })
    given([]).when(admit).thenRejected({ code: 'broadcast.key_unknown' })
    given([issued('k1', t0)])
      .when(admit)
      .thenRejected({ code: 'broadcast.key_expired' })
    given(live).when(admit).thenRejected({ code: 'broadcast.live_already' })
    given(live)
      .when({ ...admit, takesOver: true })
      .then([admitted])
    given([...live, { ...ended('stopped'), restUntil: t0 + 1_000 } as BroadcastDraft])
      .when(admit)
      .thenRejected({ code: 'broadcast.resting', remainingMs: 1_000 })
    given([issued('k1')])
      .when(admit, asBroadcaster)
      .thenRejected({ code: 'broadcast.forbidden', action: 'answer_for_encoders' })
  })

  test('is tried out by a key for tests, where another key could be used too, and begins no broadcast', () => {
    const tested: BroadcastDraft = { type: 'EncoderTested', keyId: 'k1', sessionId: 's2' }
    given([issued('k1', null, 'test')])
      .when(admit)
      .then([admitted, tested], { isTest: true })
    given([issued('k1', null, 'test')])
      .when(start)
      .thenRejected({ code: 'broadcast.key_unknown' })
    given([issued('k1', null, 'test'), issued('k2'), { ...started, keyId: 'k2' } as BroadcastDraft])
      .when(admit)
      .thenRejected({ code: 'broadcast.live_already' })
  })
})

describe('a broadcast', () => {
  test('starts by a key that is good, where none is live', () => {
    given([issued('k1')])
      .when(start)
      .then([{ ...started, broadcastId: 'b2', sessionId: 's2' } as BroadcastDraft, recorded], {
        broadcastId: 'b2',
        resumed: false,
        recorded: true,
      })
    given([issued('k1')])
      .when(start, asBroadcaster)
      .thenRejected({ code: 'broadcast.forbidden', action: 'answer_for_encoders' })
    given([]).when(start).thenRejected({ code: 'broadcast.key_unknown' })
    given([issued('k1', t0)])
      .when(start)
      .thenRejected({ code: 'broadcast.key_expired' })
    given(live).when(start).thenRejected({ code: 'broadcast.live_already' })
    given([issued('k1')])
      .when({ ...start, leaseMs: 10 })
      .thenRejected({ code: 'broadcast.term_out_of_range', minMs: 1_000, maxMs: 120_000 })
  })

  test('goes on when the same key returns in time, and is replaced by another', () => {
    const resumed = { type: 'BroadcastResumed', broadcastId: 'b1', sessionId: 's2', origin, leaseUntil: t0 + leaseMs }
    given([...live, interrupted])
      .when(start)
      .then([resumed as BroadcastDraft], { broadcastId: 'b1', resumed: true, recorded: false })
    given([...live, interrupted])
      .when({ ...start, keyId: 'k2' })
      .then([
        ended('replaced'),
        { ...started, broadcastId: 'b2', sessionId: 's2', keyId: 'k2' } as BroadcastDraft,
        recorded,
      ])
  })

  test('ends when its encoder says so, and is interrupted when it is lost', () => {
    const end = { type: 'EndSession', sessionId: 's1' } as const
    given(live)
      .when({ ...end, cause: 'unpublished' })
      .then([ended('unpublished')])
    given(live)
      .when({ ...end, cause: 'closed' })
      .then([interrupted])
    given(live)
      .when({ ...end, sessionId: 's0', cause: 'closed' })
      .thenRejected({ code: 'broadcast.session_over' })
  })

  test('ends at once by a goodbye that comes late, as long as nobody has come back', () => {
    const end = { type: 'EndSession', sessionId: 's1', cause: 'unpublished' } as const
    given([...live, interrupted])
      .when(end)
      .then([ended('unpublished')])
    given([...live, interrupted])
      .when({ ...end, cause: 'closed' })
      .thenRejected({ code: 'broadcast.session_over' })
    const resumed = { type: 'BroadcastResumed', broadcastId: 'b1', sessionId: 's2', origin, leaseUntil: t0 + leaseMs }
    given([...live, interrupted, resumed as BroadcastDraft])
      .when(end)
      .thenRejected({ code: 'broadcast.session_over' })
    given([...live, interrupted, ended('grace_over')])
      .when(end)
      .thenRejected({ code: 'broadcast.session_over' })
  })

  test('is interrupted when nobody renews its lease, and ends when nobody returns', () => {
    const renewal = { type: 'RenewLease', sessionId: 's1', leaseMs } as const
    given(live)
      .when(renewal, { at: t0 + 5_000 })
      .then([{ type: 'LeaseRenewed', broadcastId: 'b1', leaseUntil: t0 + 20_000 }])
    given([...live, interrupted])
      .when(renewal)
      .thenRejected({ code: 'broadcast.session_over' })
    const due = { type: 'EndDue', dueAt: t0 + leaseMs } as const
    given(live)
      .when(due, { ...asClock, at: t0 + leaseMs })
      .then([{ ...interrupted, cause: 'lease_expired', graceUntil: t0 + leaseMs + graceMs } as BroadcastDraft])
    given(live)
      .when({ ...due, dueAt: t0 }, asClock)
      .thenRejected({ code: 'broadcast.nothing_due' })
    given(live).when(due).thenRejected({ code: 'broadcast.forbidden', action: 'end_due' })
    given([...live, interrupted])
      .when({ ...due, dueAt: t0 + graceMs }, asClock)
      .then([ended('grace_over')])
  })

  test('is stopped by moderators, and none begins for a while', () => {
    const stop = { type: 'StopBroadcast' } as const
    const stopped: BroadcastDraft = {
      ...ended('stopped'),
      actor: moderator,
      restUntil: t0 + restMs,
    } as BroadcastDraft
    given(live).when(stop, asModerator).then([stopped])
    given(live)
      .when(stop, { principal: '2000', facts: { role: 'member' } })
      .thenRejected({ code: 'broadcast.forbidden', action: 'stop_broadcasts' })
    given([issued('k1')])
      .when(stop, asModerator)
      .thenRejected({ code: 'broadcast.not_live' })
    given([...live, stopped])
      .when(start, { at: t0 + 1_000 })
      .thenRejected({ code: 'broadcast.resting', remainingMs: restMs - 1_000 })
  })

  test('is warned of once, until it is well again', () => {
    const warning = 'keyframe_interval' as const
    const warn = { type: 'SetWarning', sessionId: 's1', warning, value: 4_000 } as const
    const appeared: BroadcastDraft = { type: 'WarningAppeared', broadcastId: 'b1', warning, value: 4_000 }
    given(live).when(warn).then([appeared])
    given([...live, appeared])
      .when(warn)
      .then([])
    given([...live, appeared])
      .when({ ...warn, value: null })
      .then([{ type: 'WarningCleared', broadcastId: 'b1', warning }])
  })
})

test('the next moment is that of the lease, then that of the grace', () => {
  const open = { broadcastId: 'b', sessionId: 's', keyId: 'k', graceMs, until: t0, warnings: [] }
  const state = initial('500')
  assert.equal(broadcastDecider.due({ ...state, open: null }), undefined)
  assert.deepEqual(broadcastDecider.due({ ...state, open: { ...open, isInterrupted: false } }), {
    name: 'lease',
    at: t0,
  })
  assert.deepEqual(broadcastDecider.due({ ...state, open: { ...open, isInterrupted: true } }), {
    name: 'grace',
    at: t0,
  })
})
