import assert from 'node:assert/strict'
import { test } from 'node:test'
import { codecs } from '#libs/contracts/codecs.ts'
import { channelAbsent } from '#libs/contracts/generated/channel.ts'
import type { Open, Sealed } from '#libs/contracts/sealed.ts'
import { uuidv7 } from '#libs/journal/ids.ts'
import { eventId, type OutcomeRecord } from '#libs/journal/outcome.ts'
import { createChannelIngest, RECORDS_A_TURN } from './channel-ingest.ts'
import type { Connection } from './connection.ts'
import { ada, framesIn } from './edge.fixtures.ts'
import { attach, createRoom, type Room } from './room.ts'

const [hot, quiet] = ['1001', '1002']

const open: Open = (_subject, _eventId, _field, sealed) => sealed.toString()

const said = (key: string, seq: number): OutcomeRecord => {
  const commandId = uuidv7()
  const event = codecs.channel.sealEvent(
    {
      type: 'MessagePosted',
      ...channelAbsent.MessagePosted,
      seq,
      author: ada.accountId,
      authorName: ada.name,
      text: `${key} ${seq}`,
    },
    eventId(commandId, 0),
    (_subject, _eventId, _field, text) => Buffer.from(text) as Sealed,
  )
  return {
    family: 'channel',
    partition: 0,
    offset: seq,
    claim: 0,
    n: seq,
    key,
    at: 1_700_000_000_000 + seq,
    commandOffset: seq,
    commandId,
    commandType: 'PostMessage',
    principal: ada.accountId,
    origin: 'test',
    fingerprint: '',
    stateVersion: 1,
    outcome: { kind: 'accepted', events: [codecs.channel.encodeEvent(event)], summary: {} },
  }
}

const position = { logId: 'log', offset: 0, claim: 0, n: 1 }

/** Rooms with so many connections each, which note what is written to them, in the order in which it is. */
const createHall = (crowds: Readonly<Record<string, number>>) => {
  const order: string[] = []
  const rooms = new Map<string, Room>()
  const written = new Map<string, Buffer[][]>()
  for (const [key, count] of Object.entries(crowds)) {
    const room = createRoom(key, 0, { used: 0, limit: 1_000_000 }, 0)
    rooms.set(key, room)
    const each = Array.from({ length: count }, () => {
      const buffers: Buffer[] = []
      const write = (bytes: Buffer) => {
        buffers.push(bytes)
        order.push(key)
      }
      const connection = { identity: undefined, write } as unknown as Connection
      attach({ connection, room, role: null, index: -1, moderatorIndex: -1 })
      return buffers
    })
    written.set(key, each)
  }
  const ingest = createChannelIngest({
    rooms: { get: (key) => rooms.get(key) },
    keys: { prefetch: async () => {}, open },
    onMember: () => {},
    alarm: (code) => assert.fail(code),
  })
  const numbers = (buffers: readonly Buffer[]) =>
    framesIn(Buffer.concat(buffers)).map((frame) => (frame.type === 'event' ? frame.seq : assert.fail(frame.type)))
  return { ingest, order, written: (key: string) => written.get(key) ?? [], numbers }
}

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1)

test('hot channel: several thousand at one process get all of its messages, in order, and the same bytes', async () => {
  const { ingest, written, numbers } = createHall({ [hot]: 5_000 })
  const count = RECORDS_A_TURN * 2 + 7
  await ingest.outcomes(
    0,
    upTo(count).map((seq) => said(hot, seq)),
    position,
  )
  const [first = [], ...others] = written(hot)
  assert.deepEqual(numbers(first), upTo(count))
  assert.equal(others.length, 4_999)
  assert.ok(others.every((each) => each.length === first.length && each.every((bytes, at) => bytes === first[at])))
})

test('hot channel beside a quiet one in its partition: the quiet one is not last', async () => {
  const { ingest, order, written, numbers } = createHall({ [hot]: 500, [quiet]: 1 })
  const records = upTo(RECORDS_A_TURN * 4).map((seq) => said(hot, seq))
  await ingest.outcomes(0, [...records.slice(0, 5), said(quiet, 1), ...records.slice(5)], position)
  assert.equal(order.indexOf(quiet), 0)
  assert.deepEqual(numbers(written(quiet)[0] ?? []), [1])
  assert.equal(order.length, 1 + 500 * 5)
})

test('hot channel beside a quiet one in another partition: they take turns', async () => {
  const { ingest, order } = createHall({ [hot]: 500, [quiet]: 1 })
  const count = RECORDS_A_TURN * 10
  await Promise.all([
    ingest.outcomes(
      0,
      upTo(count).map((seq) => said(hot, seq)),
      position,
    ),
    ingest.outcomes(1, [said(quiet, 1)], position),
  ])
  assert.equal(order.length, 1 + 500 * 10)
  assert.ok(order.indexOf(quiet) <= 500, 'after one turn of the hot one at the most')
})
