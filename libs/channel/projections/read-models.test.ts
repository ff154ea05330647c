import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { LaneFrame } from '#libs/channel/frames/lane-frame.ts'
import { channelHistory } from '#libs/channel/reads/history.ts'
import { messageById } from '#libs/channel/reads/messages.ts'
import { channelReads } from '#libs/channel/reads/reads.ts'
import { channelAbsent } from '#libs/contracts/generated/channel.ts'
import type { Copied } from '#libs/contracts/sealed.ts'
import { uuidv7 } from '#libs/journal/ids.ts'
import { parkedRetry } from '#libs/readmodel/parked.ts'
import { created, erased, peopleFixture, posted } from '#libs/readmodel/people.fixtures.ts'
import { quiet, readModelFixture } from '#libs/readmodel/readmodel.fixtures.ts'
import { rebuild } from '#libs/readmodel/rebuild.ts'
import { createPositionWaiter } from '#libs/readmodel/wait.ts'
import { until } from '#libs/testing/until.ts'
import { channelsProjection } from './channels.ts'
import { messagesProjection } from './messages.ts'

const ann = '1001'
const bob = '1002'
const channel = '1001'

const setUp = async (t: TestContext) => {
  const fixture = await readModelFixture(t)
  const people = await peopleFixture(fixture.databaseUrl, [ann, bob])
  fixture.closing(people.vault.close)
  const waiter = await createPositionWaiter(fixture.sql)
  fixture.closing(waiter.close)
  // A reader whose cache still holds the key when the erasure comes: the rows must not depend on its being dropped.
  const keys = { ...people.vault.keys, forget: () => {} }
  return {
    ...fixture,
    ...people,
    messages: messagesProjection(keys),
    channels: channelsProjection(keys),
    reads: channelReads(fixture.sql),
    history: channelHistory(fixture.sql, waiter),
  }
}

const say = (seqs: readonly number[], author = ann) => seqs.map((seq) => posted(seq, author, `text ${seq}`))

test('history is paged by number: the last messages, those before one, those after one', async (t) => {
  const { journal, run, reads, messages, channelRecord } = await setUp(t)
  const records = say([2, 3, 4, 5, 6, 7]).map((draft) => channelRecord(channel, [draft]))
  await journal.write('channel', 0, [channelRecord(channel, [created(channel, ann)]), ...records])
  await journal.write('channel', 1, [channelRecord('1002', [posted(9, bob, 'elsewhere')])])
  await (await run(messages)).caughtUp()
  const seqs = async (page: Parameters<typeof reads.messages>[1]) =>
    (await reads.messages(channel, page)).map(({ seq }) => seq)
  assert.deepEqual(await seqs({ limit: 3 }), [5, 6, 7])
  assert.deepEqual(await seqs({ before: 5, limit: 2 }), [3, 4])
  assert.deepEqual(await seqs({ after: 3, limit: 2 }), [4, 5])
  const [first] = await reads.messages(channel, { after: 0, limit: 1 })
  assert.deepEqual(first, {
    messageId: records[0]?.commandId,
    seq: 2,
    at: 1_780_000_000_002,
    authorId: ann,
    authorName: 'Name of 1001',
    text: 'text 2',
    deleted: false,
    entities: null,
    body: null,
  })
})

