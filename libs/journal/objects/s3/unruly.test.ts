import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, type TestContext, test } from 'node:test'
import { everyOther, type Manner, unrulyProxy } from '#libs/testing/unruly-proxy.ts'
import { until } from '#libs/testing/until.ts'
import { s3Server } from '#libs/testing/versitygw.ts'
import { post, type Room, roomRules } from '../../family.fixtures.ts'
import { uuidv7 } from '../../ids.ts'
import { ObjectExists } from '../../objects.ts'
import { roomPlatform } from '../../owner/runtime/family.fixtures.ts'
import { openSnapshots } from '../../snapshots/store.ts'
import { objectStoreContract } from '../objects.contract.ts'
import { openS3Objects, type S3Options } from './open.ts'

const server = await s3Server({ after })
const quick = { silenceMs: 2_000, tries: 6, backoffMs: 2 }

const openBehind = async (t: TestContext, mannerOf: () => Manner, more: Partial<S3Options> = {}) => {
  const proxy = await unrulyProxy(t, server.port, mannerOf)
  const prefix = `${randomBytes(6).toString('hex')}/`
  const place = { ...server, ...quick, prefix, ...more }
  return { proxy, direct: openS3Objects(place), store: openS3Objects({ ...place, endpoint: proxy.endpoint }) }
}

objectStoreContract(
  'S3 over connections that fail every other time',
  async (t) => (await openBehind(t, everyOther())).store,
)

test('S3: each way to fail is met, and each has its code where it lasts', async (t) => {
  const all = await openBehind(t, everyOther())
  for (let each = 0; each < 12; each++) await all.store.put(`a/${each}`, Buffer.from(String(each)))
  assert.equal((await all.direct.list('a/')).length, 12)
  assert.deepEqual(Object.keys(all.proxy.counts()).sort(), ['cut', 'lose', 'pass', 'reset', 'unavailable'])
  for (const manner of ['unavailable', 'reset', 'cut'] as const) {
    const { store, proxy } = await openBehind(t, () => manner)
    // The answer to a write has nothing that could be cut.
    const writes = manner === 'cut' ? [] : [() => store.put('a', Buffer.alloc(1))]
    const calls = [() => store.get('a'), () => store.list(''), ...writes]
    for (const call of calls) await assert.rejects(call, { code: 'object.store_away' }, manner)
    assert.equal(proxy.counts()[manner], calls.length * quick.tries, 'every try was made')
  }
})

test('S3: a write whose every answer is lost is told as failed, and is no conflict with itself later', async (t) => {
  let manner: Manner = 'lose'
  const { store, direct } = await openBehind(t, () => manner)
  await assert.rejects(store.put('a', Buffer.from('mine')), { code: 'object.store_away' })
  assert.deepEqual(await direct.get('a'), Buffer.from('mine'))
  manner = 'pass'
  await assert.rejects(store.put('a', Buffer.from('mine')), ObjectExists, 'a new write finds the name taken')
})

test('S3: snapshots are written and read over connections that fail every other time', async (t) => {
  const { store, direct } = await openBehind(t, everyOther())
  const platform = await roomPlatform()
  const owner = await platform.owner({ objects: store, timings: { snapshotRecords: 4 } })
  const place = { logId: platform.meta.logId, family: 'channel', partition: 0, stateVersion: 1 } as const
  const written = openSnapshots<Room>({ objects: direct, ...place }, roomRules.decider)
  // One that is due while another is still being written is left out.
  let sent = 0
  await until(async () => {
    await platform.send({ ...post(`message ${sent++}`, { key: '1' }), id: uuidv7() })
    await until(() => platform.outcomes().length >= sent)
    return (await written.list()).length >= 3
  })
  await owner.close()
  const snapshots = openSnapshots<Room>({ objects: store, ...place }, roomRules.decider)
  const names = await snapshots.list()
  for (const name of names) {
    const loaded = await snapshots.load(name)
    assert.equal(loaded?.counted, name.offset)
    assert.equal(loaded.fold.byKey.size, 1)
  }
  for (const name of names) await snapshots.remove(name)
  assert.deepEqual(await written.list(), [])
})
