import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { happened, t0 } from '#libs/testing/specification.ts'
import { asBroadcaster, asClock, asModerator, broadcaster, given, issued, moderator } from '../broadcast.fixtures.ts'
import { broadcastDecider } from '../decider.ts'
import type { BroadcastDraft } from '../events.ts'
import { initial } from '../state.ts'
import { finishWithinMs } from './library.ts'
import { clipMs, highlightMs, maxRetentionDays } from './rules.ts'

const DAY_MS = 86_400_000
const asViewer = { principal: '1077', facts: { role: 'member' } }
const asAdministrator = { principal: '1', facts: { role: 'platform_admin' } }

const started: BroadcastDraft = {
  type: 'BroadcastStarted',
  broadcastId: 'b1',
  sessionId: 's1',
  keyId: 'k1',
  origin: 'http://127.0.0.1:8082',
  leaseUntil: t0 + 15_000,
  graceMs: 60_000,
}
const recording = (quotaBytes: number | null = null, retentionDays: number | null = null): BroadcastDraft => ({
  type: 'RecordingStarted',
  broadcastId: 'b1',
  visibility: 'public',
  audience: 'everybody',
  quotaBytes,
  retentionDays,
  clipRetentionDays: retentionDays,
})
const sums = { broadcastId: 'b1', take: 't1', segments: 1, bytes: 700, durationMs: 2_000, lostMs: 0 } as const
const report = { type: 'ReportRecording', ...sums } as const
const reported = { type: 'RecordingReported', ...sums } as const
const ended: BroadcastDraft = {
  type: 'BroadcastEnded',
  broadcastId: 'b1',
  reason: 'unpublished',
  actor: null,
  restUntil: null,
}
const finished: BroadcastDraft = { type: 'RecordingFinished', broadcastId: 'b1', cause: 'whole' }
const sealed: BroadcastDraft = {
  type: 'RecordingSealed',
  broadcastId: 'b1',
  segments: 30,
  bytes: 9_000,
  durationMs: 60_000,
}
const live = [issued('k1'), started, recording()]
const kept = [...live, ended, finished, sealed]
const settings = (change: Partial<Extract<BroadcastDraft, { type: 'RecordingsChanged' }>>): BroadcastDraft => ({
  type: 'RecordingsChanged',
  actor: broadcaster,
  isOn: true,
  retentionDays: 0,
  clipRetentionDays: 0,
  quotaBytes: null,
  ...change,
})

const untouched = { retentionDays: null, clipRetentionDays: null, quotaBytes: null } as const

const start = {
  type: 'StartBroadcast',
  broadcastId: 'b1',
  sessionId: 's1',
  keyId: 'k1',
  origin: 'http://127.0.0.1:8082',
  leaseMs: 15_000,
  graceMs: 60_000,
  takesOver: false,
  quotaBytes: 1_000,
  retentionDays: null,
  clipRetentionDays: null,
} as const