test('a resume gets every number of the public lane: messages, moderation and settings; what is deleted is a skip', async (t) => {
  const { journal, run, history, sql, messages, channelRecord } = await setUp(t)
  const messageId = uuidv7()
  await journal.write('channel', 0, [
    channelRecord(channel, [created(channel, ann)]),
    channelRecord(channel, [posted(2, bob, 'rude')], { commandId: messageId }),
    channelRecord(channel, [{ type: 'MemberTimedOut', seq: 3, member: bob, until: 5_000 }]),
    channelRecord(channel, [
      { type: 'MessageDeleted', ...channelAbsent.MessageDeleted, seq: 4, messageId, messageSeq: 2, author: bob },
    ]),
    channelRecord(channel, [{ type: 'TimeoutEnded', seq: 5, member: bob, cause: 'lifted' }]),
    channelRecord(channel, [{ type: 'RoleAssigned', seq: 6, member: bob, role: 'vip' }]),
    channelRecord(channel, [{ type: 'SettingsChanged', seq: 7, actor: ann, topic: 'tea', slowModeSeconds: null }]),
    channelRecord(channel, [{ type: 'SettingsChanged', seq: 8, actor: ann, topic: null, slowModeSeconds: 5 }]),
    channelRecord(channel, [posted(9, ann, 'hello')]),
  ])
  await (await run(messages)).caughtUp()
  const shown = ({ frame }: LaneFrame) => (frame.type === 'event' ? { ...frame.event } : frame.type)
  assert.deepEqual((await history.between(channel, 1, 99)).map(shown), [
    { kind: 'channel-created', owner: ann },
    'skip',
    { kind: 'timeout', member: bob, until: 5_000 },
    { kind: 'message-deleted', messageId, messageSeq: 2 },
    { kind: 'timeout-ended', member: bob, cause: 'lifted' },
    { kind: 'role', member: bob, role: 'vip' },
    { kind: 'settings', topic: 'tea' },
    { kind: 'settings', slowModeSeconds: 5 },
    {
      kind: 'message',
      id: (await sql`select command_id from readmodel.lane_events where seq = 9`)[0]?.command_id,
      author: { id: ann, name: 'Name of 1001' },
      text: 'hello',
    },
  ])
  assert.deepEqual(
    (await history.between(channel, 3, 5)).map(({ number }) => number),
    [3, 4, 5],
  )
  assert.equal(await history.startOfLast(channel, 1, 10), 9)
  assert.equal(await history.startOfLast(channel, 5, 10), 2)
  assert.equal(await history.startOfLast(channel, 5, 2), 2)
  const message = await messageById(sql, channel, messageId)
  assert.deepEqual([message?.deleted, message?.version], [true, 4])
})

test('a channel tells its settings, roles and versions as of the last record', async (t) => {
  const { journal, run, reads, history, channels, channelRecord } = await setUp(t)
  await journal.write('channel', 0, [
    channelRecord(channel, [created(channel, ann)]),
    channelRecord(channel, [{ type: 'RoleAssigned', seq: 2, member: bob, role: 'moderator' }]),
    channelRecord(channel, [{ type: 'SettingsChanged', seq: 3, actor: bob, topic: 'tea', slowModeSeconds: null }]),
    channelRecord(channel, [{ type: 'SettingsChanged', seq: 4, actor: ann, topic: null, slowModeSeconds: 5 }]),
    channelRecord(channel, [posted(5, ann, 'hello')]),
  ])
  const running = await run(channels)
  await running.caughtUp()
  const expected = { channelId: channel, ownerId: ann, slug: null, topic: 'tea', slowModeSeconds: 5, seq: 5 }
  const modes = { slow: { value: 5, actor: ann, since: 1_780_000_000_004 } }
  assert.deepEqual(await reads.channel(channel), {
    ...expected,
    modes,
    texts: {},
    pin: null,
    closed: false,
    historyDays: null,
    createdAt: 1_780_000_000_001,
    settingsVersion: 4,
  })
  assert.deepEqual(await reads.roles(channel), { version: 2, roles: [{ accountId: bob, role: 'moderator' }] })
  assert.equal(await reads.roleOf(channel, bob), 'moderator')
  const token = await journal.write('channel', 0, [
    channelRecord(channel, [{ type: 'RoleAssigned', seq: 6, member: bob, role: null }]),
    channelRecord(channel, [{ type: 'SettingsChanged', seq: 7, actor: ann, topic: '', slowModeSeconds: null }]),
  ])
  const view = await history.open(channel, token)
  assert.deepEqual(
    { ...view, roles: [...(view?.roles ?? [])], timeouts: [...(view?.timeouts ?? [])], bans: view?.bans?.toJS() },
    {
      ...{ ownerId: ann, slug: null, topic: null, topicActor: ann, slowModeSeconds: 5 },
      ...{
        roles: [],
        timeouts: [],
        bans: {},
        modes,
        texts: {},
        pin: undefined,
        poll: undefined,
        closed: false,
        seq: 7,
        moderationSeq: 0,
      },
    },
  )
  assert.deepEqual(await reads.roles(channel), { version: 6, roles: [] })
  const historyDays = async (...days: readonly (number | null)[]) => {
    const kept = (each: number | null) => ({ type: 'RetentionChanged', seq: 8, actor: ann, days: each }) as const
    await journal.write('channel', 0, [
      ...days.map((each) => channelRecord(channel, [kept(each)])),
      channelRecord(channel, [posted(9, ann, 'hello')]),
    ])
    await running.caughtUp()
    return (await reads.channel(channel))?.historyDays
  }
  assert.deepEqual([await historyDays(30), await historyDays(), await historyDays(7, null)], [30, 30, null])
  assert.equal(
    (await reads.channel(channel))?.settingsVersion,
    12,
    'the record of the last change, not of what was said',
  )
  assert.equal(await reads.channel('77'), undefined)
})

