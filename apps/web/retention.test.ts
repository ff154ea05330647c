import assert from 'node:assert/strict'
import { before, type TestContext, test } from 'node:test'
import { call, register } from '#apps/realtime-edge/people.fixtures.ts'
import { startWhole, type WholeWhiply } from '#apps/realtime-edge/whole.fixtures.ts'
import { writeIndex } from '#libs/broadcast/recordings/shelf.ts'
import { codecs } from '#libs/contracts/codecs.ts'
import { type BroadcastEvent, broadcastAbsent } from '#libs/contracts/generated/broadcast.ts'
import type { Clear } from '#libs/contracts/sealed.ts'
import { ensureConfiguredTopics, openConfiguredLog } from '#libs/journal/configured-log.ts'
import { encodeEntry } from '#libs/journal/envelope.ts'
import { commandTopic, journalTopic } from '#libs/journal/families.ts'
import { uuidv7 } from '#libs/journal/ids.ts'
import { openFolderObjects } from '#libs/journal/objects/folder.ts'
import { eventId } from '#libs/journal/outcome.ts'
import { partitionOf } from '#libs/journal/partitioner.ts'
import { clipFolder, vodFolder } from '#libs/media/recording/piece.ts'
import { lengthMs } from '#libs/media/recording/timeline.ts'
import { createLogger } from '#libs/telemetry/logger.ts'
import { encode } from '#libs/testing/encoded.ts'
import { ffmpegForTests } from '#libs/testing/ffmpeg.ts'
import { storeRecorded } from '#libs/testing/recorded.ts'
import { until } from '#libs/testing/until.ts'
import { openVault } from '#libs/vault/open.ts'
import { logIn } from './log-in.fixtures.ts'
import { startBrowser, visit } from './web.fixtures.ts'

const DAY_MS = 86_400_000

let ffmpeg: string
before(async () => {
  ffmpeg = await ffmpegForTests()
})

type Past = { readonly at: number; readonly events: readonly Clear<BroadcastEvent>[] }

/** Writes into the journal of broadcasts what an owner decided some time ago, one record each; nobody else may own it now. */
const writePast = async ({ config }: WholeWhiply, channelId: string, past: readonly Past[]): Promise<void> => {
  const log = openConfiguredLog(config, 'test', createLogger('test', 'silent'))
  const vault = await openVault(config)
  await vault.keys.prefetch([channelId])
  const meta = await ensureConfiguredTopics(log, config)
  const partition = partitionOf(channelId, meta.partitions.broadcast)
  const appender = await log.appender()
  const claim = await appender.append(journalTopic('broadcast'), partition, [
    encodeEntry({
      ...{ kind: 'claim', nonce: 'test', owner: 'test', stateVersion: 1 },
      ...{ logId: meta.logId, partitions: meta.partitions.broadcast },
    }),
  ])
  const nothing = { key: Buffer.from(channelId), value: Buffer.alloc(1) }
  const commands = await appender.append(
    commandTopic('broadcast'),
    partition,
    past.map(() => nothing),
  )
  const records = past.map(({ at, events }, index) => {
    const commandId = uuidv7()
    const sealed = events.map((event, place) =>
      codecs.broadcast.sealEvent(event, eventId(commandId, place), vault.keys.seal),
    )
    return encodeEntry({
      ...{ kind: 'outcome', claim, n: index + 1, at, key: channelId, commandOffset: commands + index, commandId },
      ...{ commandType: 'Past', principal: 'system', origin: 'test', stateVersion: 1, fingerprint: '' },
      outcome: { kind: 'accepted', events: sealed.map(codecs.broadcast.encodeEvent), summary: {} },
    })
  })
  await appender.append(journalTopic('broadcast'), partition, records)
  await appender.close()
  await log.close()
  await vault.close()
}

/** What a broadcast that was recorded left in the journal, and in the object store; with a clip of it. */
const recorded = async (objects: Awaited<ReturnType<typeof openFolderObjects>>, channelId: string, endedAt: number) => {
  const [vodId, clipId, sessionId, keyId] = [uuidv7(), uuidv7(), uuidv7(), uuidv7()]
  const [broadcastId, take, startedAt] = [vodId, uuidv7(), endedAt - 10_000]
  const events = await encode({ ffmpeg, seconds: 3, epochMs: startedAt })
  const store = async (folder: string) => {
    const pieces = await storeRecorded(objects, folder, events, take)
    await writeIndex(objects, folder, pieces)
    return pieces
  }
  const pieces = await store(vodFolder(channelId, vodId))
  await store(clipFolder(channelId, clipId))
  const durationMs = lengthMs(pieces)
  const sums = { segments: pieces.length, bytes: pieces.reduce((sum, { bytes }) => sum + bytes, 0), durationMs }
  const began: readonly Clear<BroadcastEvent>[] = [
    {
      ...{ type: 'BroadcastStarted', broadcastId, sessionId, keyId, origin: 'http://127.0.0.1:1' },
      ...{ leaseUntil: startedAt + 15_000, graceMs: 500 },
    },
    {
      type: 'RecordingStarted',
      broadcastId,
      visibility: 'public',
      audience: 'everybody',
      ...broadcastAbsent.RecordingStarted,
    },
  ]
  const ended: readonly Clear<BroadcastEvent>[] = [
    { type: 'RecordingReported', broadcastId, take, ...sums, lostMs: 0 },
    { type: 'BroadcastEnded', broadcastId, reason: 'unpublished', actor: null, restUntil: null },
    { type: 'RecordingFinished', broadcastId, cause: 'whole' },
    { type: 'RecordingSealed', broadcastId, ...sums },
    {
      ...{ type: 'ClipRequested', clipId, vodId, actor: channelId, title: 'Look' },
      ...{ fromMs: startedAt, toMs: startedAt + 2_000 },
    },
    { type: 'ClipMade', clipId, bytes: sums.bytes, durationMs },
  ]
  const past: readonly Past[] = [
    { at: startedAt, events: began },
    { at: endedAt, events: ended },
  ]
  return { vodId, clipId, past }
}