describe('a recording', () => {
  test('begins with its broadcast, for those whom it is for, unless the channel wants none', () => {
    const info = { title: null, category: null, tags: null, language: null, broadcastId: null, actor: broadcaster }
    given([issued('k1'), { type: 'BroadcastInfoChanged', ...info, visibility: 'unlisted', audience: 'subscribers' }])
      .when(start)
      .then([started, { ...recording(1_000), visibility: 'unlisted', audience: 'subscribers' } as BroadcastDraft], {
        broadcastId: 'b1',
        resumed: false,
        recorded: true,
      })
    given([issued('k1'), settings({ isOn: false })])
      .when(start)
      .then([started], { broadcastId: 'b1', resumed: false, recorded: false })
  })

  test('is reported while it grows, and by the ingest app alone', () => {
    given(live).when(report).then([reported])
    given(live).when(report, asBroadcaster).thenRejected({
      code: 'broadcast.forbidden',
      action: 'answer_for_encoders',
    })
    given([...live, ended, finished])
      .when(report)
      .thenRejected({ code: 'broadcast.recording_over' })
  })

  test('warns of what was lost, once, and no more when nothing is', () => {
    const lost: BroadcastDraft = { type: 'WarningAppeared', broadcastId: 'b1', warning: 'recording_lost', value: 4_000 }
    given([...live, reported])
      .when({ ...report, lostMs: 4_000 })
      .then([{ ...reported, lostMs: 4_000 }, lost])
    given([...live, { ...reported, lostMs: 4_000 }, lost])
      .when({ ...report, segments: 9, lostMs: 4_000 })
      .then([
        { ...reported, segments: 9, lostMs: 4_000 },
        { type: 'WarningCleared', broadcastId: 'b1', warning: 'recording_lost' },
      ])
  })

  test('is finished once its broadcast has ended, or by the clock where nobody says so', () => {
    const finish = { type: 'FinishRecording', broadcastId: 'b1' } as const
    given(live).when(finish).thenRejected({ code: 'broadcast.still_recording' })
    given([...live, ended])
      .when(finish)
      .then([finished])
    const dueAt = t0 + finishWithinMs
    given([...live, ended])
      .when({ type: 'EndDue', dueAt }, { ...asClock, at: dueAt })
      .then([{ type: 'RecordingFinished', broadcastId: 'b1', cause: 'overdue' }])
    given([...live, ended])
      .when({ type: 'EndDue', dueAt: dueAt - 1 }, { ...asClock, at: dueAt - 1 })
      .thenRejected({ code: 'broadcast.nothing_due' })
  })

  test('is sealed with what was found of it; of nothing nothing is kept', () => {
    const seal = { type: 'SealRecording', broadcastId: 'b1', segments: 30, bytes: 9_000, durationMs: 60_000 } as const
    given([...live, ended, finished])
      .when(seal)
      .then([sealed])
    given(live).when(seal).thenRejected({ code: 'broadcast.still_recording' })
    given([...live, ended, finished, { ...sealed, segments: 0 } as BroadcastDraft])
      .when(seal)
      .thenRejected({ code: 'broadcast.vod_unknown' })
  })

  test('is deleted by the broadcaster, not while it grows', () => {
    const remove = { type: 'DeleteVod', vodId: 'b1' } as const
    given(kept)
      .when(remove, asBroadcaster)
      .then([{ type: 'VodDeleted', vodId: 'b1', actor: broadcaster, reason: 'asked' }])
    given(kept).when(remove, asModerator).thenRejected({ code: 'broadcast.forbidden', action: 'manage_recordings' })
    given(live).when(remove, asBroadcaster).thenRejected({ code: 'broadcast.still_recording' })
  })

  test('is deleted when its time is over, by the retention as it is then', () => {
    const state = [...kept, settings({ retentionDays: 7 })]
    const dueAt = t0 + 7 * DAY_MS
    given(state)
      .when({ type: 'EndDue', dueAt }, { ...asClock, at: dueAt })
      .then([{ type: 'VodDeleted', vodId: 'b1', actor: null, reason: 'retention' }])
    given(kept)
      .when({ type: 'EndDue', dueAt }, { ...asClock, at: dueAt })
      .thenRejected({ code: 'broadcast.nothing_due' })
  })

  test('is kept as the platform has it, until somebody says otherwise for the channel', () => {
    const due = (days: number) => [{ type: 'EndDue', dueAt: t0 + days * DAY_MS } as const, asClock] as const
    const deleted = { type: 'VodDeleted', vodId: 'b1', actor: null, reason: 'retention' } as const
    const byDefault = [issued('k1'), started, recording(null, 7), ended, finished, sealed]
    given(byDefault)
      .when(...due(7))
      .then([deleted])
    given([...byDefault, settings({ retentionDays: 0 })])
      .when(...due(7))
      .thenRejected({ code: 'broadcast.nothing_due' })
    const another = { ...started, broadcastId: 'b2' } as BroadcastDraft
    const shorter = { ...recording(null, 3), broadcastId: 'b2' } as BroadcastDraft
    const over = { ...ended, broadcastId: 'b2' } as BroadcastDraft
    const complete = { ...finished, broadcastId: 'b2' } as BroadcastDraft
    given([...byDefault, another, shorter, over, complete])
      .when(...due(3))
      .then([deleted])
    given([settings({ retentionDays: 9 }), ...byDefault])
      .when(...due(7))
      .thenRejected({ code: 'broadcast.nothing_due' })
    given([...byDefault])
      .when({ type: 'ChangeRecordings', isOn: false, ...untouched }, asBroadcaster)
      .then([settings({ isOn: false, retentionDays: 7, clipRetentionDays: 7 })])
  })

  test('is kept as the platform says until somebody says it, and then as they said, whatever the platform says', () => {
    const off = { type: 'ChangeRecordings', isOn: false, ...untouched } as const
    const platform = {
      ...asBroadcaster,
      facts: { ...asBroadcaster.facts, retentionDays: '30', clipRetentionDays: '9' },
    }
    const byPlatform = settings({ isOn: false, retentionDays: 30, clipRetentionDays: 9 })
    given([]).when(off, platform).then([byPlatform])
    given([])
      .when({ ...off, retentionDays: 0 }, platform)
      .then([settings({ isOn: false, retentionDays: 0, clipRetentionDays: 9 })])
    // Of two changes at once the second knows the first, whatever its edge has read.
    given([settings({ retentionDays: 5, clipRetentionDays: 9 })])
      .when({ ...off, isOn: null, clipRetentionDays: 1 }, platform)
      .then([settings({ retentionDays: 5, clipRetentionDays: 1 })])
  })

  test('is called and shown as the broadcaster says', () => {
    const change = { type: 'ChangeVod', vodId: 'b1', title: 'The end', visibility: null, audience: null } as const
    given(kept)
      .when(change, asBroadcaster)
      .then([{ ...change, type: 'VodChanged', actor: broadcaster }])
    given(kept)
      .when({ ...change, title: ' ' }, asBroadcaster)
      .thenRejected({ code: 'broadcast.title_out_of_range', min: 1, max: 140 })
  })
})

