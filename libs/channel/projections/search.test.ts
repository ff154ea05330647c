import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { channelAbsent } from '#libs/contracts/generated/channel.ts'
import { uuidv7 } from '#libs/journal/ids.ts'
import { created, erased, peopleFixture, posted } from '#libs/readmodel/people.fixtures.ts'
import { quiet, readModelFixture } from '#libs/readmodel/readmodel.fixtures.ts'
import { rebuild } from '#libs/readmodel/rebuild.ts'
import { createPositionWaiter } from '#libs/readmodel/wait.ts'
import { encodeEntities } from '../entities.ts'
import type { ChannelDraft, ChannelDraftOf } from '../events.ts'
import { channelHistory } from '../reads/history.ts'
import { channelReads } from '../reads/reads.ts'
import { historyReads, type Sought } from '../reads/search.ts'
import { messagesProjection } from './messages.ts'
import { searchProjection } from './search.ts'

const ann = '1001'
const bob = '1002'
const channel = '1001'

const setUp = async (t: TestContext) => {
  const fixture = await readModelFixture(t)
  const people = await peopleFixture(fixture.databaseUrl, [ann, bob])
  fixture.closing(people.vault.close)
  const keys = { ...people.vault.keys, forget: () => {} }
  const [messages, search] = [messagesProjection(keys), searchProjection(keys)]
  const reads = historyReads(fixture.sql)
  const running = [await fixture.run(messages), await fixture.run(search)]
  const caughtUp = async () => {
    for (const each of running) await each.caughtUp()
  }
  const seqs = async (sought: Partial<Sought> = {}) =>
    (await reads.search(channel, { has: [], all: false, limit: 50, ...sought })).map(({ seq }) => seq)
  const rebuilt = async () => {
    for (const projection of [messages, search]) {
      const { hashEqual } = await rebuild({ ...fixture.journal, ...fixture, projection, logger: quiet })
      assert.ok(hashEqual, projection.name)
    }
  }
  return { ...fixture, ...people, reads, caughtUp, seqs, rebuilt }
}

const said = (
  seq: number,
  author: string,
  text: string,
  more: Partial<ChannelDraftOf<'MessagePosted'>> = {},
): ChannelDraft => ({
  ...(posted(seq, author, text) as ChannelDraftOf<'MessagePosted'>),
  ...more,
})

const link = encodeEntities([{ kind: 'link', from: 0, to: 10 }])

test('what was said is found by words, parts, author, time and what is in it', async (t) => {
  const { journal, channelRecord, caughtUp, seqs } = await setUp(t)
  const texts: readonly ChannelDraft[] = [
    said(2, ann, 'The quick brown Fox'),
    said(3, bob, 'a lazy dog, 100% lazy'),
    said(4, ann, 'https://a.b', { entities: link, form: 'announcement' }),
    said(5, bob, 'quick answer', { replyTo: uuidv7(), replyToAuthor: ann, thread: uuidv7() }),
    said(6, bob, 'seen by few', { seenBy: 'author' }),
    said(7, ann, 'short lived'),
  ]
  await journal.write('channel', 0, [
    channelRecord(channel, [created(channel, ann)]),
    ...texts.map((draft) => channelRecord(channel, [draft])),
    channelRecord(channel, [
      {
        type: 'MessageDeleted',
        ...channelAbsent.MessageDeleted,
        seq: 8,
        messageId: uuidv7(),
        messageSeq: 7,
        author: ann,
      },
    ]),
  ])
  await journal.write('channel', 1, [channelRecord('1002', [said(2, bob, 'quick elsewhere')])])
  await caughtUp()
  assert.deepEqual(await seqs(), [5, 4, 3, 2])
  assert.deepEqual(await seqs({ words: 'QUICK' }), [5, 2])
  assert.deepEqual(await seqs({ words: 'quick -answer' }), [2])
  assert.deepEqual(await seqs({ words: '"brown fox" or dog' }), [3, 2])
  assert.deepEqual(await seqs({ words: 'quic' }), [])
  assert.deepEqual(await seqs({ part: 'UIC' }), [5, 2])
  assert.deepEqual(await seqs({ part: '0% l' }), [3])
  assert.deepEqual(await seqs({ part: '_uick' }), [])
  assert.deepEqual(await seqs({ author: ann }), [4, 2])
  assert.deepEqual(await seqs({ has: ['link', 'announcement'] }), [4])
  assert.deepEqual(await seqs({ has: ['reply'] }), [5])
  assert.deepEqual(await seqs({ before: 4, limit: 1 }), [3])
  assert.deepEqual(await seqs({ all: true }), [7, 6, 5, 4, 3, 2])
  assert.deepEqual(await seqs({ all: true, deleted: true }), [7])
  const at = 1_780_000_000_000
  assert.deepEqual(await seqs({ from: at + 3, to: at + 5 }), [4, 3])
})

