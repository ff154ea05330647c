import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import fc from 'fast-check'
import { codecs } from '#libs/contracts/codecs.ts'
import type { ChannelEvent } from '#libs/contracts/generated/channel.ts'
import { channelAbsent } from '#libs/contracts/generated/channel.ts'
import type { Clear, Copied } from '#libs/contracts/sealed.ts'
import { journalTopic } from '#libs/journal/families.ts'
import type { StepFault } from '#libs/journal/memory/transactions.ts'
import { eventId } from '#libs/journal/outcome.ts'
import { partitionOf } from '#libs/journal/partitioner.ts'
import { until } from '#libs/testing/until.ts'
import { positionsTopic } from '../topic-settings.ts'
import type { EncodeEvent } from './prepare.ts'
import { decodeState } from './state.ts'
import { relayWorld, seal } from './world.fixtures.ts'

const chat = 'whiply.public.chat.v1'
const channels = 'whiply.public.channel.v1'

const posted = (seq: number, text = `text ${seq}`, author = '7') =>
  ({
    type: 'MessagePosted',
    ...channelAbsent.MessagePosted,
    seq,
    author,
    authorName: 'Ada',
    text,
  }) satisfies Clear<ChannelEvent>

const timedOut = (seq: number): readonly Clear<ChannelEvent>[] => [
  { type: 'MemberTimedOut', seq, member: '7', until: 1 },
  {
    type: 'ModerationLogged',
    ...channelAbsent.ModerationLogged,
    moderationSeq: 1,
    actor: '8',
    action: 'time_out_member',
    member: '7',
    messageId: null,
    reason: 'a secret of the moderators',
    durationMs: 1,
    role: null,
  },
]

const world = async (t: TestContext, given: Parameters<typeof relayWorld>[0] = {}) => {
  const made = await relayWorld(given)
  const start: typeof made.start = async (more) => {
    const relay = await made.start(more)
    t.after(relay.close)
    return relay
  }
  return { ...made, start }
}

const seqs = (records: readonly { readonly data: Readonly<Record<string, unknown>> }[]) =>
  records.map(({ data }) => data.seq)

test('what is public of an outcome is published, each event once, with the ids of its command', async (t) => {
  const { accept, published, start } = await world(t)
  await accept('1000', [{ type: 'ChannelCreated', channelId: '1000', ownerId: '1000', slug: null, seq: 1 }])
  const id = await accept('1000', [posted(2)])
  const timeout = await accept('1000', timedOut(3))
  await start()
  await until(() => published(chat).length === 2 && published(channels).length === 1)
  assert.deepEqual(
    published(chat).map((record) => [record.id, record.type, record.key]),
    [
      [`${id}/0`, `${chat}.MessagePosted`, '1000'],
      [`${timeout}/0`, `${chat}.MemberTimedOut`, '1000'],
    ],
  )
  assert.equal(published(chat)[0]?.data.text, 'text 2')
  assert.ok(![...published(chat), ...published(channels)].some((record) => JSON.stringify(record).includes('secret')))
})

test('rejections, repeated outcomes and void records never leave', async (t) => {
  const { accept, published, start, log } = await world(t)
  const rejected = { kind: 'rejected', code: 'chat.slow_mode', detail: {} } as const
  const repeated = { kind: 'repeated', firstN: 1, summary: { kind: 'accepted', summary: {} } } as const
  await accept('1000', [posted(1)])
  await accept('1000', [], { outcome: rejected })
  await accept('1000', [], { outcome: repeated })
  const topic = journalTopic('channel')
  const partition = partitionOf('1000', 2)
  const [, first] = log.records(topic, partition)
  assert.ok(first)
  // The same n once more, as an owner writes that was late.
  await (await log.appender()).append(topic, partition, [first])
  await accept('1000', [posted(2)])
  await start()
  await until(() => published(chat).length >= 2)
  assert.deepEqual(seqs(published(chat)), [1, 2])
})