describe('a quota', () => {
  const near: BroadcastDraft = { type: 'WarningAppeared', broadcastId: 'b1', warning: 'quota_near', value: 80 }
  const reached = { type: 'WarningAppeared', broadcastId: 'b1', warning: 'quota_reached', value: 100 } as const
  const stopped: BroadcastDraft = { type: 'RecordingStopped', broadcastId: 'b1', reason: 'quota' }
  const bounded = [issued('k1'), started, recording(1_000)]

  test('is warned of at four fifths, and ends the recording alone', () => {
    given(bounded).when(report).then([reported])
    given(bounded)
      .when({ ...report, bytes: 800 })
      .then([{ ...reported, bytes: 800 }, near])
    given([...bounded, { ...reported, bytes: 800 }, near])
      .when({ ...report, bytes: 1_000 })
      .then([{ ...reported, bytes: 1_000 }, reached, stopped])
    given([...bounded, reached, stopped])
      .when({ ...report, bytes: 1_100 })
      .then([{ ...reported, bytes: 1_100 }])
  })

  test('counts all that the channel keeps, over the runs of ingest apps', () => {
    given([...bounded, { ...reported, take: 't0' }])
      .when({ ...report, bytes: 300 })
      .then([{ ...reported, bytes: 300 }, reached, stopped])
  })

  test('that is used up lets a broadcast begin, unrecorded', () => {
    given([...kept, settings({ quotaBytes: 9_000 })])
      .when({ ...start, broadcastId: 'b1' })
      .then([started, recording(1_000), reached, stopped], { broadcastId: 'b1', resumed: false, recorded: false })
  })

  test('is set for a channel by the platform alone', () => {
    const change = {
      type: 'ChangeRecordings',
      isOn: null,
      retentionDays: null,
      clipRetentionDays: null,
      quotaBytes: 500,
    } as const
    given([]).when(change, asBroadcaster).thenRejected({ code: 'broadcast.forbidden', action: 'set_quotas' })
    given([])
      .when(change, asAdministrator)
      .then([settings({ actor: '1', quotaBytes: 500 })])
    given([settings({ retentionDays: 3, clipRetentionDays: 4, quotaBytes: 500 })])
      .when({ ...change, quotaBytes: 0 }, asAdministrator)
      .then([settings({ actor: '1', retentionDays: 3, clipRetentionDays: 4 })])
    for (const beyond of [{ retentionDays: 9_999 }, { clipRetentionDays: 9_999 }])
      given([])
        .when({ ...change, quotaBytes: null, ...beyond }, asBroadcaster)
        .thenRejected({ code: 'broadcast.retention_out_of_range', maxDays: maxRetentionDays })
  })
})

