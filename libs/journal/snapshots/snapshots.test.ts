import assert from 'node:assert/strict'
import { test } from 'node:test'
import { until } from '#libs/testing/until.ts'
import { noCells } from '../cells.ts'
import { post, type Room, roomRules, timeOut } from '../family.fixtures.ts'
import { uuidv7 } from '../ids.ts'
import { createMemoryObjects } from '../objects/memory.ts'
import { beginning, type Followed, follow } from '../owner/follow.ts'
import { ownerRules } from '../owner/rules.ts'
import { roomPlatform } from '../owner/runtime/family.fixtures.ts'
import { foldOutcome } from '../turn.ts'
import { decodeSnapshot, encodeSnapshot, type SnapshotName, SnapshotUnreadable, snapshotName } from './format.ts'
import { newestPosition } from './position.ts'
import { stateAt } from './state-at.ts'
import { openSnapshots, superfluous } from './store.ts'

const header = { family: 'channel', partition: 0, logId: 'log', stateVersion: 1 } as const
type Rooms = Followed<ReturnType<typeof noCells<Room>>>

/** A journal of `count` records in several rooms, decided by an owner that writes a snapshot every few of them. */
const written = async (count: number, snapshotRecords: number) => {
  const platform = await roomPlatform()
  const owner = await platform.owner({ timings: { snapshotRecords } })
  for (let sent = 0; sent < count; sent++) {
    const key = String(sent % 3)
    const command = sent % 4 === 0 ? timeOut('7', 3_600_000, { key }) : post(`message ${sent}`, { key })
    await platform.send({ ...command, id: uuidv7() })
    await until(() => platform.outcomes().length > sent)
  }
  await owner.close()
  return platform
}

const replayed = (platform: Awaited<ReturnType<typeof roomPlatform>>, end: number): Rooms => {
  const evolve = foldOutcome(roomRules)
  let followed: Rooms = beginning(noCells<Room>())
  for (const [offset, entry] of platform.journal().slice(0, end).entries())
    followed = follow(followed, offset, entry, evolve, ownerRules).followed
  return followed
}

const plain = ({ fold, ...rest }: Rooms) => ({ ...rest, cells: fold.byKey.toJS(), dues: fold.dues.toJS() })

test('what an owner decided is what a replay of its journal gives, at every snapshot', async () => {
  const platform = await written(20, 6)
  const place = { objects: platform.objects, ...header, logId: platform.meta.logId }
  const snapshots = openSnapshots<Room>(place, roomRules.decider)
  const names = await snapshots.list()
  assert.equal(names.length, 3)
  for (const name of names) {
    const loaded = (await snapshots.load(name)) ?? assert.fail('a snapshot')
    assert.deepEqual(plain(loaded), plain(replayed(platform, name.offset + 1)))
  }
  const newest = await newestPosition(platform.objects, platform.meta.logId, 'channel', 0)
  assert.equal(newest?.offset, names[0]?.offset)
  assert.equal(newest?.logId, platform.meta.logId)
  const unreadable = snapshotName(platform.meta.logId, 'channel', 0, 999, 1, 1)
  await platform.objects.put(unreadable, Buffer.from('no snapshot'))
  assert.deepEqual(await newestPosition(platform.objects, platform.meta.logId, 'channel', 0), newest)
})

test('what is cut short, or no snapshot at all, is told from one', async () => {
  const bytes = await encodeSnapshot(header, beginning(noCells<Room>()), roomRules.decider)
  assert.deepEqual(plain(await decodeSnapshot(bytes, 'log', roomRules.decider)), plain(beginning(noCells<Room>())))
  for (const broken of [bytes.subarray(0, -1), Buffer.from('{}'), Buffer.alloc(0)])
    await assert.rejects(decodeSnapshot(broken, 'log', roomRules.decider), (error) => {
      assert.ok(error instanceof SnapshotUnreadable)
      assert.equal(error.code, 'journal.snapshot_unreadable')
      return true
    })
  await assert.rejects(decodeSnapshot(bytes, 'another log', roomRules.decider), SnapshotUnreadable)
})

test('a snapshot of another state version is not used', async () => {
  const platform = await written(8, 4)
  const place = { objects: platform.objects, ...header, logId: platform.meta.logId, stateVersion: 2 }
  assert.deepEqual(await openSnapshots<Room>(place, roomRules.decider).list(), [])
})