test('what waits, or is seen by its author alone, stays; what is let pass leaves with its text', async (t) => {
  const { accept, published, start } = await world(t)
  const { seq: _, fingerprint: __, seenBy: ___, sketch: ____, ...message } = posted(1, 'waits')
  const waiting = {
    ...message,
    type: 'MessageHeld',
    cause: 'low_trust',
    rule: null,
    byPermit: null,
    label: null,
  } as const
  const denied = await accept('1000', [{ ...waiting, moderationSeq: 1 }])
  const messageId = await accept('1000', [{ ...waiting, moderationSeq: 2 }])
  await accept('1000', [{ ...posted(1, 'unseen'), seenBy: 'author' }])
  await accept('1000', [{ type: 'HeldMessageDenied', messageId: denied, author: '7', cause: 'denied' }])
  const heldEvent = eventId(messageId, 0)
  const copy = (field: string, text: string) => seal('7', heldEvent, field, text) as Buffer as Copied
  const texts = { authorName: copy('authorName', 'Ada'), text: copy('text', 'waits') }
  const approved = { ...channelAbsent.HeldMessageApproved, seq: 2, messageId, heldEvent, author: '7', ...texts }
  await accept('1000', [{ type: 'HeldMessageApproved', ...approved }])
  await accept('1000', [posted(3)])
  await start()
  await until(() => published(chat).length >= 2)
  assert.deepEqual(
    published(chat).map(({ data }) => [data.seq, data.text]),
    [
      [2, 'waits'],
      [3, 'text 3'],
    ],
  )
  assert.equal(published(chat)[0]?.data.messageId, messageId)
})

test('a relay that comes later resumes behind what was committed, and publishes nothing again', async (t) => {
  const { accept, published, start, transactions } = await world(t)
  await accept('1000', [posted(1)])
  const first = await start()
  await until(() => published(chat).length === 1)
  await first.close()
  await accept('1000', [posted(2)])
  await start()
  await until(() => published(chat).length === 2)
  assert.deepEqual(seqs(published(chat)), [1, 2])
  const newest = [0, 1].flatMap((partition) => transactions.records(positionsTopic, partition)).at(-1)
  assert.equal(newest && decodeState(newest.value).position.n, 2)
})

test('a zombie that still writes is fenced, and each event stands there once', async (t) => {
  const { accept, published, start } = await world(t)
  await start()
  await accept('1000', [posted(1)])
  await until(() => published(chat).length === 1)
  await start()
  for (let seq = 2; seq <= 20; seq++) await accept('1000', [posted(seq)])
  await until(() => published(chat).length >= 20)
  assert.deepEqual(
    seqs(published(chat)),
    Array.from({ length: 20 }, (_, index) => index + 1),
  )
})

test('the vault is away: it waits, and nothing is skipped', async (t) => {
  const { accept, published, setVaultAway, start } = await world(t)
  setVaultAway(true)
  await start()
  await accept('1000', [posted(1)])
  await accept('1000', timedOut(2))
  await assert.rejects(until(() => published(chat).length > 0, { timeoutMs: 150 }))
  setVaultAway(false)
  await until(() => published(chat).length === 2)
  assert.deepEqual(seqs(published(chat)), [1, 2])
})

test('what an erased person wrote is published without its text, also when the erasure comes in while it runs', async (t) => {
  const { accept, published, start, write, erased } = await world(t)
  erased.add('7')
  await accept('1000', [posted(1)])
  await start()
  await until(() => published(chat).length === 1)
  const account = codecs.account.encodeEvent({ type: 'AccountErased', accountId: '8' })
  await write('account', 0, [{ key: '8', events: [account] }])
  await until(() => erased.has('8'))
  await accept('1000', [posted(2, 'gone', '8')])
  await accept('1000', [posted(3, 'here', '9')])
  await until(() => published(chat).length === 3)
  assert.deepEqual(
    published(chat).map(({ data }) => [data.authorId, data.authorName, data.text]),
    [
      ['7', null, null],
      ['8', null, null],
      ['9', 'Ada', 'here'],
    ],
  )
})

