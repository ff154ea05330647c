import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { codecs } from '#libs/contracts/codecs.ts'
import type { Copied } from '#libs/contracts/sealed.ts'
import { uuidv7 } from '#libs/journal/ids.ts'
import { erased, peopleFixture } from '#libs/readmodel/people.fixtures.ts'
import { quiet, readModelFixture } from '#libs/readmodel/readmodel.fixtures.ts'
import { rebuild } from '#libs/readmodel/rebuild.ts'
import { createPositionWaiter } from '#libs/readmodel/wait.ts'
import { until } from '#libs/testing/until.ts'
import { received } from '../conversation.fixtures.ts'
import { conversationReads, whisperHistory } from '../queries.ts'
import { whispersProjection } from './whispers.ts'

const ann = '1001'
const bob = '1002'
const cat = '1003'

const setUp = async (t: TestContext) => {
  const fixture = await readModelFixture(t)
  const people = await peopleFixture(fixture.databaseUrl, [ann, bob, cat])
  fixture.closing(people.vault.close)
  const waiter = await createPositionWaiter(fixture.sql)
  fixture.closing(waiter.close)
  const record = people.conversationRecord
  // A reader whose cache still holds the key when the erasure comes: the rows must not depend on its being dropped.
  const keys = { ...people.vault.keys, forget: () => {} }
  /** A whisper from one to another: what each has in their lane. */
  const whisper = (from: string, to: string, seqs: { readonly to: number; readonly from: number }, text: string) => {
    const whisperId = uuidv7()
    const arrived = record(to, [received({ whisperSeq: seqs.to, sender: from, senderName: `Name of ${from}`, text })], {
      commandId: whisperId,
    })
    const [encoded] = arrived.events ?? []
    const event = encoded && codecs.conversation.decodeEvent(encoded)
    assert.ok(event?.type === 'WhisperReceived')
    const copy = record(from, [
      {
        type: 'WhisperSent',
        whisperSeq: seqs.from,
        whisperId,
        sender: from,
        receiver: to,
        receivedEvent: `${whisperId}/0`,
        senderName: event.senderName as Buffer as Copied,
        text: event.text as Buffer as Copied,
      },
    ])
    return [arrived, copy]
  }
  return {
    ...fixture,
    ...people,
    record,
    whisper,
    projection: whispersProjection(keys),
    reads: conversationReads(fixture.sql),
    history: whisperHistory(fixture.sql, waiter),
  }
}

test('each has a lane of their own: conversations are listed, paged and read', async (t) => {
  const { journal, run, whisper, record, projection, reads, history } = await setUp(t)
  await journal.write('conversation', 0, [
    ...whisper(ann, bob, { to: 1, from: 1 }, 'hi'),
    ...whisper(cat, bob, { to: 2, from: 1 }, 'me too'),
    ...whisper(bob, ann, { to: 2, from: 3 }, 'hello'),
    ...whisper(ann, bob, { to: 4, from: 3 }, 'how are you?'),
  ])
  const token = await journal.write('conversation', 0, [
    record(bob, [{ type: 'WhispersRead', whisperSeq: 5, peer: ann, upTo: 1 }]),
    record(bob, [{ type: 'WhisperSettingsChanged', whisperSeq: 6, allow: 'followed' }]),
    record(bob, [{ type: 'SenderBlocked', whisperSeq: 7, sender: cat }]),
  ])
  await (await run(projection)).caughtUp()
  assert.deepEqual(await history.open(bob, token), { allow: 'followed', whisperSeq: 7, blocked: [cat] })
  const listed = await reads.conversations(bob, { limit: 10 })
  assert.deepEqual(
    listed.map(({ peerId, last, readUpTo, unread }) => [peerId, last.text, readUpTo, unread]),
    [
      [ann, 'how are you?', 1, 1],
      [cat, 'me too', 0, 1],
    ],
  )
  assert.deepEqual(
    (await reads.conversations(bob, { before: 4, limit: 10 })).map(({ peerId }) => peerId),
    [cat],
  )
  const seqs = async (page: Parameters<typeof reads.whispersWith>[2]) =>
    (await reads.whispersWith(bob, ann, page)).map(({ whisperSeq, text }) => [whisperSeq, text])
  assert.deepEqual(await seqs({ limit: 2 }), [
    [3, 'hello'],
    [4, 'how are you?'],
  ])
  assert.deepEqual(await seqs({ before: 3, limit: 2 }), [[1, 'hi']])
  assert.deepEqual(await seqs({ after: 1, limit: 1 }), [[3, 'hello']])
  assert.deepEqual(await reads.whispersWith(cat, ann, { limit: 9 }), [], 'nobody else’s')
  assert.deepEqual(await Promise.all([ann, cat].map((peer) => reads.hasWhisperedTo(bob, peer))), [true, false])
  assert.deepEqual(
    (await history.between(bob, 3, 9)).map(({ whisperSeq, event }) => [whisperSeq, event.kind]),
    [
      [3, 'sent'],
      [4, 'received'],
      [5, 'read'],
      [6, 'settings'],
      [7, 'blocked'],
    ],
  )
  assert.deepEqual(await history.open('77', null), { allow: 'everybody', whisperSeq: 0, blocked: [] })
})

test('who is erased has no lane any more, and no words in that of others, built anew too', async (t) => {
  const { journal, run, whisper, projection, reads, sql, accountRecord, vault, connect } = await setUp(t)
  await journal.write('conversation', 0, [
    ...whisper(ann, bob, { to: 1, from: 1 }, 'forget me'),
    ...whisper(bob, ann, { to: 2, from: 2 }, 'never'),
  ])
  const running = await run(projection)
  await running.caughtUp()
  await journal.write('account', 1, [accountRecord(ann, [erased(ann)])])
  // Behind the erasure, as it may come: what is late is not kept either.
  await journal.write('conversation', 0, [...whisper(ann, bob, { to: 3, from: 3 }, 'late')])
  await until(async () => (await reads.whispersWith(bob, ann, { limit: 9 })).length === 3)
  await until(async () => (await reads.whispersWith(bob, ann, { limit: 9 }))[0]?.text === null)
  assert.deepEqual(
    (await reads.whispersWith(bob, ann, { limit: 9 })).map(({ name, text }) => [name, text]),
    [
      [null, null],
      [`Name of ${bob}`, 'never'],
      [null, null],
    ],
  )
  const [own] = await sql`select count(*)::int as rows from readmodel.whispers where account_id = ${ann}`
  assert.equal(own?.rows, 0)
  await vault.keys.erase(ann)
  const rebuilt = await rebuild({ ...journal, sql, connect, projection, logger: quiet })
  assert.equal(rebuilt.hashEqual, true)
})
