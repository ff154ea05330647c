import assert from 'node:assert/strict'
import { test } from 'node:test'
import { encodeTelemetry, type TelemetryRecord } from '#libs/broadcast/telemetry-record.ts'
import { telemetryTopic } from '#libs/journal/families.ts'
import { memoryLog } from '#libs/journal/memory/log.ts'
import { until } from '#libs/testing/until.ts'
import { createAudience } from './audience.ts'
import { startTelemetryFeed } from './telemetry.ts'

test('who watches is counted once, however often they say so, until they are silent', () => {
  let now = 0
  const audience = createAudience(() => now)
  audience.heard('7', ['ada', 'bob'])
  now = 20_000
  audience.heard('7', ['bob', 'bob'])
  audience.heard('8', ['ada'])
  assert.deepEqual([audience.count('7'), audience.count('8'), audience.total()], [2, 1, 3])
  now = 31_000
  assert.deepEqual([audience.count('7'), audience.count('9')], [1, 0])
  now = 60_000
  audience.sweep()
  assert.equal(audience.total(), 0)
})

const healthAt = (at: number) => ({
  isTest: false,
  broadcastId: 'b1',
  at,
  kilobitsPerSecond: 3_000,
  framesPerSecond: 30,
  keyframeIntervalMs: 2_000,
  driftMs: -3,
  droppedFrames: 0,
  width: 1280,
  height: 720,
})

test('why an encoder was refused is known for ten minutes, or until one does well', async (t) => {
  const log = memoryLog()
  let now = Date.now()
  const feed = await startTelemetryFeed({ log, replication: 1, onError: assert.ifError, now: () => now })
  t.after(feed.close)
  const appender = await log.appender()
  const tell = (record: TelemetryRecord) =>
    appender.append(telemetryTopic, 0, [{ key: null, value: encodeTelemetry(record) }])
  const refusal = { at: now, code: 'media.unsupported', words: 'video in HEVC is not taken yet' }
  const refused = (channel: string) => tell({ type: 'refused', channel, refusal })
  const measured = async (channel: string, at: number) => {
    await tell({ type: 'health', channel, health: healthAt(at) })
    await until(() => feed.health(channel)?.at === at)
  }
  await refused('7')
  await refused('8')
  await until(() => feed.refusal('8') !== undefined)
  assert.deepEqual([feed.refusal('7'), feed.refusal('9')], [refusal, undefined])
  await measured('7', now + 12_000)
  assert.deepEqual(feed.refusal('7'), refusal, 'the next one may be refused after ten seconds as well')
  await measured('7', now + 31_000)
  assert.equal(feed.refusal('7'), undefined)
  assert.deepEqual(feed.refusal('8'), refusal)
  now += 601_000
  await until(() => feed.refusal('8') === undefined)
})

test('every edge counts who says so at any of them, and knows how encoders do', async (t) => {
  const log = memoryLog()
  const open = async () => {
    const feed = await startTelemetryFeed({ log, replication: 1, onError: (error) => assert.fail(String(error)) })
    t.after(feed.close)
    return feed
  }
  const [one, other] = [await open(), await open()]
  one.watching('7', 'viewer-one')
  one.watching('7', 'viewer-one')
  other.watching('7', 'viewer-two')
  const appender = await log.appender()
  const health = healthAt(Date.now())
  const values = [
    Buffer.from('{"type":"of another release"}'),
    encodeTelemetry({ type: 'health', channel: '7', health }),
  ]
  await appender.append(
    telemetryTopic,
    0,
    values.map((value) => ({ key: null, value })),
  )
  for (const feed of [one, other]) {
    await until(() => feed.viewers('7') === 2)
    await until(() => feed.health('7') !== undefined)
    assert.deepEqual(feed.health('7'), health)
  }
})