test('an event that cannot be published stops its channel and no other; a relay that can goes on there', async (t) => {
  let broken = true
  const encode: EncodeEvent = async (_topic, { data }) => {
    if (broken && data.text === 'poison') throw Object.assign(new Error('poison'), { code: 'contract.malformed' })
    return { value: Buffer.from(JSON.stringify(data)) }
  }
  const { accept, published, start } = await world(t, { encode })
  const beside = ['1001', '1002', '1003', '1004'].find((key) => partitionOf(key, 2) === partitionOf('1000', 2)) ?? ''
  await accept('1000', [posted(1)])
  await accept('1000', [posted(2, 'poison')])
  await accept('1000', [posted(3)])
  await accept(beside, [posted(1)])
  const relay = await start()
  await until(() => published(chat).length === 2)
  const places = () => published(chat).map(({ key, data }) => [key, data.seq])
  assert.deepEqual(places(), [
    ['1000', 1],
    [beside, 1],
  ])
  assert.ok(relay.ready())
  await relay.close()
  broken = false
  await start()
  await accept('1000', [posted(4)])
  await until(() => published(chat).length >= 5)
  assert.deepEqual(places().slice(2), [
    ['1000', 2],
    ['1000', 3],
    ['1000', 4],
  ])
})

test('bytes that are no event stop their channel too', async (t) => {
  const { accept, published, start, transactions } = await world(t)
  await accept('1000', [], { events: [{ type: 'MessagePosted', version: 1, bytes: Buffer.of(1) }] })
  await accept('1000', [posted(2)])
  await start()
  const newest = () => transactions.records(positionsTopic, partitionOf('1000', 2)).at(-1)
  await until(() => newest() !== undefined)
  assert.deepEqual(published(chat), [])
  const parked = decodeState(newest()?.value ?? Buffer.alloc(0)).parked.get('1000')
  assert.equal(parked?.code, 'contract.malformed')
})

test('what is older than public topics keep anything is left out', async (t) => {
  const { accept, published, start } = await world(t)
  await accept('1000', [posted(1)], { at: Date.now() - 2 * 86_400_000 })
  await accept('1000', [posted(2)])
  await start()
  await until(() => published(chat).length > 0)
  assert.deepEqual(seqs(published(chat)), [2])
})

test('a relay whose clock is days ahead of the broker’s leaves nothing out, and one that is behind no less than others', async (t) => {
  const dayMs = 86_400_000
  const behind = await world(t, { brokerNow: () => Date.now() - 8 * dayMs })
  await behind.accept('1000', [posted(1)], { at: Date.now() - 10 * dayMs })
  await behind.accept('1000', [posted(2)], { at: Date.now() - 8 * dayMs })
  await behind.start()
  await until(() => behind.published(chat).length > 0)
  assert.deepEqual(seqs(behind.published(chat)), [2])

  const ahead = await world(t, { brokerNow: () => Date.now() + 8 * dayMs })
  await ahead.accept('1000', [posted(1)])
  await ahead.accept('1000', [posted(2)], { at: Date.now() + 8 * dayMs })
  await ahead.start()
  await until(() => ahead.published(chat).length > 0)
  assert.deepEqual(seqs(ahead.published(chat)), [2])
})

test('records bear the time at which they were decided', async (t) => {
  const { accept, published, start, transactions } = await world(t)
  const at = Date.now() - 5_000
  await accept('1000', [posted(1)], { at })
  await start()
  await until(() => published(chat).length === 1)
  const [record] = [0, 1].flatMap((partition) => transactions.records(chat, partition))
  assert.equal(record?.timestamp, at)
  assert.equal(record?.headers.ce_time, new Date(at).toISOString())
})

test('whichever steps are lost or unanswered, each event is there once, in order', async (t) => {
  const faults = fc.array(fc.constantFrom<StepFault | undefined>('lost', 'unanswered', undefined), { maxLength: 8 })
  await fc.assert(
    fc.asyncProperty(faults, async (schedule) => {
      const { accept, published, start } = await world(t, { fault: (_step, nth) => schedule[nth] })
      const relay = await start()
      for (let seq = 1; seq <= 6; seq++) {
        await accept('1000', [posted(seq)])
        await accept('1001', [posted(seq)])
      }
      await until(() => published(chat).length >= 12)
      await relay.close()
      for (const channel of ['1000', '1001'])
        assert.deepEqual(seqs(published(chat).filter(({ key }) => key === channel)), [1, 2, 3, 4, 5, 6])
    }),
    { numRuns: 8 },
  )
})