test('the moderation log is read the latest first, and timeouts that are over are gone', async (t) => {
  const { journal, run, reads, history, sql, channels, channelRecord } = await setUp(t)
  const logged = (moderationSeq: number, reason: string | null) =>
    ({
      type: 'ModerationLogged',
      ...channelAbsent.ModerationLogged,
      moderationSeq,
      actor: ann,
      action: 'time_out_member',
      member: bob,
      messageId: null,
      reason,
      durationMs: 60_000,
      role: null,
    }) as const
  await journal.write('channel', 0, [
    channelRecord(channel, [created(channel, ann)]),
    channelRecord(channel, [{ type: 'MemberTimedOut', seq: 2, member: bob, until: 5_000 }, logged(1, 'rude')]),
    channelRecord(channel, [{ type: 'MemberTimedOut', seq: 3, member: ann, until: 6_000 }, logged(2, null)]),
    channelRecord(channel, [{ type: 'TimeoutEnded', seq: 4, member: bob, cause: 'expired' }]),
  ])
  await (await run(channels)).caughtUp()
  const log = await reads.moderationLog(channel, { limit: 10 })
  assert.deepEqual(
    log.map(({ moderationSeq, reason, durationMs }) => [moderationSeq, reason, durationMs]),
    [
      [2, null, 60_000],
      [1, 'rude', 60_000],
    ],
  )
  assert.equal((await reads.moderationLog(channel, { before: 2, limit: 10 })).length, 1)
  const lane = await history.moderationBetween(channel, 1, 5)
  assert.deepEqual(
    lane.map(({ number, frame }) => [number, frame.type === 'moderation' && frame.entry.reason]),
    [
      [1, 'rude'],
      [2, undefined],
    ],
  )
  assert.deepEqual(await history.moderationBetween(channel, 3, 5), [])
  assert.deepEqual((await history.open(channel, null))?.timeouts, new Map([[ann, 6_000]]))
  assert.deepEqual(
    (await sql`select member_id from readmodel.timeouts`).map((row) => row.member_id),
    [ann],
  )
})

for (const first of ['messages', 'erasure'] as const) {
  test(`who is erased leaves no text behind, where the ${first} came first to the projector`, async (t) => {
    const { journal, run, sql, messages, channels, channelRecord, accountRecord } = await setUp(t)
    const running = [await run(messages), await run(channels)]
    const caughtUp = async () => {
      for (const each of running) await each.caughtUp()
    }
    const texts = async () => {
      await journal.write('channel', 0, [
        channelRecord(channel, [created(channel, ann)]),
        channelRecord(channel, [posted(2, ann, 'canary')]),
        channelRecord(channel, [posted(3, bob, 'stays')]),
        channelRecord(channel, [
          { type: 'SettingsChanged', seq: 4, actor: ann, topic: 'canary', slowModeSeconds: null },
        ]),
        channelRecord(channel, [
          {
            type: 'ModerationLogged',
            ...channelAbsent.ModerationLogged,
            moderationSeq: 1,
            actor: ann,
            action: 'time_out_member',
            member: bob,
            messageId: null,
            reason: 'canary',
            durationMs: 1,
            role: null,
          },
        ]),
      ])
      await caughtUp()
    }
    // The key is still alive in the vault: the manager that destroys it may lag behind.
    const erasure = async () => {
      await journal.write('account', 1, [accountRecord(ann, [erased(ann)])])
      await caughtUp()
    }
    const found = async () => {
      const [row] = await sql<{ count: number }[]>`
        select (
          (select count(*) from readmodel.lane_events row where row::text ~ 'canary|Name of 1001') +
          (select count(*) from readmodel.channels row where row::text ~ 'canary') +
          (select count(*) from readmodel.moderation_log row where row::text ~ 'canary'))::integer as count`
      return row?.count
    }
    if (first === 'messages') {
      await texts()
      assert.equal(await found(), 4)
      await erasure()
    } else {
      await erasure()
      await texts()
    }
    assert.equal(await found(), 0)
    const kept = await sql`select seq, text from readmodel.lane_events where type = 'MessagePosted' order by seq`
    assert.deepEqual(
      kept.map(({ seq, text }) => [Number(seq), text]),
      [
        [2, null],
        [3, 'stays'],
      ],
    )
  })
}

