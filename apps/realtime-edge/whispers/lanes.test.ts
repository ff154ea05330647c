import assert from 'node:assert/strict'
import { test } from 'node:test'
import { codecs } from '#libs/contracts/codecs.ts'
import type { Open, Seal, Sealed } from '#libs/contracts/sealed.ts'
import { received } from '#libs/conversation/conversation.fixtures.ts'
import type { WhisperHistory } from '#libs/conversation/edge.ts'
import type { OutcomeRecord } from '#libs/journal/outcome.ts'
import type { ServerFrame } from '#libs/protocols/native/server-frames.ts'
import { ada, bob, epoch } from '../edge.fixtures.ts'
import { createWhisperLanes, type WhisperReader } from './lanes.ts'

const seal: Seal = (_subject, _eventId, _field, text) => Buffer.from(text) as Sealed
const open: Open = (_subject, _eventId, _field, sealed) => sealed.toString()

type Whispered = ServerFrame & { type: 'whispered' }

const whispered = (whisperSeq: number, text = `text ${whisperSeq}`): Whispered => ({
  type: 'whispered',
  whisperSeq,
  at: 1,
  event: { kind: 'received', id: `id-${whisperSeq}`, from: { id: bob.accountId, name: 'Bob' }, text },
})

/** A client that keeps what it is sent. */
const client = (identity = ada) => {
  const frames: ServerFrame[] = []
  const closed: string[] = []
  const connection = {
    open: true,
    identity,
    sendAll: (sent: readonly ServerFrame[]) => frames.push(...sent),
    send: (frame: ServerFrame) => frames.push(frame),
    close: (reason: string) => closed.push(reason),
  }
  return {
    frames,
    closed,
    connection: connection as unknown as WhisperReader,
    be: (other: typeof ada) => Object.assign(connection, { identity: other }),
    numbers: () => frames.flatMap((frame) => (frame.type === 'whispered' ? [frame.whisperSeq] : [])),
  }
}

/** One account's lane that a read model has up to a number, and an edge that reads on. */
const world = (stored: number, readAll = async () => {}) => {
  const asked: (string | null)[] = []
  let gate: Promise<void> = Promise.resolve()
  const history: WhisperHistory = {
    open: async (_accountId, position) => {
      asked.push(position)
      await gate
      return { allow: 'everybody', blocked: ['99'], whisperSeq: stored }
    },
    between: async (_accountId, from, to) =>
      Array.from({ length: Math.max(0, Math.min(to, stored) - from + 1) }, (_, index) => whispered(from + index)),
  }
  const lanes = createWhisperLanes({
    epoch,
    history,
    keys: { prefetch: async () => {}, open },
    partitionOf: () => 0,
    readAll,
    alarm: (code) => assert.fail(code),
  })
  const record = (whisperSeq: number, key = ada.accountId): OutcomeRecord => ({
    family: 'conversation',
    partition: 0,
    offset: whisperSeq,
    claim: 0,
    n: whisperSeq,
    key,
    at: 1,
    commandOffset: whisperSeq,
    commandId: `id-${whisperSeq}`,
    commandType: 'SendWhisper',
    principal: bob.accountId,
    origin: 'test',
    fingerprint: '',
    stateVersion: 1,
    outcome: {
      kind: 'accepted',
      events: [
        codecs.conversation.encodeEvent(
          codecs.conversation.sealEvent(
            received({ whisperSeq, sender: bob.accountId, senderName: 'Bob', text: `text ${whisperSeq}` }),
            `id-${whisperSeq}/0`,
            seal,
          ),
        ),
      ],
      summary: {},
    },
  })
  return {
    lanes,
    asked,
    happen: (whisperSeq: number, key?: string) =>
      lanes.outcomes(0, [record(whisperSeq, key)], { logId: epoch, offset: whisperSeq, claim: 0, n: whisperSeq }),
    hold: () => {
      const { promise, resolve } = Promise.withResolvers<void>()
      gate = promise
      return resolve
    },
  }
}

