import assert from 'node:assert/strict'
import { after, type TestContext, test } from 'node:test'
import { pino } from 'pino'
import { tcpProxy } from '#libs/testing/tcp-proxy.ts'
import { until } from '#libs/testing/until.ts'
import { s3Server } from '#libs/testing/versitygw.ts'
import { journalTopic } from '../families.ts'
import type { Log, Offset } from '../log.ts'
import { openS3Objects } from '../objects/s3/open.ts'
import { parseSnapshotName } from '../snapshots/format.ts'
import { brokenWorld } from './broken-world.fixtures.ts'

const server = await s3Server({ after })
let worlds = 0

/** Owners whose snapshots are in S3, every ten records, and what stands between them and it. */
const worldOnS3 = async (t: TestContext) => {
  const proxy = await tcpProxy(t, () => server.port)
  const bucket = { ...server, prefix: `world-${worlds++}/` }
  const objects = { ...bucket, endpoint: `http://127.0.0.1:${proxy.port}`, silenceMs: 300, tries: 2, backoffMs: 20 }
  const world = await brokenWorld(t, undefined, { objects, snapshotRecords: 10 })
  const direct = openS3Objects(bucket)
  const snapshots = async (): Promise<readonly Offset[]> =>
    (await direct.list('snapshots/')).flatMap((name) => parseSnapshotName(name)?.offset ?? [])
  return { ...world, proxy, snapshots }
}

/** Tells from where the journal is read. */
const readsFrom = (log: Log, told: (from: Offset) => void): Log => ({
  ...log,
  tail: async (topics, handlers) => {
    const tail = await log.tail(topics, handlers)
    return {
      ...tail,
      read: (topic, partition, from) => {
        if (topic === journalTopic('channel')) told(from)
        return tail.read(topic, partition, from)
      },
    }
  },
})

/** A logger that keeps the codes of alarms, and why each was given. */
const alarmsOf = () => {
  const lines: { readonly code: string; readonly error: string }[] = []
  return { lines, logger: pino({ level: 'error' }, { write: (line) => lines.push(JSON.parse(line)) }) }
}

test('decider-killed: its successor restores from the snapshot in S3', async (t) => {
  const world = await worldOnS3(t)
  const decider = await world.ownerProcess()
  const load = world.load()
  await until(async () => (await world.snapshots()).length > 1)
  decider.kill('SIGKILL')
  const starts: Offset[] = []
  await world.owner(readsFrom(world.log, (from) => starts.push(from)))
  const before = (await world.outcomes()).length
  await until(async () => (await world.outcomes()).length > before)
  await world.decidedOnce(await load.stop())
  assert.ok((starts[0] ?? 0) > 0, `${starts}`)
})

test('object-store-away: snapshots fail with an alarm, deciding goes on, and snapshots come again', async (t) => {
  const world = await worldOnS3(t)
  const { lines, logger } = alarmsOf()
  await world.owner(world.log, logger)
  const load = world.load()
  await until(async () => (await world.snapshots()).length > 0)
  world.proxy.set('refuse')
  await until(() => lines.length > 0)
  const { code, error } = lines[0] ?? {}
  assert.deepEqual([code, error], ['journal.snapshot_failed', 'object.store_away'])
  const decided = (await world.outcomes()).length
  await until(async () => (await world.outcomes()).length > decided + 20)
  world.proxy.set('pass')
  const last = Math.max(...(await world.snapshots()))
  await until(async () => Math.max(...(await world.snapshots())) > last)
  await world.decidedOnce(await load.stop())
})

for (const passing of ['refuse', 'hang'] as const)
  test(`object-store-away: a takeover waits for a store that does ${passing}`, async (t) => {
    const world = await worldOnS3(t)
    const first = await world.owner()
    const load = world.load()
    await until(async () => (await world.snapshots()).length > 0)
    await first.close()
    const sent = await load.stop()
    const { lines, logger } = alarmsOf()
    world.proxy.set(passing)
    const starts: Offset[] = []
    const second = await world.owner(
      readsFrom(world.log, (from) => starts.push(from)),
      logger,
    )
    await until(() => second.status().get(0)?.hindrance === 'journal.objects_away')
    assert.deepEqual([second.ready(), starts], [false, []])
    assert.deepEqual(
      lines.map(({ code, error }) => [code, error]),
      [['journal.objects_away', 'object.store_away']],
    )
    world.proxy.set('pass')
    await until(() => second.ready())
    assert.ok((starts[0] ?? 0) > 0)
    await world.decidedOnce(sent)
  })