test('an erasure waits for messages that are being written, and scrubs them too', async (t) => {
  const { journal, run, sql, vault, channelRecord, accountRecord } = await setUp(t)
  const opening = Promise.withResolvers<void>()
  const erasing = Promise.withResolvers<void>()
  // Messages stop between having been opened and being written, until the erasure is on its way.
  const slowKeys = {
    ...vault.keys,
    forget: () => {},
    prefetch: async (subjects: Iterable<string>) => {
      await vault.keys.prefetch(subjects)
      opening.resolve()
      await erasing.promise
    },
  }
  const running = await run(messagesProjection(slowKeys), { lanes: 2 })
  await journal.write('channel', 0, [channelRecord(channel, [posted(2, ann, 'canary')])])
  await opening.promise
  await journal.write('account', 1, [accountRecord(ann, [erased(ann)])])
  const waits = async () =>
    (
      await sql`select 1 from pg_stat_activity where application_name = 'whiply messages_v6' and wait_event_type = 'Lock'`
    ).length > 0
  await until(waits).finally(erasing.resolve)
  await running.caughtUp()
  assert.deepEqual({ ...(await sql`select text, name from readmodel.lane_events`)[0] }, { text: null, name: null })
})

test('a rebuild equals the live rows, scrubbed ones among them, when the key is gone', async (t) => {
  const { journal, run, sql, connect, vault, messages, channels, channelRecord, accountRecord } = await setUp(t)
  const running = [await run(messages), await run(channels)]
  await journal.write('channel', 0, [
    channelRecord(channel, [created(channel, ann)]),
    ...say([2, 3, 4]).map((draft) => channelRecord(channel, [draft])),
    ...say([5, 6], bob).map((draft) => channelRecord(channel, [draft])),
  ])
  await journal.write('account', 0, [accountRecord(ann, [erased(ann)])])
  for (const each of running) await each.caughtUp()
  await vault.keys.erase(ann)
  for (const projection of [messages, channels]) {
    const rebuilt = await rebuild({ ...journal, sql, connect, projection, logger: quiet })
    assert.equal(rebuilt.hashEqual, true)
    assert.equal(rebuilt.records, 7)
  }
})

test('a character that Postgres has no place for does not stop a channel', async (t) => {
  const { journal, run, reads, messages, channelRecord } = await setUp(t)
  await journal.write('channel', 0, [channelRecord(channel, [posted(2, ann, 'a\0b')])])
  await (await run(messages)).caughtUp()
  assert.equal((await reads.messages(channel, { limit: 1 }))[0]?.text, 'a\uFFFDb')
})

test('a message that could not be opened is parked sealed, and is read once it is replayed', async (t) => {
  const { journal, run, sql, connect, reads, vault, channelRecord } = await setUp(t)
  let broken = true
  const keys = {
    ...vault.keys,
    open: (...sealed: Parameters<typeof vault.keys.open>) => {
      if (broken && sealed[0] === bob) throw new RangeError('no')
      return vault.keys.open(...sealed)
    },
  }
  const projection = messagesProjection(keys)
  const running = await run(projection)
  await journal.write('channel', 0, [
    channelRecord(channel, [posted(2, ann, 'first')]),
    channelRecord(channel, [posted(3, bob, 'second')]),
    channelRecord('1002', [posted(1, ann, 'elsewhere')]),
  ])
  await running.caughtUp()
  assert.equal((await reads.messages('1002', { limit: 9 })).length, 1)
  assert.equal((await reads.messages(channel, { limit: 9 })).length, 1)
  const [clear] =
    await sql`select count(*)::integer as count from readmodel.parked row where row::text ~ 'second|Name of'`
  assert.equal(clear?.count, 0)
  broken = false
  assert.deepEqual(
    (await parkedRetry({ sql, connect, projections: [projection] })).map(({ applied, left }) => [applied, left]),
    [[1, 0]],
  )
  assert.deepEqual(
    (await reads.messages(channel, { limit: 9 })).map(({ text }) => text),
    ['first', 'second'],
  )
})

