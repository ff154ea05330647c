import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pollFrame, pollShown } from './frames.ts'
import { evolvePollView, type PollView, withoutAsker } from './view.ts'

const pollId = '01937b5e-7c3a-7d51-9a54-3f0c2b8f6a10'
const asked = {
  type: 'PollStarted',
  seq: 2,
  pollId,
  actor: '1',
  question: 'Which?',
  options: '["a","b"]',
  optionCount: 2,
  weighted: false,
  changeable: false,
  hidden: false,
  endsAt: 60,
} as const
const vote = (ballot: number, totals: readonly number[], of = pollId) =>
  ({ type: 'VoteCast', pollId: of, member: '7', option: 0, weight: 1, ballot, voters: ballot, totals }) as const

const viewOf = (view: PollView | undefined): PollView => view ?? assert.fail('a poll')
const started = (hidden = false) => viewOf(evolvePollView(undefined, { ...asked, hidden }, 5))

test('votes that a view knows already, or of another poll, change nothing in it', () => {
  const two = viewOf(evolvePollView(started(), vote(2, [1, 1]), 6))
  assert.deepEqual([two.voters, two.totals, two.ballot], [2, [1, 1], 2])
  assert.equal(evolvePollView(two, vote(1, [1, 0]), 6), two)
  assert.equal(evolvePollView(two, vote(3, [9, 9], 'other'), 6), two)
  assert.equal(evolvePollView(undefined, vote(1, [1, 0]), 6), undefined)
})

test('hidden results are told to nobody while the poll runs', () => {
  const hidden = viewOf(evolvePollView(started(true), vote(1, [1, 0]), 6))
  assert.deepEqual(pollFrame('9', hidden), { type: 'poll', channel: '9', poll: pollId, voters: 1 })
  assert.ok(!('totals' in pollShown(hidden)))
  const open = viewOf(evolvePollView(started(), vote(1, [1, 0]), 6))
  assert.deepEqual(pollFrame('9', open).totals, [1, 0])
  assert.deepEqual(pollShown(open).options, ['a', 'b'])
})

test('what somebody asked goes when they are erased, and nobody else’s', () => {
  const gone = viewOf(withoutAsker(started(), '1'))
  assert.deepEqual([gone.question, gone.options, gone.totals], [null, null, [0, 0]])
  assert.equal(viewOf(withoutAsker(started(), '2')).question, 'Which?')
})
