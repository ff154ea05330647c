import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Map as ImmutableMap } from 'immutable'
import type { DecideContext } from '#libs/journal/decider.ts'
import { happened, t0 } from '#libs/testing/specification.ts'
import {
  broadcaster,
  given,
  logged,
  moderator,
  otherViewer,
  staffed,
  timedOutUntil,
  viewer,
} from '../channel.fixtures.ts'
import type { ChannelDraft, ChannelDraftOf } from '../events.ts'
import { startingPoll } from './polls.fixtures.ts'
import { maxVoters, pollFull } from './rules.ts'

const byModerator = { principal: moderator, commandId: 'poll' }
const limits = { minOptions: 2, maxOptions: 10, minMs: 5_000, maxMs: 604_800_000 }

const started = (fields: Partial<ChannelDraftOf<'PollStarted'>> = {}): ChannelDraft => ({
  type: 'PollStarted',
  seq: 6,
  pollId: 'poll',
  actor: moderator,
  question: 'Which game next?',
  options: '["Chess","Go"]',
  optionCount: 2,
  weighted: false,
  changeable: false,
  hidden: false,
  endsAt: t0 + 60_000,
  ...fields,
})

const voted = (fields: Partial<ChannelDraftOf<'VoteCast'>> = {}): ChannelDraft => ({
  type: 'VoteCast',
  pollId: 'poll',
  member: viewer,
  option: 1,
  weight: 1,
  ballot: 1,
  voters: 1,
  totals: [0, 1],
  ...fields,
})

const ended = (fields: Partial<ChannelDraftOf<'PollEnded'>> = {}): ChannelDraft => ({
  type: 'PollEnded',
  seq: 7,
  pollId: 'poll',
  cause: 'ended',
  actor: moderator,
  voters: 0,
  totals: [0, 0],
  ...fields,
})

const vote = (option = 1) => ({ type: 'CastVote', pollId: 'poll', option }) as const
const running = [...staffed, started()]

test('a moderator asks, and one poll runs at a time', () => {
  given(staffed)
    .when(startingPoll({ reason: 'asked for' }), byModerator)
    .then([started(), logged({ actor: moderator, action: 'start_poll', durationMs: 60_000, reason: 'asked for' })])
  given(running).when(startingPoll(), byModerator).thenRejected({ code: 'channel.poll_running' })
  given(staffed).when(startingPoll()).thenRejected({ code: 'channel.forbidden', action: 'run_polls' })
})

test('a poll has two to ten different answers, each a line, and lasts five seconds to a week', () => {
  const refused = (fields: Parameters<typeof startingPoll>[0]) =>
    given(staffed)
      .when(startingPoll(fields), byModerator)
      .thenRejected({ code: 'channel.poll_unfit', ...limits })
  refused({ options: ['Chess'] })
  refused({ options: Array.from({ length: 11 }, (_, index) => `${index}`) })
  refused({ options: ['é', 'e\u0301'] })
  refused({ durationMs: 4_999 })
  given(staffed)
    .when(startingPoll({ question: 'a'.repeat(201) }), byModerator)
    .thenRejected({ code: 'channel.text_too_long', field: 'question', max: 200 })
  given(staffed)
    .when(startingPoll({ options: ['a\nb', 'c'] }), byModerator)
    .thenRejected({ code: 'channel.text_invalid', field: 'options' })
})

test('everybody votes once, and is counted with all before', () => {
  given(running).when(vote()).then([voted()], {})
  given([...running, voted()])
    .when(vote(0), { principal: otherViewer })
    .then([voted({ member: otherViewer, option: 0, ballot: 2, voters: 2, totals: [1, 1] })])
  given([...running, voted()])
    .when(vote(0))
    .thenRejected({ code: 'channel.voted_already' })
  given(running).when(vote(2)).thenRejected({ code: 'channel.option_unknown', max: 1 })
})

test('where the poll says so a vote may be changed, and counts no more where it was', () => {
  const changeable = [...staffed, started({ changeable: true }), voted()]
  given(changeable)
    .when(vote(0))
    .then([voted({ option: 0, ballot: 2, totals: [1, 0] })])
  given(changeable).when(vote(1)).thenRejected({ code: 'channel.voted_already' })
})

test('where the poll weighs votes a subscriber counts for their tier besides, while it lasts', () => {
  const granted = (until: number | null): ChannelDraft => ({
    type: 'SubscriptionGranted',
    seq: 6,
    actor: broadcaster,
    member: viewer,
    tier: 3,
    until,
  })
  const weighted = started({ seq: 7, weighted: true })
  given([...staffed, granted(null), weighted])
    .when(vote())
    .then([voted({ weight: 4, totals: [0, 4] })])
  given([...staffed, granted(t0 + 1), weighted])
    .when(vote(), { at: t0 + 2 })
    .then([voted()])
  given([...staffed, granted(null), started({ seq: 7 })])
    .when(vote())
    .then([voted()])
})

test('who may not post does not vote, and nobody once the time is over, announced or not', () => {
  given([...running, timedOutUntil(t0 + 1_000, { seq: 7 })])
    .when(vote())
    .thenRejected({ code: 'channel.timed_out', remainingMs: 1_000 })
  given(running).when(vote(), { principal: 'system' }).thenRejected({ code: 'channel.forbidden', action: 'vote' })
  given(running)
    .when(vote(), { at: t0 + 60_000 })
    .thenRejected({ code: 'channel.poll_over' })
  given(staffed).when(vote()).thenRejected({ code: 'channel.poll_over' })
})

test('a hundred thousand vote, and then nobody new, though who has voted may change it', () => {
  const votes = ImmutableMap(
    Array.from({ length: maxVoters }, (_, index) => [`${index + 1}`, { option: 0, weight: 1 }]),
  )
  const poll = {
    pollId: 'poll',
    optionCount: 2,
    weighted: false,
    changeable: true,
    endsAt: 0,
    votes,
    totals: [],
    ballot: 0,
  }
  const by = (principal: string) => ({ principal }) as DecideContext
  const full = pollFull(poll, by('200000'))
  assert.deepEqual(full, { kind: 'rejected', code: 'channel.poll_full', detail: { max: maxVoters } })
  assert.equal(pollFull(poll, by('7')), undefined)
})

test('a moderator ends a poll before its time, or takes it back', () => {
  const end = (cancel: boolean) => ({ type: 'EndPoll', pollId: 'poll', cancel, reason: null }) as const
  const log = logged({ actor: moderator, action: 'end_poll' })
  const history = [...running, voted()]
  given(history)
    .when(end(false), byModerator)
    .then([ended({ voters: 1, totals: [0, 1] }), log])
  given(history)
    .when(end(true), byModerator)
    .then([ended({ cause: 'cancelled', voters: 1, totals: [] }), log])
  given(history).when(end(false)).thenRejected({ code: 'channel.forbidden', action: 'run_polls' })
  given(staffed).when(end(false), byModerator).thenRejected({ code: 'channel.poll_over' })
})

test('the clock ends a poll at its time', () => {
  const byClock = { principal: 'manager/clock' }
  const expire = { type: 'ExpirePoll', dueAt: t0 + 60_000 } as const
  given(running)
    .when(expire, byClock)
    .then([ended({ cause: 'expired', actor: null })])
  given([...running, happened(ended(), { at: t0 + 1 })])
    .when(expire, byClock)
    .thenRejected({ code: 'channel.nothing_due' })
  given(running).when(expire, byModerator).thenRejected({ code: 'channel.forbidden', action: 'end_timeouts' })
})