const logEntry = (moderationSeq: number, fields: object) =>
  ({ type: 'ModerationLogged', ...channelAbsent.ModerationLogged, moderationSeq, actor: ann, ...fields }) as never

test('what is deleted by author, by number or altogether is gone until it is restored', async (t) => {
  const { journal, run, reads, messages, channelRecord, sql, connect } = await setUp(t)
  const deleted = (seq: number, author: string | null, messageSeqs: number[] | null) =>
    channelRecord(channel, [{ type: 'MessagesDeleted', seq, author, messageSeqs }])
  const there = async () =>
    (await reads.messages(channel, { limit: 9 })).flatMap(({ seq, deleted }) => (deleted ? [] : [seq]))
  await journal.write('channel', 0, [
    channelRecord(channel, [created(channel, ann)]),
    ...say([2, 3]).map((draft) => channelRecord(channel, [draft])),
    ...say([4, 5], bob).map((draft) => channelRecord(channel, [draft])),
    deleted(6, bob, null),
  ])
  const running = await run(messages)
  await running.caughtUp()
  assert.deepEqual(await there(), [2, 3])
  const [touched] = await sql`select count(*)::int as rows from messages_v6.lane_rows where deleted_by is not null`
  assert.equal(touched?.rows, 0, 'of a purge no message is written')
  await journal.write('channel', 0, [
    channelRecord(channel, [{ type: 'MessagesRestored', seq: 7, messageSeqs: [5] }]),
    deleted(8, null, [2]),
  ])
  await running.caughtUp()
  assert.deepEqual(await there(), [3, 5])
  await journal.write('channel', 0, [deleted(9, null, null), channelRecord(channel, [posted(10, ann, 'after')])])
  await running.caughtUp()
  assert.deepEqual(await there(), [10])
  const [written] = await sql`select count(*)::int as rows from messages_v6.lane_rows where deleted_by >= 9`
  assert.equal(written?.rows, 0, 'of a clear no message is written')
  const before = async (seq: number) =>
    (await reads.messagesAsOf(channel, ann, { seq, limit: 9 })).flatMap((each) => (each.deleted ? [] : [each.seq]))
  assert.deepEqual([await before(8), await before(9)], [[3], []])
  await journal.write('channel', 0, [channelRecord(channel, [{ type: 'MessagesRestored', seq: 11, messageSeqs: [2] }])])
  await running.caughtUp()
  assert.deepEqual(await there(), [2, 10], 'a later record stands against a clear')
  await journal.write('channel', 0, [deleted(12, null, null)])
  await running.caughtUp()
  assert.deepEqual(await there(), [])
  const { hashEqual } = await rebuild({ ...journal, sql, connect, projection: messages, logger: quiet })
  assert.ok(hashEqual)
})

test('what only its author and moderators see is in no list, and is theirs at a resume', async (t) => {
  const { journal, run, reads, history, messages, channelRecord } = await setUp(t)
  await journal.write('channel', 0, [
    channelRecord(channel, [created(channel, ann)]),
    channelRecord(channel, [{ ...posted(2, bob, 'hidden'), seenBy: 'author' } as never]),
    channelRecord(channel, [posted(3, ann, 'seen')]),
  ])
  await (await run(messages)).caughtUp()
  assert.deepEqual(
    (await reads.messages(channel, { limit: 9 })).map(({ seq }) => seq),
    [3],
  )
  assert.equal((await reads.recent(channel, 0, 9)).length, 1)
  const frames = await history.between(channel, 2, 3)
  assert.deepEqual(
    frames.map(({ frame, only }) => [frame.type, only]),
    [
      ['event', bob],
      ['event', undefined],
    ],
  )
  assert.equal(await history.startOfLast(channel, 2, 9), 3)
})

