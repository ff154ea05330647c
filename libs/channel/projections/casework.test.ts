import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { caseworkReads } from '#libs/channel/casework/reads.ts'
import { readElsewhere } from '#libs/channel/elsewhere/reads.ts'
import { readEvidence } from '#libs/channel/evidence/reads.ts'
import { channelAbsent } from '#libs/contracts/generated/channel.ts'
import { uuidv7 } from '#libs/journal/ids.ts'
import { created, erased, peopleFixture, posted } from '#libs/readmodel/people.fixtures.ts'
import { quiet, readModelFixture } from '#libs/readmodel/readmodel.fixtures.ts'
import { rebuild } from '#libs/readmodel/rebuild.ts'
import { until } from '#libs/testing/until.ts'
import type { ChannelDraft } from '../events.ts'
import { caseworkProjection } from './casework.ts'
import { channelsProjection } from './channels.ts'
import { messagesProjection } from './messages.ts'

const ann = '1001'
const bob = '1002'
const channel = '1001'

const setUp = async (t: TestContext) => {
  const fixture = await readModelFixture(t)
  const people = await peopleFixture(fixture.databaseUrl, [ann, bob])
  fixture.closing(people.vault.close)
  const keys = { ...people.vault.keys, forget: () => {} }
  return {
    ...fixture,
    ...people,
    casework: caseworkProjection(keys),
    messages: messagesProjection(keys),
    reads: caseworkReads(fixture.sql),
  }
}

const opened: ChannelDraft = {
  type: 'ReportOpened',
  reporter: ann,
  member: bob,
  messageId: 'message',
  messageSeq: 6,
  category: 'spam',
  words: 'words of ann',
}
const kept: ChannelDraft = {
  type: 'EvidenceKept',
  messageId: 'message',
  messageSeq: 6,
  author: bob,
  authorName: 'Bob',
  text: 'text of bob',
  postedAt: 5,
  named: true,
}

test('reports wait, are claimed and handled, with what they are about; it goes with its authors, rebuilt or not', async (t) => {
  const { journal, run, reads, casework, channelRecord, accountRecord, vault, sql, connect } = await setUp(t)
  const [first, second] = [uuidv7(1_000), uuidv7(2_000)]
  await journal.write('channel', 0, [
    channelRecord(channel, [created(channel, ann)]),
    channelRecord(channel, [opened, kept], { commandId: first }),
    channelRecord(channel, [{ ...opened, words: null, messageId: null }], { commandId: second }),
    channelRecord(channel, [{ type: 'ReportClaimed', reportId: first, actor: bob, claimed: true }]),
  ])
  const running = await run(casework)
  await running.caughtUp()
  const waiting = await reads.reports(channel, { status: 'waiting', limit: 10 })
  assert.deepEqual(
    waiting.map(({ reportId, status, words, moderatorId }) => [reportId, status, words, moderatorId]),
    [
      [second, 'open', null, null],
      [first, 'claimed', 'words of ann', bob],
    ],
  )
  const evidence = { messageId: 'message', seq: 6, authorId: bob, authorName: 'Bob', text: 'text of bob' }
  assert.deepEqual(waiting[1]?.evidence, [{ ...evidence, at: 5, named: true }])
  assert.deepEqual(await reads.evidence(channel, first), waiting[1]?.evidence)
  const closed = { type: 'ReportClosed', reportId: first, reporter: ann, actor: bob, resolution: 'acted' } as const
  await journal.write('channel', 0, [channelRecord(channel, [{ ...closed, actId: 'act' }])])
  await running.caughtUp()
  const of = async (asked: Partial<Parameters<typeof reads.reports>[1]>) =>
    (await reads.reports(channel, { limit: 10, ...asked })).map(({ reportId }) => reportId)
  assert.deepEqual(await of({ status: 'waiting' }), [second])
  assert.deepEqual(await of({ status: 'acted', member: bob, reporter: ann }), [first])
  assert.deepEqual(await of({ before: second }), [first])
  assert.deepEqual(await of({ member: ann }), [])
  await vault.keys.erase(bob)
  await journal.write('account', 0, [accountRecord(bob, [erased(bob)])])
  const texts = async () => (await reads.evidence(channel, first)).map(({ authorName, text }) => [authorName, text])
  await until(async () => (await texts())[0]?.[1] === null)
  assert.deepEqual(await texts(), [[null, null]])
  await vault.keys.erase(ann)
  await journal.write('account', 0, [accountRecord(ann, [erased(ann)])])
  await until(async () => (await reads.reports(channel, { limit: 10 })).every(({ words }) => words === null))
  const { hashEqual } = await rebuild({ ...journal, sql, connect, projection: casework, logger: quiet })
  assert.ok(hashEqual)
})