const setUp = async (t: TestContext) => {
  const whiply = await startWhole(t)
  const ask = (method: string, path: string, asked?: Parameters<typeof call>[3]) =>
    call(whiply.url, method, path, asked)
  const { id: channelId, token } = await register(whiply.url, { handle: 'ada' })
  await ask('POST', '/v1/channels', { body: {}, token })
  await until(async () => (await ask('GET', `/v1/channels/${channelId}`)).status === 200)
  const objects = await openFolderObjects(whiply.config.objectStore)
  return { whiply, ask, objects, channelId, token }
}

test('what has been kept for long enough is gone from the store, the lists and the page; younger ones stay', async (t) => {
  const { whiply, ask, objects, channelId, token } = await setUp(t)
  const old = await recorded(objects, channelId, Date.now() - 3 * DAY_MS)
  const young = await recorded(objects, channelId, Date.now() - DAY_MS / 2)
  await whiply.stopDecider()
  await writePast(whiply, channelId, [...old.past, ...young.past])
  await whiply.startDecider()
  const listed = async () =>
    ((await ask('GET', `/v1/channels/${channelId}/vods`)).body.vods as { id: string }[]).map(({ id }) => id)
  await until(async () => (await listed()).length === 2)
  const media = (path: string) => fetch(`${whiply.url}/media/${path}/index.m3u8`)
  assert.equal((await media(`vods/${old.vodId}`)).status, 200)
  const browser = await startBrowser(t)
  const { page } = await visit(browser, `${whiply.url}#ada`)
  await page.locator('#recordings summary').click()
  const cards = page.locator('#recordings .card')
  await until(async () => (await cards.count()) === 2)
  await page.locator('#clips summary').click()
  const clips = page.locator('#clips .card', { hasText: 'Look' })
  await until(async () => (await clips.count()) === 2)

  await logIn(page, 'ada')
  const form = page.locator('#studio-kept')
  const keep = async (recordings: string, clipsStay: string) => {
    await page.getByRole('button', { name: 'Go live' }).click()
    await page.locator('#studio-used', { hasText: /^\d+ MiB are used\.$/ }).waitFor()
    await form.getByLabel('Days for which recordings stay').fill(recordings)
    await form.getByLabel('Days for which clips stay').fill(clipsStay)
    await form.getByRole('button', { name: 'Keep it so' }).click()
  }
  const question = page.getByRole('alertdialog')
  const answer = (name: string) => question.getByRole('button', { name, exact: true }).click()
  await keep('1', '0')
  await question.getByText('All recordings older than 1 day are deleted at once').waitFor()
  await answer('Cancel')
  const kept = async () => (await ask('GET', `/v1/channels/${channelId}/recordings`, { token })).body.retentionDays
  assert.equal(await kept(), 0, 'nothing has changed')
  await form.getByRole('button', { name: 'Keep it so' }).click()
  await answer('Delete them, and keep it so')
  await until(async () => (await listed()).length === 1)
  assert.deepEqual(await listed(), [young.vodId])
  await until(async () => (await objects.list(vodFolder(channelId, old.vodId))).length === 0)
  for (const path of ['', '/playback', '/chat']) {
    const { status, body } = await ask('GET', `/v1/vods/${old.vodId}${path}`)
    assert.deepEqual([status, body.code], [404, 'broadcast.vod_unknown'], path)
  }
  // Who has just watched it may be told so for a moment longer.
  await until(async () => (await media(`vods/${old.vodId}`)).status === 404)
  for (const file of ['index.m3u8', 'download.mp4', 'storyboard.vtt']) {
    const { status, body } = await ask('GET', `/media/vods/${old.vodId}/${file}`)
    assert.deepEqual([status, body.code], [404, 'playback.not_found'], file)
  }
  for (const stays of [`vods/${young.vodId}`, `clips/${young.clipId}`, `clips/${old.clipId}`])
    assert.equal((await media(stays)).status, 200, stays)

  await page.reload()
  await page.locator('#recordings summary').click()
  await until(async () => (await cards.count()) === 1)
  await page.locator('#clips summary').click()
  await until(async () => (await clips.count()) === 2)
  await keep('1', '1')
  await question.getByText('All clips older than 1 day are deleted at once').waitFor()
  await answer('Delete them, and keep it so')
  await until(async () => (await objects.list(clipFolder(channelId, old.clipId))).length === 0)
  await until(async () => (await media(`clips/${old.clipId}`)).status === 404)
  assert.equal((await media(`clips/${young.clipId}`)).status, 200)
  const settings = await ask('GET', `/v1/channels/${channelId}/recordings`, { token })
  assert.deepEqual([settings.body.retentionDays, settings.body.clipRetentionDays], [1, 1])
  await page.reload()
  await page.locator('#clips summary').click()
  await until(async () => (await clips.count()) === 1)
  await page.goto('about:blank')
  await page.goto(`${whiply.url}#ada/vod/${old.vodId}`)
  await page.locator('#notice', { hasText: 'There is no such recording, or not any more.' }).waitFor()
})