test('a held message waits in the log, and is posted as its author sealed it', async (t) => {
  const { journal, run, reads, history, messages, channels, channelRecord, vault, accountRecord } = await setUp(t)
  const commandId = uuidv7()
  const heldEvent = `${commandId}/0`
  const held = {
    type: 'MessageHeld',
    ...channelAbsent.MessageHeld,
    moderationSeq: 1,
    author: bob,
    authorName: 'Bob',
    text: 'canary',
    cause: 'low_trust',
    label: 'toxic 0.95 (m7)',
  } as const
  const sealed = (field: string, text: string) => vault.keys.seal(bob, heldEvent, field, text) as Buffer as Copied
  const approved = {
    type: 'HeldMessageApproved',
    ...channelAbsent.HeldMessageApproved,
    seq: 2,
    messageId: commandId,
    heldEvent,
    author: bob,
    authorName: sealed('authorName', 'Bob'),
    text: sealed('text', 'canary'),
  } as const
  const running = [await run(messages), await run(channels)]
  const caughtUp = async () => {
    for (const each of running) await each.caughtUp()
  }
  await journal.write('channel', 0, [
    channelRecord(channel, [created(channel, ann)]),
    channelRecord(channel, [held], { commandId }),
  ])
  await caughtUp()
  assert.deepEqual(
    (await reads.held(channel)).map(({ messageId, text, cause }) => [messageId, text, cause]),
    [[commandId, 'canary', 'low_trust']],
  )
  const [frame] = await history.moderationBetween(channel, 1, 1)
  const told = frame?.frame.type === 'moderation' ? frame.frame.entry : undefined
  assert.deepEqual([told?.held?.text, told?.label], ['canary', 'toxic 0.95 (m7)'])
  await journal.write('channel', 0, [
    channelRecord(channel, [approved, logEntry(2, { action: 'approve_message', member: bob, messageId: commandId })]),
  ])
  await caughtUp()
  assert.deepEqual(await reads.held(channel), [])
  const [message] = await reads.messages(channel, { limit: 9 })
  assert.deepEqual([message?.messageId, message?.authorName, message?.text], [commandId, 'Bob', 'canary'])
  await journal.write('account', 1, [accountRecord(bob, [erased(bob)])])
  await caughtUp()
  assert.equal((await reads.messages(channel, { limit: 9 }))[0]?.text, null)
  const [entry] = await history.moderationBetween(channel, 1, 1)
  assert.equal(entry?.frame.type === 'moderation' && entry.frame.entry.held, undefined)
})

test('bans and marks that stand are listed, and the log is asked who, whom, what and when', async (t) => {
  const { journal, run, reads, channels, channelRecord, history } = await setUp(t)
  const marked = { type: 'MemberMarked', ...channelAbsent.MemberMarked, actor: ann, mark: 'mute' } as const
  await journal.write('channel', 0, [
    channelRecord(channel, [created(channel, ann)]),
    channelRecord(channel, [
      { type: 'MemberBanned', seq: 2, member: bob, until: null, origin: null },
      logEntry(1, { action: 'ban_member', member: bob, reason: 'spam', messages: ['line'] }),
    ]),
    channelRecord(channel, [
      { ...marked, member: bob, reason: 'loud', until: 9 },
      logEntry(2, { action: 'mark_member' }),
    ]),
    channelRecord(channel, [{ ...marked, member: '77' }, logEntry(3, { action: 'mark_member', member: '77' })]),
    channelRecord(channel, [{ type: 'MarkEnded', member: '77', mark: 'mute', cause: 'lifted' }]),
    channelRecord(channel, [
      { type: 'MemberBanned', seq: 3, member: '88', until: null, origin: '600' },
      logEntry(4, { actor: '0', action: 'ban_member', member: '88', origin: '600' }),
    ]),
  ])
  await (await run(channels)).caughtUp()
  assert.deepEqual(
    (await reads.marks(channel, { limit: 9 })).map(({ memberId, mark, until, actorId, reason }) => [
      memberId,
      mark,
      until,
      actorId,
      reason,
    ]),
    [
      ['88', 'ban', null, null, null],
      [bob, 'ban', null, ann, 'spam'],
      [bob, 'mute', 9, ann, 'loud'],
    ],
  )
  assert.equal((await reads.marks(channel, { mark: 'ban', limit: 9 })).length, 2)
  assert.deepEqual((await history.open(channel, null))?.bans?.toJS(), { [bob]: null, 88: null })
  const log = async (asked: object) =>
    (await reads.moderationLog(channel, { limit: 9, ...asked })).map(({ moderationSeq }) => moderationSeq)
  assert.deepEqual(await log({ member: bob }), [1])
  assert.deepEqual(await log({ actor: ann, action: 'mark_member' }), [3, 2])
  assert.deepEqual(await log({ actor: bob }), [])
  assert.deepEqual(await log({ from: 1_780_000_000_003 }), [4, 3, 2])
  assert.deepEqual(await log({ to: 1_780_000_000_003 }), [1])
  assert.deepEqual((await reads.moderationLog(channel, { member: bob, limit: 1 }))[0]?.messages, ['line'])
})