test('terms are blocked until they are lifted', async (t) => {
  const { journal, run, reads, casework, channelRecord } = await setUp(t)
  const [one, other] = [uuidv7(1_000), uuidv7(2_000)]
  await journal.write('channel', 0, [
    channelRecord(channel, [created(channel, ann)]),
    channelRecord(channel, [{ type: 'TermBlocked', actor: ann, term: 'free skins', match: null }], { commandId: one }),
    channelRecord(channel, [{ type: 'TermBlocked', actor: ann, term: 'free c+oins', match: 'pattern' }], {
      commandId: other,
    }),
    channelRecord(channel, [{ type: 'TermDecided', termId: one, actor: bob, kept: false }]),
    channelRecord(channel, [{ type: 'TermDecided', termId: other, actor: bob, kept: true }]),
  ])
  await (await run(casework)).caughtUp()
  const terms = (await reads.terms(channel)).map(({ since: _, ...term }) => term)
  assert.deepEqual(terms, [{ termId: other, term: 'free c+oins', match: 'pattern', actorId: ann, kept: true }])
})

test('an edge finds what an act is about: named, around a message, or last of a member', async (t) => {
  const { journal, run, sql, messages, channelRecord } = await setUp(t)
  const ids = Array.from({ length: 16 }, () => uuidv7())
  const said = ids.map((commandId, index) =>
    channelRecord(channel, [posted(index + 2, index % 2 ? bob : ann, `text ${index}`)], { commandId }),
  )
  const hidden = { ...posted(18, bob, 'unseen'), seenBy: 'author' } as ChannelDraft
  await journal.write('channel', 0, [
    channelRecord(channel, [created(channel, ann)]),
    ...said,
    channelRecord(channel, [hidden]),
    channelRecord(channel, [{ type: 'MessagesDeleted', seq: 19, author: ann, messageSeqs: null }]),
  ])
  await (await run(messages)).caughtUp()
  const read = readEvidence(sql)
  const numbers = async (asked: Parameters<typeof read>[1]) =>
    (await read(channel, asked)).map(({ seq, named }) => (named ? `${seq}!` : `${seq}`))
  assert.deepEqual(await numbers({ around: ids[7] ?? '' }), [
    '4',
    '5',
    '6',
    '7',
    '8',
    '9!',
    '10',
    '11',
    '12',
    '13',
    '14',
  ])
  assert.deepEqual(await numbers({ around: ids[15] ?? '' }), ['12', '13', '14', '15', '16', '17!'])
  assert.deepEqual(await numbers({ messages: [ids[0] ?? '', ids[10] ?? '', 'none'] }), [
    '2!',
    '7',
    '8',
    '9',
    '10',
    '11',
    '12!',
    '13',
    '14',
    '15',
    '16',
    '17',
  ])
  assert.deepEqual(await numbers({ lastOf: bob }), ['3', '5', '7', '9', '11', '13', '15', '17', '18'])
  assert.deepEqual((await read(channel, { messages: [ids[0] ?? ''] }))[0]?.text, 'text 0')
  assert.deepEqual(await numbers({ messages: ['none'] }), [])
})