test('what happened before, while the past is read, and after is told once each, in order', async () => {
  const { lanes, asked, happen, hold } = world(5)
  await happen(4)
  const { connection, frames, numbers } = client()
  const release = hold()
  const following = lanes.follow(connection, { type: 'follow-whispers', from: { epoch, whisperSeq: 2 } })
  await happen(5)
  await happen(6)
  release()
  await following
  await happen(7)
  const start = { allow: 'everybody', blocked: ['99'] }
  assert.deepEqual(frames[0], { type: 'whispers', epoch, whisperSeq: 5, next: 3, ...start })
  assert.deepEqual(numbers(), [3, 4, 5, 6, 7])
  assert.deepEqual(frames.at(-1), whispered(7))
  assert.deepEqual(asked, ['conversation.0.4'], 'the read model is asked at the place of the edge')
})

test('without a cursor it begins with the last ones, or with what comes', async () => {
  const { lanes, happen } = world(5)
  const [some, none] = [client(), client()]
  await lanes.follow(some.connection, { type: 'follow-whispers', last: 2 })
  await lanes.follow(none.connection, { type: 'follow-whispers' })
  await happen(6)
  assert.deepEqual([some.numbers(), none.numbers()], [[4, 5, 6], [6]])
})

test('a cursor of another log, and one that is far behind, are told what they miss', async () => {
  const { lanes } = world(20_000)
  const [other, late] = [client(), client()]
  await lanes.follow(other.connection, { type: 'follow-whispers', from: { epoch: 'other', whisperSeq: 9 } })
  await lanes.follow(late.connection, { type: 'follow-whispers', from: { epoch, whisperSeq: 9 } })
  const missed = ({ frames }: typeof other) => frames[0]?.type === 'whispers' && frames[0].missed
  assert.deepEqual(
    [missed(other), missed(late)],
    [
      { from: 1, to: 20_000 },
      { from: 10, to: 10_000 },
    ],
  )
  assert.deepEqual([other.numbers().length, late.numbers().at(0), late.numbers().length], [0, 10_001, 10_000])
})

test('a cursor that is ahead of the lane is of none once all is read, and hides nothing of what comes', async () => {
  const { lanes, happen } = world(5)
  const { connection, frames, numbers } = client()
  await lanes.follow(connection, { type: 'follow-whispers', from: { epoch, whisperSeq: 99 } })
  assert.deepEqual(frames[0]?.type === 'whispers' && frames[0].missed, { from: 1, to: 5 })
  await happen(6)
  assert.deepEqual(numbers(), [6])
  const behind = world(5, () => Promise.reject(new Error('no broker')))
  const early = { type: 'follow-whispers', from: { epoch, whisperSeq: 99 } } as const
  await assert.rejects(behind.lanes.follow(client().connection, early), /no broker/)
})

test('nobody gets another’s whispers: not who follows their own, not who has become somebody else', async () => {
  const { lanes, happen } = world(0)
  const [own, stranger] = [client(ada), client(bob)]
  await lanes.follow(own.connection, { type: 'follow-whispers' })
  await lanes.follow(stranger.connection, { type: 'follow-whispers' })
  await happen(1)
  own.be(bob)
  await happen(2)
  assert.deepEqual([own.numbers(), stranger.numbers()], [[1], []])
  assert.deepEqual([...lanes.followers()], [stranger.connection])
  lanes.leave(stranger.connection)
  assert.deepEqual([...lanes.followers()], [])
})

test('a client at which more happens than it can be told while its past is read is cut, to resume', async () => {
  const { lanes, happen, hold } = world(0)
  const { connection, closed } = client()
  const release = hold()
  const following = lanes.follow(connection, { type: 'follow-whispers' })
  for (let seq = 1; seq <= 1_001; seq++) await happen(seq)
  assert.deepEqual(closed, ['slowConsumer'])
  release()
  await following
})
