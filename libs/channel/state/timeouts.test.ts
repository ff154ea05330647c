import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { t0 } from '#libs/testing/specification.ts'
import { created, given, timedOutUntil } from '../channel.fixtures.ts'
import { channelDecider } from '../decider.ts'
import { endedAtOnce } from '../decisions/terms.ts'
import type { ChannelDraft } from '../events.ts'
import { endTimeout, noTimeouts, startTimeout, timeoutsOver } from './timeouts.ts'

const clock = { principal: 'manager/clock' }
const expired = (seq: number, member: string): ChannelDraft => ({ type: 'TimeoutEnded', seq, member, cause: 'expired' })
const endBy = (dueAt: number) => ({ type: 'EndTimeouts', dueAt }) as const

test('the clock ends what is over, the earliest first, each with a number of its own', () => {
  const history = [
    created(),
    timedOutUntil(t0 + 3_000, { seq: 2, member: '10' }),
    timedOutUntil(t0 + 1_000, { seq: 3, member: '11' }),
    timedOutUntil(t0 + 9_000, { seq: 4, member: '12' }),
  ]
  given(history)
    .when(endBy(t0 + 1_000), { ...clock, at: t0 + 4_000 })
    .then([expired(5, '11'), expired(6, '10')], { seq: 6 })
})

test('a timeout ends by its due time, though the clock of the owner is behind it', () => {
  given([created(), timedOutUntil(t0 + 5_000, { member: '10' })])
    .when(endBy(t0 + 5_000), { ...clock, at: t0 + 1_000 })
    .then([expired(3, '10')])
})

test('where all were lifted meanwhile there is nothing to end', () => {
  given([created(), timedOutUntil(t0 + 5_000)])
    .when(endBy(t0 + 1_000), { ...clock, at: t0 + 4_999 })
    .thenRejected({ code: 'channel.nothing_due' })
})

test('of very many a part ends at once, and the next due time is a later one', () => {
  const members = Array.from({ length: endedAtOnce + 50 }, (_, index) => ({ member: `${100 + index}`, seq: 2 + index }))
  const ends = (until: (index: number) => number) => members.map((fields, index) => timedOutUntil(until(index), fields))
  const ended = members.map(({ member }, index) => expired(2 + members.length + index, member))
  const at = t0 + 1_000_000
  given([created(), ...ends((index) => t0 + index)])
    .when(endBy(t0), { ...clock, at })
    .then(ended.slice(0, endedAtOnce))
  given([created(), ...ends(() => t0)])
    .when(endBy(t0), { ...clock, at })
    .then(ended)
})

test('the earliest end is what an aggregate wants to be woken at', () => {
  assert.equal(channelDecider.due(channelDecider.initial('1')), undefined)
  const state = { ...channelDecider.initial('1'), timeouts: startTimeout(noTimeouts, '10', 77) }
  assert.deepEqual(channelDecider.due(state), { name: 'timeouts', at: 77 })
  assert.deepEqual(channelDecider.dueCommand('timeouts', 77), { type: 'EndTimeouts', dueAt: 77 })
})

test('the earliest end is right after any run of starts and ends', () => {
  const member = fc.constantFrom('1', '2', '3', '4')
  const step = fc.record({ member, until: fc.option(fc.integer({ min: 0, max: 9 })) })
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const timeouts = steps.reduce(
        (timeouts, { member, until }) =>
          until === null ? endTimeout(timeouts, member) : startTimeout(timeouts, member, until),
        noTimeouts,
      )
      const ends = [...timeouts.until.values()]
      assert.equal(timeouts.earliest, ends.length === 0 ? undefined : Math.min(...ends))
      assert.equal(timeoutsOver(timeouts, 5).length, ends.filter((until) => until <= 5).length)
    }),
  )
})
