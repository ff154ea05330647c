import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Map as ImmutableMap } from 'immutable'
import { type Cells, noCells } from '../../cells.ts'
import { encodeCommandRecord } from '../../envelope.ts'
import { type Room, roomRules, t0 } from '../../family.fixtures.ts'
import { dueCommands } from './dues.ts'

const waiting = (count: number): Cells<Room> => ({
  ...noCells<Room>(),
  dues: ImmutableMap(Array.from({ length: count }, (_, key) => [`${key}`, { name: 'timeouts', at: t0 + key }])),
})

test('nothing is sent before its time, and what was sent is left a while to be decided', () => {
  const dues = dueCommands(roomRules, 0, 'tests')
  const cells = waiting(2)
  assert.deepEqual(dues.of(cells, t0 - 1), [])
  assert.deepEqual(
    dues.of(cells, t0).map(({ key }) => key),
    ['0'],
  )
  assert.deepEqual(
    dues.of(cells, t0 + 9_000).map(({ key }) => key),
    ['1'],
  )
  assert.deepEqual(
    dues.of(cells, t0 + 10_000).map(({ key }) => key),
    ['0'],
  )
})

test('however many moments passed while nobody owned, each request fits the broker, and each is sent', () => {
  const dues = dueCommands(roomRules, 0, 'tests')
  const cells = waiting(6_000)
  const sent = new Set<string>()
  for (let look = 0; look < 12; look++) {
    const commands = dues.of(cells, t0 + 6_000)
    const bytes = commands.reduce((sum, command) => sum + encodeCommandRecord(command).value.length, 0)
    assert.ok(bytes < 512 * 1024, `${bytes} bytes`)
    for (const { key } of commands) sent.add(key)
  }
  assert.equal(sent.size, 6_000)
})
