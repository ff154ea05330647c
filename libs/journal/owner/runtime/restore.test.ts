import assert from 'node:assert/strict'
import { test } from 'node:test'
import { until } from '#libs/testing/until.ts'
import { journalTopic } from '../../families.ts'
import { post } from '../../family.fixtures.ts'
import { uuidv7 } from '../../ids.ts'
import type { Log, Offset } from '../../log.ts'
import { type ObjectStore, ObjectStoreError } from '../../objects.ts'
import { roomPlatform } from './family.fixtures.ts'

/** A log that tells from where the journal is read. */
const readsFrom = (log: Log, told: (from: Offset) => void): Log => ({
  ...log,
  tail: async (topics, handlers) => {
    const tail = await log.tail(topics, handlers)
    const read: typeof tail.read = (topic, partition, from) => {
      if (topic === journalTopic('channel')) told(from)
      tail.read(topic, partition, from)
    }
    return { ...tail, read }
  },
})

test('a store that goes away between its list and a snapshot is waited for, and the snapshot taken', async (t) => {
  const platform = await roomPlatform()
  const first = await platform.owner({ timings: { snapshotRecords: 2 } })
  for (let sent = 1; sent <= 4; sent++) {
    await platform.send(post('hi', { id: uuidv7() }))
    await until(() => platform.outcomes().length === sent)
  }
  await until(async () => (await platform.objects.list('snapshots/')).length > 0)
  await first.close()

  let isAway = true
  const objects: ObjectStore = {
    ...platform.objects,
    get: async (name) => {
      if (isAway) throw new ObjectStoreError('object.store_away', 'it does not answer')
      return platform.objects.get(name)
    },
  }
  const starts: Offset[] = []
  const second = await platform.owner({ objects, over: readsFrom(platform.log.connect(), (from) => starts.push(from)) })
  t.after(second.close)
  await until(() => second.status().get(0)?.hindrance === 'journal.objects_away')
  assert.deepEqual(starts, [])
  isAway = false
  await until(() => second.ready())
  assert.ok((starts[0] ?? 0) > 0, `${starts}`)
})