describe('a clip', () => {
  const make = { type: 'MakeClip', clipId: 'c1', vodId: 'b1', fromMs: t0, toMs: t0 + 30_000, title: 'Look' } as const
  const requested: BroadcastDraft = { ...make, type: 'ClipRequested', actor: asViewer.principal }
  const atEnd = [issued('k1'), started, recording(), happened(ended, { at: t0 + 60_000 }), finished, sealed]

  test('is made of what there is, by whoever may watch', () => {
    given(live)
      .when(make, { ...asViewer, at: t0 + 60_000 })
      .then([requested])
    given(atEnd).when(make, asViewer).then([requested])
    given(live).when(make).thenRejected({ code: 'broadcast.forbidden', action: 'make_clips' })
    given([]).when(make, asViewer).thenRejected({ code: 'broadcast.vod_unknown' })
    given([...live, requested])
      .when(make, { ...asViewer, at: t0 + 60_000 })
      .thenRejected({ code: 'broadcast.clip_exists' })
    given([
      ...kept,
      { type: 'VodChanged', vodId: 'b1', actor: broadcaster, title: null, visibility: null, audience: 'private' },
    ])
      .when(make, asViewer)
      .thenRejected({ code: 'broadcast.forbidden', action: 'manage_recordings' })
  })

  test('is of a bounded length, and long ones are highlights of who manages the recordings', () => {
    given(atEnd)
      .when({ ...make, toMs: t0 + 1 }, asViewer)
      .thenRejected({ code: 'broadcast.clip_out_of_range', minMs: clipMs.min, maxMs: clipMs.max })
    const long = { ...make, toMs: t0 + clipMs.max + 1 }
    given(atEnd)
      .when(long, asViewer)
      .thenRejected({ code: 'broadcast.clip_out_of_range', minMs: clipMs.min, maxMs: clipMs.max })
    given(atEnd)
      .when(long, asBroadcaster)
      .then([{ ...requested, toMs: long.toMs, actor: broadcaster } as BroadcastDraft])
    given(atEnd)
      .when({ ...long, toMs: t0 + highlightMs + 1 }, asBroadcaster)
      .thenRejected({ code: 'broadcast.clip_out_of_range', minMs: clipMs.min, maxMs: highlightMs })
    given(atEnd)
      .when({ ...make, fromMs: t0 + 60_000, toMs: t0 + 90_000 }, asViewer)
      .thenRejected({ code: 'broadcast.clip_out_of_recording' })
  })

  test('outlives its recording, until its creator or the broadcaster deletes it', () => {
    const made: BroadcastDraft = { type: 'ClipMade', clipId: 'c1', bytes: 500, durationMs: 30_000 }
    const gone: BroadcastDraft = { type: 'VodDeleted', vodId: 'b1', actor: broadcaster, reason: 'asked' }
    const state = [...kept, requested, gone, made]
    const remove = { type: 'DeleteClip', clipId: 'c1' } as const
    given(state)
      .when(remove, asViewer)
      .then([{ type: 'ClipDeleted', clipId: 'c1', actor: asViewer.principal }])
    given(state)
      .when(remove, asBroadcaster)
      .then([{ type: 'ClipDeleted', clipId: 'c1', actor: broadcaster }])
    given(state)
      .when(remove, { ...asViewer, principal: moderator })
      .thenRejected({ code: 'broadcast.forbidden', action: 'manage_recordings' })
  })

  test('is there once it was made, and is not where nothing was recorded of it', () => {
    const finish = { type: 'FinishClip', clipId: 'c1', bytes: 500, durationMs: 30_000, problem: null } as const
    given([...kept, requested])
      .when(finish)
      .then([{ type: 'ClipMade', clipId: 'c1', bytes: 500, durationMs: 30_000 }])
    given([...kept, requested])
      .when({ ...finish, problem: 'nothing_recorded' })
      .then([{ type: 'ClipFailed', clipId: 'c1', problem: 'nothing_recorded' }])
    given(kept).when(finish).thenRejected({ code: 'broadcast.clip_unknown' })
  })

  test('is deleted when its time is over, apart from its recording, once it is made', () => {
    const made: BroadcastDraft = { type: 'ClipMade', clipId: 'c1', bytes: 500, durationMs: 30_000 }
    const state = [...kept, requested, made]
    const dueAt = t0 + 7 * DAY_MS
    const due = { type: 'EndDue', dueAt } as const
    const atThatTime = { ...asClock, at: dueAt }
    given([...state, settings({ clipRetentionDays: 7 })])
      .when(due, atThatTime)
      .then([{ type: 'ClipExpired', clipId: 'c1' }])
    given([...state, settings({ retentionDays: 7, clipRetentionDays: 7 })])
      .when(due, atThatTime)
      .then([
        { type: 'VodDeleted', vodId: 'b1', actor: null, reason: 'retention' },
        { type: 'ClipExpired', clipId: 'c1' },
      ])
    for (const stays of [
      [...state, settings({ clipRetentionDays: 8 })],
      [...kept, requested, settings({ clipRetentionDays: 7 })],
    ])
      given(stays).when(due, atThatTime).thenRejected({ code: 'broadcast.nothing_due' })
  })

  test('is refused where the channel has as many as it can', () => {
    const clip = { creator: '1', vodId: 'b1', requestedAt: t0, bytes: 1, isMade: true }
    const clips = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`c${index + 2}`, clip]))
    const vods = {
      b1: {
        startedAt: t0,
        endedAt: t0 + 60_000,
        isFinished: true,
        isSealed: true,
        isStopped: false,
        bytes: 1,
        takes: {},
        quotaBytes: null,
        audience: 'everybody',
      },
    } as const
    const state = initial('500')
    const decided = broadcastDecider.decide(
      make,
      { ...state, library: { ...state.library, clips, vods } },
      { at: t0, n: 1, commandId: 'c', ...asViewer, fingerprint: (text) => text },
    )
    assert.deepEqual(decided, { kind: 'rejected', code: 'broadcast.too_many_clips', detail: { max: 5_000 } })
  })
})
