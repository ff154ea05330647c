import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { channelHistory } from '#libs/channel/reads/history.ts'
import { created, erased, peopleFixture } from '#libs/readmodel/people.fixtures.ts'
import { quiet, readModelFixture } from '#libs/readmodel/readmodel.fixtures.ts'
import { rebuild } from '#libs/readmodel/rebuild.ts'
import { createPositionWaiter } from '#libs/readmodel/wait.ts'
import { until } from '#libs/testing/until.ts'
import type { ChannelDraftOf } from '../events.ts'
import { pollReads } from '../polls/queries.ts'
import { channelsProjection } from './channels.ts'
import { messagesProjection } from './messages.ts'

const ann = '1001'
const bob = '1002'
const channel = '1001'
const [first, second] = ['01937b5e-7c3a-7d51-9a54-3f0c2b8f6a10', '01937b5e-7c3a-7d51-9a54-3f0c2b8f6a11']

const started = (pollId: string, seq: number, actor = ann): ChannelDraftOf<'PollStarted'> => ({
  type: 'PollStarted',
  seq,
  pollId,
  actor,
  question: `Question ${seq}`,
  options: '["a","b"]',
  optionCount: 2,
  weighted: false,
  changeable: true,
  hidden: false,
  endsAt: 60_000,
})

const voted = (pollId: string, member: string, ballot: number, totals: readonly number[], option = 0) =>
  ({ type: 'VoteCast', pollId, member, option, weight: 1, ballot, voters: ballot, totals }) as const

const setUp = async (t: TestContext) => {
  const fixture = await readModelFixture(t)
  const people = await peopleFixture(fixture.databaseUrl, [ann, bob])
  fixture.closing(people.vault.close)
  const waiter = await createPositionWaiter(fixture.sql)
  fixture.closing(waiter.close)
  const keys = { ...people.vault.keys, forget: () => {} }
  return {
    ...fixture,
    ...people,
    channels: channelsProjection(keys),
    messages: messagesProjection(keys),
    reads: pollReads(fixture.sql),
    history: channelHistory(fixture.sql, waiter),
  }
}

test('polls are listed with how they stand; the one that runs is told to who joins', async (t) => {
  const { journal, run, channels, messages, reads, history, channelRecord } = await setUp(t)
  await journal.write('channel', 0, [
    channelRecord(channel, [created(channel, ann)]),
    channelRecord(channel, [started(first, 2)]),
    channelRecord(channel, [voted(first, bob, 1, [1, 0])]),
    channelRecord(channel, [
      { type: 'PollEnded', seq: 3, pollId: first, cause: 'ended', actor: ann, voters: 1, totals: [1, 0] },
    ]),
    channelRecord(channel, [started(second, 4)]),
    channelRecord(channel, [voted(second, ann, 1, [1, 0])]),
  ])
  const token = await journal.write('channel', 0, [channelRecord(channel, [voted(second, ann, 2, [0, 1], 1)])])
  await (await run(channels)).caughtUp()
  await (await run(messages)).caughtUp()
  const listed = await reads.list(channel, { before: undefined, limit: 10 })
  assert.deepEqual(
    listed.map(({ pollId, question, cause, voters, totals }) => [pollId, question, cause, voters, totals]),
    [
      [second, 'Question 4', null, 2, [0, 1]],
      [first, 'Question 2', 'ended', 1, [1, 0]],
    ],
  )
  assert.deepEqual(
    (await reads.list(channel, { before: 4, limit: 10 })).map(({ pollId }) => pollId),
    [first],
  )
  assert.deepEqual([await reads.voteOf(channel, second, ann), await reads.voteOf(channel, second, bob)], [1, undefined])
  assert.deepEqual((await reads.get(channel, first))?.options, ['a', 'b'])
  const view = await history.open(channel, token)
  assert.deepEqual([view?.poll?.pollId, view?.poll?.totals, view?.poll?.ballot], [second, [0, 1], 2])
  assert.deepEqual(
    (await history.between(channel, 2, 4)).map(({ frame }) => frame.type === 'event' && frame.event.kind),
    ['poll-started', 'poll-ended', 'poll-started'],
  )
})

test('of who is erased neither a question nor a vote is left, built anew too', async (t) => {
  const { journal, run, channels, messages, reads, history, sql, vault, connect, ...made } = await setUp(t)
  const { channelRecord, accountRecord } = made
  await journal.write('channel', 0, [
    channelRecord(channel, [created(channel, ann)]),
    channelRecord(channel, [started(first, 2, bob)]),
    channelRecord(channel, [voted(first, bob, 1, [1, 0])]),
  ])
  await (await run(channels)).caughtUp()
  await (await run(messages)).caughtUp()
  await journal.write('account', 1, [accountRecord(bob, [erased(bob)])])
  await until(async () => (await reads.get(channel, first))?.question === null)
  await journal.write('channel', 0, [channelRecord(channel, [voted(first, bob, 2, [0, 1], 1)])])
  await until(async () => (await reads.get(channel, first))?.totals[1] === 1)
  assert.equal(await reads.voteOf(channel, first, bob), undefined)
  await until(async () => (await history.between(channel, 2, 2))[0]?.frame.type === 'skip')
  await vault.keys.erase(bob)
  for (const projection of [channels, messages]) {
    const rebuilt = await rebuild({ ...journal, sql, connect, projection, logger: quiet })
    assert.equal(rebuilt.hashEqual, true, projection.name)
  }
})
