import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ServerFrameOf } from '#libs/protocols/native/server-frames.ts'
import type { Membership, Room } from '../room.ts'
import { createAnnouncer } from './announcer.ts'
import { createPresenceTable, NAMED } from './table.ts'

const channel = '1001'

/** A room with one listener, to whom everything is told that goes to all of them. */
const listening = () => {
  const told: ServerFrameOf<'presence'>[] = []
  // Of a text frame (RFC 6455, section 5.2) what lies behind its header of 2 or 4 bytes.
  const write = (bytes: Buffer) => {
    told.push(JSON.parse(bytes.toString('utf8').slice(bytes.indexOf('{'))))
    return true
  }
  const members = [{ connection: { write } }] as unknown as Membership[]
  const room = { channel, members } as unknown as Room
  return { told, rooms: { get: () => room } }
}

test('a crowd of 100,000 that comes and goes is told of in batches, by its count alone', () => {
  const table = createPresenceTable()
  const announcer = createAnnouncer(table, 1000)
  const { told, rooms } = listening()
  for (let id = 0; id < 100_000; id++) table.entered(channel, { id: `${id}`, name: `Person ${id}` })
  announcer.announce(rooms, 0)
  for (let second = 1; second <= 60; second++) {
    for (let index = 0; index < 500; index++) {
      const id = `${(second * 500 + index) % 100_000}`
      table.left(channel, id)
      table.entered(channel, { id: `new ${second} ${id}`, name: 'Newcomer' })
      if (index === 0) table.entered(channel, undefined)
    }
    announcer.announce(rooms, second * 1000)
  }
  assert.equal(told.length, 7, 'once every ten seconds')
  assert.ok(told.every((frame) => Buffer.byteLength(JSON.stringify(frame)) < 100))
  assert.deepEqual(told.at(-1), { type: 'presence', channel, count: 100_060 })
})

test('what 250 do within a second is one frame, and of one more nobody is named', () => {
  const table = createPresenceTable()
  const announcer = createAnnouncer(table, 1000)
  const { told, rooms } = listening()
  for (let id = 1; id <= NAMED; id++) table.entered(channel, { id: `${id}`, name: `Person ${id}` })
  announcer.announce(rooms, 0)
  assert.deepEqual([told.length, told[0]?.count, told[0]?.members?.length], [1, NAMED, NAMED])
  table.entered(channel, { id: '9999', name: 'One more' })
  announcer.announce(rooms, 1000)
  assert.deepEqual(told[1], { type: 'presence', channel, count: NAMED + 1, members: [] })
  table.left(channel, '9999')
  announcer.announce(rooms, 2000)
  assert.equal(told[2]?.members?.length, NAMED)
})

test('where the channel hides who is there only the count is told, and names again once it does not', () => {
  let hidden = false
  const table = createPresenceTable(() => hidden)
  const announcer = createAnnouncer(table, 1000)
  const { told, rooms } = listening()
  table.entered(channel, { id: '42', name: 'Ada' })
  announcer.announce(rooms, 0)
  hidden = true
  const welcomed: unknown[] = []
  const connection = { send: (frame: unknown) => welcomed.push(frame) }
  announcer.welcome({ room: { channel }, connection } as unknown as Membership)
  assert.deepEqual(welcomed, [{ type: 'presence', channel, count: 1 }], 'nor to who comes before the others know')
  announcer.announce(rooms, 1000)
  table.entered(channel, { id: '43', name: 'Bob' })
  announcer.announce(rooms, 2000)
  hidden = false
  announcer.announce(rooms, 3000)
  announcer.announce(rooms, 4000)
  assert.deepEqual(told, [
    { type: 'presence', channel, count: 1, members: [{ id: '42', name: 'Ada' }] },
    { type: 'presence', channel, count: 1, members: [] },
    { type: 'presence', channel, count: 2 },
    {
      type: 'presence',
      channel,
      count: 2,
      members: [
        { id: '42', name: 'Ada' },
        { id: '43', name: 'Bob' },
      ],
    },
  ])
})
