import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { PASSWORD, startPlatform } from '#apps/http-edge/platform.fixtures.ts'
import { freePort } from '#infra/embedded/engine.ts'
import { withSettings } from '#libs/config/config.ts'
import { openFolderObjects } from '#libs/journal/objects/folder.ts'
import { channelFolder } from '#libs/media/recording/piece.ts'
import { ffmpegForTests } from '#libs/testing/ffmpeg.ts'
import { until } from '#libs/testing/until.ts'
import { startIngest } from '../app.ts'
import { publish } from '../publishing.fixtures.ts'

/** The first segment is about four fifths of it. */
const QUOTA_BYTES = 250_000

let ffmpeg: string
before(async () => {
  ffmpeg = await ffmpegForTests()
})

test('a quota is told of before it ends a recording, and an erased broadcaster leaves nothing in the store', async (t) => {
  const platform = await startPlatform(t, { recordingQuota: QUOTA_BYTES })
  const ports = { rtmpPort: await freePort(), mediaPort: await freePort(), metricsPort: await freePort() }
  const config = withSettings(platform.config, { ...ports, rtmpHost: '127.0.0.1' })
  const ingest = await startIngest(config, new AbortController().signal)
  t.after(() => ingest.close())
  const { id, token } = await platform.register('ada')
  const get = (path: string) => platform.call('GET', path, { token })
  await platform.call('POST', '/v1/channels', { token, body: {} })
  await until(async () => (await get(`/v1/channels/${id}`)).status === 200)
  const issued = await platform.call('POST', `/v1/channels/${id}/stream-keys`, { token, body: {} })
  const url = `rtmp://127.0.0.1:${ports.rtmpPort}/live/${issued.body.streamKey}`

  const { child, ended } = publish(t, { ffmpeg, url, seconds: 60, pace: 6 })
  type Warned = { readonly warning: string; readonly value: number }
  const warned = async (name: string): Promise<Warned | undefined> => {
    const { status, body } = await get(`/v1/channels/${id}/broadcast/health`)
    return status === 200 ? (body.warnings as Warned[]).find(({ warning }) => warning === name) : undefined
  }
  await until(async () => (await warned('quota_near')) !== undefined)
  assert.ok(((await warned('quota_near'))?.value ?? 100) < 100, 'it is told while there is room')
  await until(async () => (await warned('quota_reached')) !== undefined)
  const settings = async () => (await get(`/v1/channels/${id}/recordings`)).body
  await until(async () => (await settings()).warning === 'quota_reached')
  assert.equal((await settings()).quotaBytes, QUOTA_BYTES)
  const live = async () => (await get(`/v1/channels/${id}/broadcast/health`)).body.state
  assert.equal(await live(), 'live', 'the broadcast goes on')
  const vods = async () =>
    (await get(`/v1/channels/${id}/vods`)).body.vods as readonly { readonly id: string; readonly stoppedBy: string }[]
  await until(async () => (await vods())[0]?.stoppedBy === 'quota')

  // Erased in the middle of it: what is on its way is kept by nobody, either.
  const objects = await openFolderObjects(config.objectStore)
  assert.notDeepEqual(await objects.list(channelFolder(id)), [])
  const [{ id: vodId = '' } = {}] = await vods()
  const erasure = await platform.call('DELETE', '/v1/accounts/me', { token, body: { password: PASSWORD } })
  assert.ok(erasure.status < 300, JSON.stringify(erasure.body))
  child.kill('SIGKILL')
  await ended
  await until(async () => (await platform.call('GET', `/v1/vods/${vodId}`)).status === 404)
  await until(async () => (await objects.list(channelFolder(id))).length === 0)
})