test('appeals wait with what was done and said then, are answered, or are over with what they are about', async (t) => {
  const { journal, run, reads, casework, channelRecord, accountRecord, vault, sql } = await setUp(t)
  const channels = channelsProjection({ ...vault.keys, forget: () => {} })
  const [ban, one, other] = [uuidv7(1_000), uuidv7(2_000), uuidv7(3_000)]
  const logged = { type: 'ModerationLogged', ...channelAbsent.ModerationLogged, moderationSeq: 1 } as const
  const appeal: ChannelDraft = { type: 'AppealOpened', appellant: bob, sanction: 'ban', actId: ban, text: 'please' }
  const later = { ...kept, messageId: 'later', messageSeq: 7, named: false } as ChannelDraft
  const timedOut = (seq: number): ChannelDraft => ({
    type: 'MemberTimedOut',
    seq,
    member: bob,
    until: 9_000_000_000_000,
  })
  await journal.write('channel', 0, [
    channelRecord(channel, [created(channel, ann)]),
    channelRecord(
      channel,
      [
        { type: 'MemberBanned', seq: 2, member: bob, until: null, origin: null },
        { ...logged, actor: ann, action: 'ban_member', member: bob, reason: 'raid' },
        kept,
      ],
      { commandId: ban },
    ),
    channelRecord(channel, [appeal, { ...kept, named: false } as ChannelDraft, later], { commandId: one }),
    channelRecord(channel, [timedOut(3)]),
    channelRecord(channel, [{ ...appeal, sanction: 'timeout' } as ChannelDraft], { commandId: other }),
    channelRecord(channel, [{ type: 'TimeoutEnded', seq: 4, member: bob, cause: 'expired' }]),
  ])
  const running = [await run(casework), await run(channels)]
  for (const each of running) await each.caughtUp()
  const [waiting, ...rest] = await reads.appeals(channel, { status: 'waiting', limit: 5 })
  assert.deepEqual(rest, [])
  assert.deepEqual([waiting?.appealId, waiting?.text, waiting?.evidence[0]?.text], [one, 'please', 'text of bob'])
  assert.deepEqual(
    waiting?.evidence.map(({ messageId, named }) => [messageId, named]),
    [
      ['message', true],
      ['later', false],
    ],
  )
  assert.deepEqual([waiting?.act?.action, waiting?.act?.reason, waiting?.act?.actorId], ['ban_member', 'raid', ann])
  assert.deepEqual(
    (await reads.appeals(channel, { status: 'over', limit: 5 })).map(({ appealId }) => appealId),
    [other],
  )
  const answered = { type: 'AppealAnswered', appealId: one, appellant: bob, sanction: 'ban', actor: ann } as const
  await journal.write('channel', 0, [
    channelRecord(channel, [
      { type: 'BanEnded', seq: 5, member: bob, cause: 'lifted' },
      { ...answered, answer: 'lifted', until: null, reason: 'fair' },
    ]),
  ])
  for (const each of running) await each.caughtUp()
  const of = async () => {
    const [, found] = await reads.appeals(channel, { appellant: bob, limit: 5 })
    return [found?.status, found?.text, found?.reason, found?.moderatorId]
  }
  assert.deepEqual(await of(), ['lifted', 'please', 'fair', ann])
  await journal.write('account', 0, [accountRecord(bob, [erased(bob)]), accountRecord(ann, [erased(ann)])])
  await until(async () => (await of())[2] === null)
  assert.deepEqual(await of(), ['lifted', null, null, ann])
  assert.equal((await sql`select from readmodel.evidence where text is not null`).length, 0)
})

test('bans that wait for others, and how many it takes', async (t) => {
  const { journal, run, reads, casework, channelRecord } = await setUp(t)
  const [ban, other] = [uuidv7(1_000), uuidv7(2_000)]
  const at = 9_000_000_000_000
  await journal.write('channel', 0, [
    channelRecord(channel, [created(channel, ann)]),
    channelRecord(channel, [{ type: 'QuorumSet', actor: ann, approvals: 3, lapseMs: 60_000 }]),
    channelRecord(
      channel,
      [
        { type: 'BanProposed', actor: ann, member: bob, needed: 3, until: at, keys: null, proposalId: null },
        { type: 'BanProposed', actor: ann, member: '9', needed: 3, until: at, keys: null, proposalId: other },
      ],
      { commandId: ban },
    ),
    channelRecord(channel, [{ type: 'BanApproved', proposalId: ban, actor: '7', approvals: 2 }]),
  ])
  const running = await run(casework)
  await running.caughtUp()
  const shown = async () => (await reads.proposals(channel)).map(({ approvedBy, status }) => [...approvedBy, status])
  assert.deepEqual(await shown(), [
    [ann, 'waiting'],
    [ann, '7', 'waiting'],
  ])
  const settings = async () => (await reads.settings(channel)).map(({ name, value, actorId }) => [name, value, actorId])
  assert.deepEqual(await settings(), [['quorum', { approvals: 3, lapseMs: 60_000 }, ann]])
  await journal.write('channel', 0, [
    channelRecord(channel, [{ type: 'BanProposalEnded', proposalId: ban, member: bob, cause: 'lapsed' }]),
    channelRecord(channel, [{ type: 'QuorumSet', actor: bob, approvals: null, lapseMs: 60_000 }]),
  ])
  await running.caughtUp()
  assert.deepEqual(await shown(), [
    [ann, 'waiting'],
    [ann, '7', 'lapsed'],
  ])
  assert.deepEqual(await settings(), [['quorum', null, bob]])
})

