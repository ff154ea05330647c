import { test } from 'node:test'
import { t0 } from '#libs/testing/specification.ts'
import { broadcaster, created, given, logged, moderator, staffed } from '../channel.fixtures.ts'
import type { ChannelDraft } from '../events.ts'
import { dayMs, trimEveryMs } from '../state/retention.ts'

const byOwner = { principal: broadcaster }
const clock = { principal: 'manager/clock' }
const kept = (days: number | null, seq = 2): ChannelDraft => ({
  type: 'RetentionChanged',
  seq,
  actor: broadcaster,
  days,
})
const trimmed = (before: number): ChannelDraft => ({ type: 'HistoryTrimmed', before })

test('the broadcaster sets for how long the history is kept', () => {
  given([created()])
    .when({ type: 'SetRetention', days: 30, reason: null }, byOwner)
    .then([kept(30), logged({ actor: broadcaster, action: 'set_retention', value: 30 })])
  given([created(), kept(30)])
    .when({ type: 'SetRetention', days: null, reason: null }, byOwner)
    .then([kept(null, 3), logged({ actor: broadcaster, action: 'set_retention' })])
  for (const days of [30, null] as const)
    given([created(), kept(days)])
      .when({ type: 'SetRetention', days, reason: null }, byOwner)
      .thenRejected({ code: 'channel.nothing_to_change' })
  for (const days of [0, 3_651, 1.5])
    given([created()])
      .when({ type: 'SetRetention', days, reason: null }, byOwner)
      .thenRejected({ code: 'channel.retention_out_of_range', min: 1, max: 3_650 })
  given(staffed)
    .when({ type: 'SetRetention', days: 30, reason: null }, { principal: moderator })
    .thenRejected({ code: 'channel.forbidden', action: 'set_retention' })
})

test('what is older is said to go, at once and then every hour, by the clock alone', () => {
  given([created(), kept(1)])
    .when({ type: 'TrimHistory', dueAt: t0 }, clock)
    .then([trimmed(t0 - dayMs)])
  given([created(), kept(1), trimmed(t0 - dayMs)])
    .when({ type: 'TrimHistory', dueAt: t0 + trimEveryMs - 1 }, clock)
    .thenRejected({ code: 'channel.nothing_due' })
  given([created(), kept(1), trimmed(t0 - dayMs)])
    .when({ type: 'TrimHistory', dueAt: t0 + trimEveryMs }, clock)
    .then([trimmed(t0 + trimEveryMs - dayMs)])
  given([created(), kept(1), kept(null, 3)])
    .when({ type: 'TrimHistory', dueAt: t0 }, clock)
    .thenRejected({ code: 'channel.nothing_due' })
  given([created(), kept(1)])
    .when({ type: 'TrimHistory', dueAt: t0 }, byOwner)
    .thenRejected({ code: 'channel.forbidden', action: 'end_timeouts' })
})