test('an edit is what is found, a restored message is found again', async (t) => {
  const { journal, channelRecord, caughtUp, seqs, rebuilt } = await setUp(t)
  const message = uuidv7()
  await journal.write('channel', 0, [
    channelRecord(channel, [created(channel, ann)]),
    channelRecord(channel, [said(2, ann, 'first words', { entities: link })], { commandId: message }),
    channelRecord(channel, [
      {
        type: 'MessageEdited',
        ...channelAbsent.MessageEdited,
        seq: 3,
        messageId: message,
        messageSeq: 2,
        author: ann,
        text: 'other words',
      },
    ]),
    channelRecord(channel, [said(4, bob, 'third')]),
    channelRecord(channel, [{ type: 'MessagesDeleted', seq: 5, author: null, messageSeqs: [4] }]),
  ])
  await caughtUp()
  assert.deepEqual(
    [await seqs({ words: 'first' }), await seqs({ words: 'other' }), await seqs({ has: ['link'] })],
    [[], [2], []],
  )
  assert.deepEqual(await seqs(), [2])
  await journal.write('channel', 0, [channelRecord(channel, [{ type: 'MessagesRestored', seq: 6, messageSeqs: [4] }])])
  await caughtUp()
  assert.deepEqual(await seqs(), [4, 2])
  const gone = () => seqs({ all: true, deleted: true })
  assert.deepEqual(await gone(), [])
  await journal.write('channel', 0, [
    channelRecord(channel, [{ type: 'MessagesDeleted', seq: 7, author: null, messageSeqs: null }]),
  ])
  await caughtUp()
  assert.deepEqual([await seqs(), await gone()], [[], [4, 2]])
  await rebuilt()
})

test('nothing of an erased person is found, and a model built anew is the same', async (t) => {
  const { journal, channelRecord, accountRecord, caughtUp, seqs, rebuilt, sql, vault } = await setUp(t)
  await journal.write('channel', 0, [
    channelRecord(channel, [created(channel, ann)]),
    channelRecord(channel, [said(2, ann, 'secret plans')]),
    channelRecord(channel, [said(3, bob, 'other plans')]),
  ])
  await caughtUp()
  await journal.write('account', 0, [accountRecord(ann, [erased(ann)])])
  await caughtUp()
  await vault.keys.erase(ann)
  assert.deepEqual([await seqs({ words: 'plans', all: true }), await seqs({ author: ann, all: true })], [[3], []])
  const [row] = await sql`select text, has::text from readmodel.message_search where seq = 2`
  assert.deepEqual({ ...row }, { text: null, has: '[]' })
  await rebuilt()
})

test('what a channel keeps no longer is gone from search, history and resumes, which say so', async (t) => {
  const { journal, channelRecord, caughtUp, seqs, rebuilt, reads, sql, closing } = await setUp(t)
  const waiter = await createPositionWaiter(sql)
  closing(waiter.close)
  const [history, pages] = [channelHistory(sql, waiter), channelReads(sql)]
  const at = 1_780_000_000_000
  await journal.write('channel', 0, [
    channelRecord(channel, [created(channel, ann)]),
    ...[2, 3, 4, 5].map((seq) => channelRecord(channel, [said(seq, ann, `text ${seq}`)])),
    channelRecord(channel, [{ type: 'RetentionChanged', seq: 6, actor: ann, days: 30 }]),
  ])
  await caughtUp()
  assert.equal(await reads.trimmedBefore(channel), null)
  await journal.write('channel', 0, [channelRecord(channel, [{ type: 'HistoryTrimmed', before: at + 4 }])])
  await caughtUp()
  assert.deepEqual(await seqs(), [5, 4])
  assert.deepEqual(
    (await pages.messages(channel, { limit: 50 })).map(({ seq }) => seq),
    [4, 5],
  )
  assert.equal(await reads.trimmedBefore(channel), at + 4)
  const gap = { type: 'gap', channel, lane: 'public', from: 2, to: 3, cause: 'too_old' }
  assert.deepEqual(await history.between(channel, 2, 6), [{ lane: 'public', number: 3, frame: gap }])
  assert.deepEqual(
    (await history.between(channel, 4, 6)).map(({ number }) => number),
    [4, 5, 6],
  )
  await journal.write('channel', 0, [
    channelRecord(channel, [{ type: 'HistoryTrimmed', before: at + 4 }]),
    channelRecord(channel, [{ type: 'HistoryTrimmed', before: at + 1_000 }]),
  ])
  await caughtUp()
  assert.deepEqual(await seqs(), [])
  assert.deepEqual(
    (await history.between(channel, 1, 9)).map(({ number }) => number),
    [6],
  )
  await rebuilt()
})

test('a message is shown among its neighbours, to each as they may see them', async (t) => {
  const { journal, channelRecord, caughtUp, reads } = await setUp(t)
  const ids = new Map([2, 3, 4, 5, 6].map((seq) => [seq, uuidv7()]))
  await journal.write('channel', 0, [
    channelRecord(channel, [created(channel, ann)]),
    ...[...ids].map(([seq, commandId]) =>
      channelRecord(channel, [said(seq, ann, `text ${seq}`, { seenBy: seq === 3 ? 'author' : null })], { commandId }),
    ),
  ])
  await caughtUp()
  const around = async (seq: number, before: number, after: number, all: boolean) =>
    (await reads.around(channel, ids.get(seq) ?? '', { before, after, all }))?.map((each) => each.seq)
  assert.deepEqual(await around(4, 2, 1, false), [2, 4, 5])
  assert.deepEqual(await around(4, 1, 0, true), [3, 4])
  assert.deepEqual(await around(2, 5, 2, true), [2, 3, 4])
  assert.equal(await around(3, 1, 1, false), undefined)
  assert.deepEqual(await around(3, 1, 1, true), [2, 3, 4])
  assert.deepEqual(
    (await reads.page(channel, 2, 2)).map(({ seq }) => seq),
    [4, 5],
  )
})
