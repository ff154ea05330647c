import { test } from 'node:test'
import { channelAbsent } from '#libs/contracts/generated/channel.ts'
import { happened, t0 } from '#libs/testing/specification.ts'
import {
  broadcaster,
  created,
  given,
  moderator,
  otherViewer,
  posted,
  roleAssigned,
  settingsChanged,
  timedOutUntil,
  viewer,
} from '../channel.fixtures.ts'

const post = { type: 'PostMessage', ...channelAbsent.PostMessage, text: 'hi' } as const

test('a timed-out member is told how long is left', () => {
  given([created(), timedOutUntil(t0 + 60_000)])
    .when(post, { at: t0 + 15_000 })
    .thenRejected({ code: 'channel.timed_out', remainingMs: 45_000 })
})

test('a timeout is over at its moment, before its end is announced', () => {
  const history = [created(), timedOutUntil(t0 + 60_000)]
  given(history)
    .when(post, { at: t0 + 60_000 })
    .then([posted({ seq: 3 })])
  given(history)
    .when(post, { at: t0 + 59_999 })
    .thenRejected({ code: 'channel.timed_out', remainingMs: 1 })
})

test('a timeout is of one member alone', () => {
  given([created(), timedOutUntil(t0 + 60_000)])
    .when(post, { principal: otherViewer })
    .then([posted({ seq: 3, author: otherViewer })])
})

test('in slow mode a member waits between two messages, and is told how long', () => {
  const history = [created(), settingsChanged({ slowModeSeconds: 10 }), posted({ seq: 3 })]
  given(history)
    .when(post, { at: t0 + 4_000 })
    .thenRejected({ code: 'channel.slow_mode', remainingMs: 6_000 })
  given(history)
    .when(post, { at: t0 + 10_000 })
    .then([posted({ seq: 4 })])
  given(history)
    .when(post, { at: t0, principal: otherViewer })
    .then([posted({ seq: 4, author: otherViewer })])
})

test('broadcaster, moderators and admins of the platform do not wait', () => {
  const history = [
    created(),
    roleAssigned({ member: moderator, role: 'moderator' }),
    settingsChanged({ seq: 3, slowModeSeconds: 10 }),
  ]
  for (const [author, role] of [
    [broadcaster, 'broadcaster'],
    [moderator, 'moderator'],
  ] as const)
    given([...history, posted({ seq: 4, author })])
      .when(post, { principal: author })
      .then([posted({ seq: 5, author, role })])
  given([...history, posted({ seq: 4 })])
    .when(post, { facts: { platformRole: 'admin', displayName: 'Viewer' } })
    .then([posted({ seq: 5, role: 'platform_admin' })])
})

test('slow mode counts from when it was switched on, and forgets when it is off', () => {
  given([created(), posted(), settingsChanged({ seq: 3, slowModeSeconds: 10 })])
    .when(post)
    .then([posted({ seq: 4 })])
  given([
    created(),
    settingsChanged({ slowModeSeconds: 10 }),
    posted({ seq: 3 }),
    settingsChanged({ seq: 4, slowModeSeconds: 0 }),
    settingsChanged({ seq: 5, slowModeSeconds: 10 }),
  ])
    .when(post)
    .then([posted({ seq: 6 })])
})

test('who is timed out is told so first, not that they are slowed or wrote nothing', () => {
  given([
    created(),
    settingsChanged({ slowModeSeconds: 10 }),
    posted({ seq: 3 }),
    timedOutUntil(t0 + 1_000, { seq: 4 }),
  ])
    .when({ type: 'PostMessage', ...channelAbsent.PostMessage, text: '' })
    .thenRejected({ code: 'channel.timed_out', remainingMs: 1_000 })
})

test('others that post meanwhile do not shorten the wait', () => {
  const others = Array.from({ length: 8 }, (_, index) =>
    happened(posted({ seq: 4 + index, author: `${3000 + index}` }), { at: t0 + index * 1_000 }),
  )
  given([created(), settingsChanged({ slowModeSeconds: 10 }), posted({ seq: 3, author: viewer }), ...others])
    .when(post, { at: t0 + 9_999 })
    .thenRejected({ code: 'channel.slow_mode', remainingMs: 1 })
})
