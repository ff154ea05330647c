import assert from 'node:assert/strict'
import { test } from 'node:test'
import { until } from '#libs/testing/until.ts'
import { journalTopic } from '../families.ts'
import { post } from '../family.fixtures.ts'
import { uuidv7 } from '../ids.ts'
import type { OutcomeRecord } from '../outcome.ts'
import { roomPlatform } from '../owner/runtime/family.fixtures.ts'
import { followJournals } from './follow-journals.ts'

/** A platform with three outcomes, and what a follower of it is told. */
const setUp = async () => {
  const platform = await roomPlatform()
  const owner = await platform.owner()
  for (let sent = 0; sent < 3; sent++) await platform.send(post('hi', { id: uuidv7() }))
  await until(() => platform.outcomes().length === 3)
  await owner.close()
  const told: OutcomeRecord[] = []
  const invalid: number[] = []
  const options = {
    log: platform.log,
    meta: platform.meta,
    families: ['channel'],
    onOutcomes: (_family: unknown, _partition: number, outcomes: readonly OutcomeRecord[]) =>
      void told.push(...outcomes),
    onPositionInvalid: () => void invalid.push(performance.now()),
    onError: (error: unknown) => assert.fail(String(error)),
  } as const
  return { platform, told, invalid, options }
}

test('where the position is not valid, the partition is read from its beginning', async (t) => {
  const { platform, told, invalid, options } = await setUp()
  const position = { logId: platform.meta.logId, offset: 2, claim: 1, n: 2 }
  const following = await followJournals({ ...options, starts: [{ family: 'channel', partition: 0, position }] })
  t.after(following.close)
  await until(() => told.length === 3)
  assert.equal(invalid.length, 1)
})

test('a partition that has lost its beginning is asked for it later and later', async (t) => {
  const { platform, invalid, options } = await setUp()
  platform.log.trim(journalTopic('channel'), 0, 2)
  const following = await followJournals({ ...options, starts: [] })
  t.after(following.close)
  await until(() => invalid.length === 4)
  const [, second = 0, , fourth = 0] = invalid
  assert.ok(fourth - second > 50 + 100 - 10, `${fourth - second} ms`)
})
