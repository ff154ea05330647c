import assert from 'node:assert/strict'
import { before, describe, type TestContext, test } from 'node:test'
import { partitionOf } from '#libs/journal/partitioner.ts'
import { testEngines } from '#libs/testing/engines.ts'
import { until } from '#libs/testing/until.ts'
import { positionCodec } from './position.ts'
import { drafts, idsOf, read, refusal, streamsWorld } from './streams.fixtures.ts'

/** Channels in both of two partitions. */
const [one, other] = ['1000', '1001', '1002', '1003'].reduce<[string, string]>(
  (found, channel) => (partitionOf(channel, 2) === 0 ? [channel, found[1]] : [found[0], channel]),
  ['', ''],
)
const ndjson = { accept: 'application/x-ndjson' }

describe('streams of a public topic', () => {
  let brokers: readonly string[]

  before(async () => {
    brokers = (await testEngines()).brokers
  })

  const world = (t: TestContext) => streamsWorld(t, { brokers })

  test('from the beginning and on: every event once, in the order of its channel, as on the topic', async (t) => {
    const { startEdge, publish } = await world(t)
    const edge = await startEdge()
    const [first, second, third] = [drafts(one, 1, 3), drafts(other, 1, 2), drafts(one, 4, 2)]
    await publish([...first, ...second])
    const reading = await read(edge.url('?from=earliest'))
    assert.deepEqual([reading.status, reading.type], [200, 'text/event-stream'])
    await until(() => reading.ids().length >= 5)
    await publish(third)
    await until(() => reading.ids().length >= 7)
    const of = (channel: string) => reading.ids().filter((id) => id.startsWith(channel))
    assert.deepEqual(of(one), idsOf([...first, ...third]))
    assert.deepEqual(of(other), idsOf(second))
    const event = reading.received.find(({ data }) => data.id === `${one}-1`)?.data
    assert.deepEqual(
      { ...event, time: '' },
      {
        specversion: '1.0',
        id: `${one}-1`,
        source: 'urn:uuid:0197d2c5-7a40-7c3e-9d7b-3f0a5c1e8b21',
        type: 'whiply.public.chat.v1.MessagePosted',
        subject: one,
        time: '',
        datacontenttype: 'application/json',
        data: { channelId: one, seq: 1, text: '' },
      },
    )
    reading.cut()
  })

  test('NDJSON has the same events, each with its position', async (t) => {
    const { startEdge, publish } = await world(t)
    const edge = await startEdge()
    await publish(drafts(one, 1, 3))
    const [lines, events] = [await read(edge.url('?from=earliest'), ndjson), await read(edge.url('?from=earliest'))]
    await until(() => lines.ids().length + events.ids().length >= 6)
    assert.equal(lines.type, 'application/x-ndjson')
    for (const [index, { data, position }] of lines.received.entries()) {
      assert.deepEqual(data, { ...events.received[index]?.data, position })
      assert.equal(position, events.received[index]?.position)
    }
    const asked = await read(edge.url('?from=earliest&format=ndjson'), { accept: 'text/event-stream' })
    assert.equal(asked.type, 'application/x-ndjson')
  })

  test('only what is committed: what was aborted never appears, and what is open comes once it is committed', async (t) => {
    const { startEdge, publish, leaveOpen } = await world(t)
    const edge = await startEdge()
    await publish(drafts(one, 1, 1))
    await (await leaveOpen(drafts(one, 100, 5))).abort()
    await publish(drafts(one, 2, 1))
    const reading = await read(edge.url('?from=earliest'))
    await until(() => reading.ids().length >= 2)
    const [aborted, committed] = [await leaveOpen(drafts(one, 200, 5)), await leaveOpen(drafts(one, 3, 1))]
    await aborted.abort()
    await publish(drafts(other, 1, 1))
    await until(() => reading.ids().includes(`${other}-1`))
    assert.ok(!reading.ids().includes(`${one}-3`))
    await committed.commit()
    await publish(drafts(one, 4, 1))
    await until(() => reading.ids().includes(`${one}-4`))
    assert.deepEqual(
      reading.ids().filter((id) => id.startsWith(one)),
      [`${one}-1`, `${one}-2`, `${one}-3`, `${one}-4`],
    )
    // The same once more out of the past alone, by an edge that has not seen it happen.
    const late = await read((await startEdge()).url('?from=earliest'))
    await until(() => late.ids().length >= 5)
    assert.deepEqual(late.ids().toSorted(), reading.ids().toSorted())
  })

  test('cut anywhere and resumed, at another edge too: no hole and nothing twice', async (t) => {
    const { startEdge, publish } = await world(t)
    const edges = [await startEdge({ ringBytes: 2_000 }), await startEdge({ ringBytes: 2_000 })]
    const all = Array.from({ length: 30 }, (_, round) => [
      ...drafts(one, 1 + round * 5, 5),
      ...drafts(other, 1 + round * 3, 3),
    ])
    const seen: string[] = []
    let position: string | undefined
    const publishing = (async () => {
      for (const round of all) await publish(round)
    })()
    const total = all.flat().length
    for (let turn = 0; seen.length < total; turn++) {
      const url = edges[turn % 2]?.url('?from=earliest') ?? ''
      const reading = await read(url, position ? { 'last-event-id': position } : {})
      const most = 1 + ((turn * 7) % 23)
      await until(() => reading.ids().length >= Math.min(most, total - seen.length))
      reading.cut()
      // In the middle of what has come: the rest is as if it had never arrived.
      const taken = reading.received.slice(0, most)
      seen.push(...taken.map(({ data }) => data.id))
      position = taken.at(-1)?.position ?? position
    }
    await publishing
    for (const channel of [one, other])
      assert.deepEqual(
        seen.filter((id) => id.startsWith(channel)),
        idsOf(all.flat()).filter((id) => id.startsWith(channel)),
      )
  })

  test('a position may also stand in the query, and Last-Event-ID counts before it', async (t) => {
    const { startEdge, publish } = await world(t)
    const edge = await startEdge()
    await publish(drafts(one, 1, 4))
    const reading = await read(edge.url('?from=earliest'))
    await until(() => reading.ids().length >= 4)
    const [, second, third] = reading.received.map(({ position }) => position)
    const byQuery = await read(edge.url(`?from=${second}`))
    const byHeader = await read(edge.url(`?from=${second}`), { 'last-event-id': third ?? '' })
    await until(() => byQuery.ids().length >= 2 && byHeader.ids().length >= 1)
    assert.deepEqual([byQuery.ids(), byHeader.ids()], [[`${one}-3`, `${one}-4`], [`${one}-4`]])
  })

  test('from a time: what was decided then and later', async (t) => {
    const { startEdge, publish } = await world(t)
    const edge = await startEdge()
    const at = Date.now() - 60_000
    const events = [0, 1, 2, 3].map((index) => ({ channel: one, seq: index + 1, at: at + index * 1_000 }))
    for (const event of events) await publish([event])
    const since = encodeURIComponent(new Date(at + 1_500).toISOString())
    const reading = await read(edge.url(`?from=${since}`))
    await until(() => reading.ids().length >= 2)
    const late = { channel: one, seq: 5, at: at + 1_000 }
    await publish([late, { channel: one, seq: 6 }])
    await until(() => reading.ids().length >= 3)
    assert.deepEqual(reading.ids(), [`${one}-3`, `${one}-4`, `${one}-6`])
    // In another zone, with a plus that nobody encoded.
    const elsewhere = new Date(at + 1_500 + 3_600_000).toISOString().replace('Z', '+01:00')
    const offset = await read(edge.url(`?from=${elsewhere}`))
    await until(() => offset.ids().length >= 3)
    assert.deepEqual(offset.ids(), reading.ids())
    // Who was cut early goes on from a position that may lie before the time.
    const all = await read(edge.url('?from=earliest'))
    await until(() => all.received.length >= 1)
    const resumed = await read(edge.url(`?from=${since}`), { 'last-event-id': all.received[0]?.position ?? '' })
    await until(() => resumed.ids().length >= 3)
    assert.deepEqual(resumed.ids(), reading.ids())
    assert.deepEqual(await refusal(edge.url('?from=2026-02-30T25:00:00Z')), {
      status: 400,
      code: 'http.invalid_request',
      context: undefined,
    })
  })

  test('by channel and type: nothing else comes, in history and live', async (t) => {
    const { startEdge, publish } = await world(t)
    const edge = await startEdge()
    const mixed = (from: number) => [
      ...drafts(one, from, 2),
      ...drafts(other, from, 2),
      { channel: one, seq: from + 2, type: 'MessageDeleted' },
      { channel: other, seq: from + 2, type: 'MessageDeleted' },
    ]
    await publish(mixed(1))
    const [channel, type, both] = await Promise.all(
      [`channel=${one}`, 'type=MessageDeleted', `channel=${other}&type=MessageDeleted,MemberTimedOut`].map((query) =>
        read(edge.url(`?from=earliest&${query}`)),
      ),
    )
    assert.ok(channel && type && both)
    await until(() => channel.ids().length >= 3 && type.ids().length >= 2 && both.ids().length >= 1)
    await publish(mixed(4))
    await until(() => channel.ids().length >= 6 && type.ids().length >= 4 && both.ids().length >= 2)
    assert.deepEqual(
      channel.ids(),
      [1, 2, 3, 4, 5, 6].map((seq) => `${one}-${seq}`),
    )
    assert.deepEqual(type.ids().toSorted(), [`${one}-3`, `${one}-6`, `${other}-3`, `${other}-6`].toSorted())
    assert.deepEqual(both.ids(), [`${other}-3`, `${other}-6`])
    // A position goes with any filter: it says what has been passed, not what has been shown.
    const resumed = await read(edge.url(), { 'last-event-id': both.received[0]?.position ?? '' })
    await until(() => resumed.ids().some((id) => id === `${other}-6`))
    assert.ok(!resumed.ids().includes(`${other}-3`))
  })

  test('a quiet stream says that it lives, and how far it has looked', async (t) => {
    const { startEdge, publish } = await world(t)
    const edge = await startEdge({ heartbeatMs: 50 })
    const reading = await read(edge.url(`?channel=${one}`))
    await until(() => reading.position() !== '')
    const begun = reading.position()
    await publish(drafts(other, 1, 3))
    await until(() => reading.comments.includes('heartbeat') && reading.position() !== begun)
    assert.deepEqual(reading.received, [])
    const lines = await read(edge.url(), ndjson)
    await until(() => lines.received.some(({ event }) => event === 'heartbeat'))
  })

  test('bad input has a stable code', async (t) => {
    const { startEdge, publish } = await world(t)
    const edge = await startEdge()
    await publish(drafts(one, 1, 1))
    const reading = await read(edge.url('?from=earliest'))
    await until(() => reading.ids().length === 1)
    const elsewhere = positionCodec('another log', 'whiply.public.chat.v1', 2).encode([0, 0])
    const told = async (query: string, headers = {}) => {
      const { status, code } = await refusal(edge.url(query), headers)
      return `${status} ${code}`
    }
    assert.equal(await told('?from=nonsense'), '400 integration.invalid_position')
    assert.equal(await told('', { 'last-event-id': 'AbC' }), '400 integration.invalid_position')
    assert.equal(await told(`?from=${elsewhere}`), '400 integration.invalid_position')
    assert.equal(await told('?type=Nothing'), '400 http.invalid_request')
    assert.equal(await told('?channel=abc'), '400 http.invalid_request')
    assert.equal(await told('?format=xml'), '400 http.invalid_request')
    assert.equal(await told('?fro=earliest'), '400 http.invalid_request')
    assert.equal(await told('', { accept: 'image/png' }), '406 http.not_acceptable')
    assert.equal(await told('', { authorization: 'Bearer nobody' }), '401 http.unauthenticated')
    const absent = await refusal(edge.url().replace('/chat', '/journal'))
    assert.deepEqual([absent.status, absent.code], [404, 'http.not_found'])
  })

  test('what has aged out is told with the position of what is left; a position beyond the end is none', async (t) => {
    const { startEdge, publish, removeBefore } = await world(t)
    const edge = await startEdge({ ringBytes: 1 })
    const old = Date.now() - 8 * 86_400_000
    await publish([{ channel: one, seq: 1, at: old }])
    const reading = await read(edge.url('?from=earliest'))
    await until(() => reading.ids().length === 1)
    const begun = reading.received[0]?.position ?? ''
    for (let seq = 2; seq <= 6; seq++) await publish(drafts(one, seq, 1))
    await until(() => reading.ids().length === 6)
    const end = reading.position()
    await removeBefore(partitionOf(one, 2), 6)

    const gone = await refusal(edge.url(), { 'last-event-id': begun })
    assert.deepEqual([gone.status, gone.code], [410, 'integration.position_gone'])
    const earliest = (gone.context as { readonly earliest: string }).earliest
    const rest = await read(edge.url(`?from=${earliest}`))
    await until(() => rest.ids().length >= 3)
    assert.deepEqual(rest.ids(), [`${one}-4`, `${one}-5`, `${one}-6`])
    const early = encodeURIComponent(new Date(old).toISOString())
    assert.equal((await refusal(edge.url(`?from=${early}`))).code, 'integration.position_gone')
    // What the broker keeps goes by its own clock, however far ahead this machine's is.
    const ahead = await startEdge({}, {}, async () => Date.now() - 2 * 86_400_000)
    const kept = await read(ahead.url(`?from=${early}`))
    await until(() => kept.ids().length >= 3)
    assert.deepEqual(kept.ids(), rest.ids())

    const smaller = await world(t)
    const beyond = await refusal((await smaller.startEdge()).url(), { 'last-event-id': end })
    assert.deepEqual([beyond.status, beyond.code], [400, 'integration.invalid_position'])
  })

  test('so many streams at once, of all and of each client', async (t) => {
    const { startEdge } = await world(t)
    const edge = await startEdge({ most: 4, mostOfClient: 2 })
    const from = (address: string) => ({ 'x-forwarded-for': address })
    const ada = { authorization: 'Bearer 1001' }
    const first = await read(edge.url(), from('192.0.2.1'))
    await read(edge.url(), from('192.0.2.1'))
    const full = await refusal(edge.url(), from('192.0.2.1'))
    assert.deepEqual(full, { status: 429, code: 'integration.too_many_streams', context: { most: 2 } })
    // Accounts behind one address do not take from each other.
    await read(edge.url(), { ...ada, ...from('192.0.2.1') })
    await read(edge.url(), { ...ada, ...from('192.0.2.1') })
    assert.equal((await refusal(edge.url(), ada)).code, 'integration.too_many_streams')
    assert.equal((await refusal(edge.url(), from('192.0.2.2'))).code, 'platform.busy')
    first.cut()
    await until(() => edge.open() === 3)
    assert.equal((await read(edge.url(), from('192.0.2.2'))).status, 200)
  })

  test('by setting only for accounts, or for nobody; who is logged out is told to go', async (t) => {
    const { startEdge, revoke } = await world(t)
    const edge = await startEdge({}, { streamsFor: 'accounts' })
    assert.deepEqual((await refusal(edge.url())).code, 'http.unauthenticated')
    const reading = await read(edge.url(), { authorization: 'Bearer 1002' })
    assert.equal(reading.status, 200)
    revoke('1002')
    await until(reading.ended)
    assert.deepEqual(
      reading.received.map(({ event }) => event),
      ['logged-out'],
    )
    const closed = await startEdge({}, { streamsFor: 'nobody' })
    assert.equal((await refusal(closed.url())).code, 'http.not_found')
  })

  test('a server that stops ends its streams with their position, and takes no more', async (t) => {
    const { startEdge, publish } = await world(t)
    const [edge, next] = [await startEdge(), await startEdge()]
    const readings = [await read(edge.url('?from=earliest')), await read(edge.url('?from=earliest'), ndjson)]
    await publish(drafts(one, 1, 3))
    await until(() => readings.every((reading) => reading.ids().length === 3))
    // For longer than any test runs: nobody is waited for.
    await edge.close(2 ** 31 - 1)
    await publish(drafts(one, 4, 2))
    for (const reading of readings) {
      await until(reading.ended)
      assert.equal(reading.received.at(-1)?.event, 'closing')
      const resumed = await read(next.url(), { 'last-event-id': reading.position() })
      await until(() => resumed.ids().length >= 2)
      assert.deepEqual(resumed.ids(), [`${one}-4`, `${one}-5`])
    }
  })

  test('many readers get the same, of whatever form', async (t) => {
    const { startEdge, publish } = await world(t)
    const edge = await startEdge()
    const readings = await Promise.all(
      Array.from({ length: 60 }, (_, index) => read(edge.url('?from=earliest'), index % 2 === 0 ? ndjson : {})),
    )
    for (let round = 0; round < 10; round++)
      await publish([...drafts(one, 1 + round * 5, 5), ...drafts(other, 1 + round, 1)])
    await until(() => readings.every((reading) => reading.ids().length >= 60))
    for (const reading of readings)
      for (const [channel, count] of [
        [one, 50],
        [other, 10],
      ] as const)
        assert.deepEqual(
          reading.ids().filter((id) => id.startsWith(channel)),
          idsOf(drafts(channel, 1, count)),
        )
  })
})