test('the last three snapshots are kept, and the last one of each day', () => {
  const at = (day: number, hour: number): SnapshotName => ({
    name: `${day}.${hour}`,
    offset: day * 24 + hour,
    at: (day * 24 + hour) * 3_600_000,
    stateVersion: 1,
  })
  const newestFirst = [at(3, 9), at(3, 8), at(3, 7), at(3, 6), at(2, 23), at(2, 1), at(1, 5), at(1, 4)]
  assert.deepEqual(
    superfluous(newestFirst).map(({ name }) => name),
    ['3.6', '2.1', '1.4'],
  )
})

test('a zombie that saves an old snapshot again harms nobody', async () => {
  const objects = createMemoryObjects()
  const snapshots = openSnapshots<Room>({ objects, ...header }, roomRules.decider)
  const followed: Rooms = { ...beginning(noCells<Room>()), counted: 4, next: 5 }
  await snapshots.save(followed, 1_000)
  await snapshots.save(followed, 1_000)
  assert.equal((await snapshots.list()).length, 1)
})

const asking = (platform: Awaited<ReturnType<typeof roomPlatform>>) => ({
  log: platform.log,
  objects: platform.objects,
  logId: platform.meta.logId,
  rules: roomRules,
  partition: 0,
  key: '1',
})

test('an aggregate is told as it was at any offset, number or time', async () => {
  const platform = await written(20, 6)
  const end = platform.journal().length
  for (let offset = 0; offset < end; offset++) {
    const then = replayed(platform, offset + 1)
    const cell = then.fold.byKey.get('1')
    const expected = {
      kind: 'state',
      state: cell?.state ?? { messages: 0, until: null },
      changedN: cell?.n ?? 0,
      n: then.n,
      at: then.at,
    }
    assert.deepEqual(await stateAt({ ...asking(platform), asOf: { offset } }), expected)
    if (then.n > 0) assert.deepEqual(await stateAt({ ...asking(platform), asOf: { n: then.n } }), expected)
  }
  const outcomes = platform.outcomes()
  const time = outcomes[9]?.at ?? 0
  const upTo = outcomes.filter(({ at }) => at <= time)
  const answer = await stateAt({ ...asking(platform), asOf: { time } })
  assert.ok(answer.kind === 'state')
  assert.equal(answer.n, upTo.length)
  assert.equal(answer.state.messages, upTo.filter(({ key }) => key === '1').length)
})

test('what lies ahead or is gone is told as such, and what lies far is left to a job', async () => {
  const platform = await written(20, 1_000)
  const ask = asking(platform)
  assert.deepEqual(await stateAt({ ...ask, asOf: { offset: 21 } }), { kind: 'future' })
  assert.deepEqual(await stateAt({ ...ask, asOf: { n: 21 } }), { kind: 'future' })
  for (const asOf of [{ offset: 18 }, { n: 18 }, { time: Date.now() }])
    assert.equal((await stateAt({ ...ask, asOf, mostRecords: 10 })).kind, 'far')
  const told: string[] = []
  const onProgress = (read: number, ofAtMost: number) => void told.push(`${read}/${ofAtMost}`)
  await stateAt({ ...ask, asOf: { n: 18 }, onProgress })
  assert.equal(told.at(-1), '19/21')
  platform.log.trim('whiply.channel.journal', 0, 5)
  assert.deepEqual(await stateAt({ ...ask, asOf: { n: 18 } }), { kind: 'gone' })
  const empty = await roomPlatform()
  assert.deepEqual(await stateAt({ ...asking(empty), asOf: { time: Date.now() } }), {
    kind: 'state',
    state: { messages: 0, until: null },
    changedN: 0,
    n: 0,
    at: 0,
  })
})

test('a snapshot whose position does not hold is passed over', async () => {
  const platform = await written(12, 100)
  const then = replayed(platform, 13)
  const place = { objects: platform.objects, ...header, logId: platform.meta.logId }
  // It names a record that was there before the log lost its end, say.
  const lost = { ...replayed(platform, 9), n: 9, fold: noCells<Room>() }
  await openSnapshots<Room>(place, roomRules.decider).save(lost, 1_000)
  const answer = await stateAt({ ...asking(platform), asOf: { offset: 12 } })
  assert.ok(answer.kind === 'state')
  assert.deepEqual([answer.n, answer.state], [then.n, then.fold.byKey.get('1')?.state])

  const owner = await platform.owner()
  await platform.send(post('once more', { key: '1', id: uuidv7() }))
  await until(() => platform.outcomes().length === 13)
  await owner.close()
  const { outcome } = platform.outcomes()[12] ?? assert.fail('an outcome')
  assert.deepEqual(outcome.kind === 'accepted' && outcome.summary, { seq: (answer.state.messages ?? 0) + 1 })
})