test('the pin, the texts of the house and whether it is closed are told, and texts go with who wrote them', async (t) => {
  const { journal, run, reads, history, channels, channelRecord, accountRecord } = await setUp(t)
  const text = (seq: number, kind: 'welcome' | 'rules', actor: string, said: string | null, version: number) =>
    channelRecord(channel, [{ type: 'TextChanged', seq, actor, kind, text: said, version }])
  await journal.write('channel', 0, [
    channelRecord(channel, [created(channel, ann)]),
    text(2, 'welcome', bob, 'Hello', 1),
    text(3, 'rules', ann, 'Be kind', 1),
    channelRecord(channel, [{ type: 'PinChanged', seq: 4, actor: ann, messageId: 'line', messageSeq: 3 }]),
    channelRecord(channel, [{ type: 'ChannelClosed', seq: 5, actor: ann }]),
    channelRecord(channel, [{ type: 'RulesAccepted', member: bob, version: 1 }]),
  ])
  const running = await run(channels)
  await running.caughtUp()
  const view = await history.open(channel, null)
  assert.deepEqual([view?.pin, view?.closed], [{ messageId: 'line', messageSeq: 3 }, true])
  assert.deepEqual(view?.texts, {
    welcome: { text: 'Hello', version: 1, actor: bob },
    rules: { text: 'Be kind', version: 1, actor: ann },
  })
  assert.deepEqual([await reads.acceptedRules(channel, bob), await reads.acceptedRules(channel, ann)], [1, undefined])
  await journal.write('account', 1, [accountRecord(bob, [erased(bob)])])
  await journal.write('channel', 0, [
    text(6, 'rules', ann, null, 2),
    channelRecord(channel, [{ type: 'PinChanged', seq: 7, actor: ann, messageId: null, messageSeq: null }]),
    channelRecord(channel, [{ type: 'ChannelReopened', seq: 8, actor: ann }]),
  ])
  await running.caughtUp()
  const after = await reads.channel(channel)
  assert.deepEqual([after?.texts, after?.pin, after?.closed], [{}, null, false])
})

test('an edited message says what it says now, to moderators what it said before, and a resume what changed', async (t) => {
  const { journal, run, reads, history, messages, channelRecord, accountRecord, sql, connect, vault } = await setUp(t)
  const messageId = uuidv7()
  const edit = (seq: number, text: string) =>
    channelRecord(channel, [
      {
        type: 'MessageEdited',
        ...channelAbsent.MessageEdited,
        seq,
        messageId,
        messageSeq: 2,
        author: bob,
        text,
      },
    ])
  await journal.write('channel', 0, [
    channelRecord(channel, [created(channel, ann)]),
    channelRecord(channel, [posted(2, bob, 'first')], { commandId: messageId }),
    edit(3, 'second'),
    edit(4, 'third'),
  ])
  const running = await run(messages)
  await running.caughtUp()
  const [message] = await reads.messages(channel, { limit: 1 })
  assert.deepEqual([message?.text, message?.body?.editedAt], ['third', 1_780_000_000_004])
  assert.deepEqual(await reads.edits(channel, 2), [
    { until: 1_780_000_000_003, text: 'first' },
    { until: 1_780_000_000_004, text: 'second' },
  ])
  const shown = async () =>
    (await history.between(channel, 2, 4)).map(({ frame }) =>
      frame.type === 'event' && 'text' in frame.event ? [frame.event.kind, frame.event.text] : frame.type,
    )
  assert.deepEqual(await shown(), [['message', 'third'], 'skip', ['message-edited', 'third']])
  await journal.write('channel', 0, [
    channelRecord(channel, [
      { type: 'MessageDeleted', ...channelAbsent.MessageDeleted, seq: 5, messageId, messageSeq: 2, author: bob },
    ]),
  ])
  await running.caughtUp()
  assert.deepEqual(await shown(), ['skip', 'skip', 'skip'])
  await journal.write('account', 1, [accountRecord(bob, [erased(bob)])])
  await running.caughtUp()
  assert.deepEqual(
    (await reads.edits(channel, 2)).map(({ text }) => text),
    [null, null],
  )
  await vault.keys.erase(bob)
  assert.equal((await rebuild({ ...journal, sql, connect, projection: messages, logger: quiet })).hashEqual, true)
})