test('ban lists: who follows whom, what waits, and each ban with where it came from', async (t) => {
  const { journal, run, reads, casework, channelRecord, vault, sql, connect } = await setUp(t)
  const channels = channelsProjection({ ...vault.keys, forget: () => {} })
  const logged = { type: 'ModerationLogged', ...channelAbsent.ModerationLogged, action: 'ban_member' } as const
  const follow = { type: 'BanListSubscribed', actor: ann, source: '600', mode: 'review' } as const
  await journal.write('channel', 0, [
    channelRecord(channel, [created(channel, ann)]),
    channelRecord(channel, [{ type: 'BanListPublished', actor: ann, published: true, subscribers: [] }]),
    channelRecord(channel, [follow]),
    channelRecord(channel, [{ type: 'BanListSubscriberAdded', subscriber: '700', members: [] }]),
    channelRecord(channel, [{ type: 'BanListReceived', source: '600', added: ['7', '8', '9'], removed: [] }]),
    channelRecord(channel, [{ type: 'BanListReceived', source: '600', added: [], removed: ['9'] }]),
    channelRecord(channel, [
      { type: 'MemberBanned', seq: 2, member: '7', until: null, origin: '600' },
      { ...logged, moderationSeq: 1, actor: ann, member: '7', reason: 'as there', origin: '600' },
      { type: 'BanListReviewed', source: '600', members: ['7'], accepted: true },
    ]),
    channelRecord(channel, [
      { type: 'MemberBanned', seq: 3, member: '9', until: null, origin: '600' },
      { ...logged, moderationSeq: 2, actor: '0', member: '9', reason: null, origin: '600' },
    ]),
  ])
  const running = [await run(casework), await run(channels)]
  for (const each of running) await each.caughtUp()
  const { sources, subscribers } = await reads.banLists(channel)
  assert.deepEqual(subscribers, ['700'])
  const { since: _, ...source } = sources[0] ?? assert.fail('none is followed')
  assert.deepEqual(source, { channelId: '600', mode: 'review', actorId: ann, pending: 1 })
  const waits = await reads.pendingBans(channel, undefined, 10)
  assert.deepEqual(
    waits.map(({ sourceId, memberId }) => [sourceId, memberId]),
    [['600', '8']],
  )
  assert.deepEqual(await reads.pendingBans(channel, '8', 10), [])
  const bans = await reads.bans(channel, undefined, 10)
  assert.deepEqual(
    bans.map(({ memberId, origin, reason, actorId }) => [memberId, origin, reason, actorId]),
    [
      ['7', '600', 'as there', ann],
      ['9', '600', null, null],
    ],
    'what was applied by the list is nobody’s act',
  )
  const elsewhere = readElsewhere(sql, 1)
  assert.deepEqual(await elsewhere({ publishes: channel }), { publishes: 'true' })
  assert.deepEqual(await elsewhere({ ownersOf: [channel, '600', 'x'] }), { owners: `${channel}:${ann}` })
  await journal.write('channel', 0, [
    channelRecord(channel, [{ type: 'BanListUnsubscribed', actor: ann, source: '600', cause: 'left' }]),
    channelRecord(channel, [{ type: 'BanListPublished', actor: ann, published: false, subscribers: ['700'] }]),
  ])
  for (const each of running) await each.caughtUp()
  assert.deepEqual(await reads.banLists(channel), { sources: [], subscribers: [] })
  assert.deepEqual(await elsewhere({ publishes: channel }), { publishes: 'false' })
  assert.deepEqual(await reads.pendingBans(channel, undefined, 10), [])
  const { hashEqual } = await rebuild({ ...journal, sql, connect, projection: casework, logger: quiet })
  assert.ok(hashEqual)
})

test('alts are found over however many links, with what speaks for them', async (t) => {
  const { journal, run, reads, casework, channelRecord, accountRecord } = await setUp(t)
  const link = (member: string, alt: string): ChannelDraft => {
    return { type: 'AltsLinked', actor: ann, member, alt, evidence: 'same words' }
  }
  await journal.write('channel', 0, [
    channelRecord(channel, [created(channel, ann)]),
    channelRecord(channel, [link('7', '8')]),
    channelRecord(channel, [link('9', '8')]),
    channelRecord(channel, [link('5', '6')]),
  ])
  const running = await run(casework)
  await running.caughtUp()
  const of = async (member: string) =>
    (await reads.alts(channel, member)).map(({ memberId, altId, evidence }) => [memberId, altId, evidence])
  assert.deepEqual(await of('7'), [
    ['7', '8', 'same words'],
    ['9', '8', 'same words'],
  ])
  await journal.write('channel', 0, [
    channelRecord(channel, [{ type: 'AltsUnlinked', actor: ann, member: '8', alt: '7' }]),
    channelRecord(channel, [{ type: 'ShieldPresetSet', actor: ann, modes: ['slow'], values: [5] }]),
    channelRecord(channel, [{ type: 'ChannelGroupAdopted', channels: ['600'] }]),
  ])
  await journal.write('account', 0, [accountRecord(ann, [erased(ann)])])
  await running.caughtUp()
  assert.deepEqual(await of('7'), [])
  await until(async () => (await of('9'))[0]?.[2] === null)
  assert.deepEqual(
    (await reads.settings(channel)).map(({ name, value }) => [name, value]),
    [
      ['group', ['600']],
      ['shield_preset', [{ mode: 'slow', value: 5 }]],
    ],
  )
})
