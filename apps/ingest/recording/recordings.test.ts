import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import HLS from 'hls-parser'
import { startPlatform } from '#apps/http-edge/platform.fixtures.ts'
import { freePort } from '#infra/embedded/engine.ts'
import { withSettings } from '#libs/config/config.ts'
import { openFolderObjects } from '#libs/journal/objects/folder.ts'
import { clipFolder, piecesAmong, vodFolder } from '#libs/media/recording/piece.ts'
import { decode } from '#libs/testing/decoded.ts'
import { ffmpegForTests } from '#libs/testing/ffmpeg.ts'
import { until } from '#libs/testing/until.ts'
import { startIngest } from '../app.ts'
import { publish } from '../publishing.fixtures.ts'
import { spawnIngest } from '../spawned.fixtures.ts'

let ffmpeg: string
before(async () => {
  ffmpeg = await ffmpegForTests()
})

type VodBody = {
  readonly id: string
  readonly state: string
  readonly title: string | null
  readonly thumbnail: string | null
}
type ChatBody = {
  readonly messages: readonly { readonly id: string; readonly text: string; readonly seconds: number }[]
}

test('a broadcast is kept whole through a killed ingest app, with its chat beside it, clips and an end', async (t) => {
  const platform = await startPlatform(t, { ffmpegPath: ffmpeg })
  const ports = { rtmpPort: await freePort(), mediaPort: await freePort(), httpPort: await freePort() }
  const config = withSettings(platform.config, {
    ...ports,
    rtmpHost: '127.0.0.1',
    metricsPort: await freePort(),
    broadcastLeaseMs: 2_000,
    broadcastGraceMs: 60_000,
  })
  await platform.startEdge({ httpPort: ports.httpPort })
  const origin = `http://127.0.0.1:${ports.httpPort}`
  const objects = await openFolderObjects(config.objectStore)
  const [ada, bob] = [await platform.register('ada'), await platform.register('bob')]
  const { id: channelId, token } = ada
  await platform.call('POST', '/v1/channels', { token, body: {} })
  await until(async () => (await platform.call('GET', `/v1/channels/${channelId}`)).status === 200)
  const issued = await platform.call('POST', `/v1/channels/${channelId}/stream-keys`, { token, body: {} })
  const url = `rtmp://127.0.0.1:${ports.rtmpPort}/live/${issued.body.streamKey}`
  await platform.call('PATCH', `/v1/channels/${channelId}/broadcast`, { token, body: { title: 'Morning' } })

  let vodId = ''
  const listed = async (): Promise<readonly VodBody[]> =>
    (await platform.call<{ vods: readonly VodBody[] }>('GET', `/v1/channels/${channelId}/vods`)).body.vods
  const stored = async () => {
    const folder = vodFolder(channelId, vodId)
    return piecesAmong(folder, await objects.list(folder))
  }
  const post = async (who: string, text: string): Promise<string> => {
    const path = `/v1/channels/${channelId}/messages`
    const posted = await platform.call('POST', path, { token: who, body: { text } })
    assert.equal(posted.status, 201, JSON.stringify(posted.body))
    return String(posted.body.id ?? posted.body.commandId)
  }
  /** How many seconds of the session that is live have come in by now. */
  const liveSeconds = async (): Promise<number> => {
    const text = await (await fetch(`${origin}/live/${channelId}/${vodId}/source.m3u8`)).text()
    if (!text.startsWith('#EXTM3U')) throw new Error(text)
    const parsed = HLS.parse(text)
    assert.ok(!parsed.isMasterPlaylist)
    const last = parsed.segments.slice(
      Math.max(
        0,
        parsed.segments.findLastIndex(({ discontinuity }) => discontinuity),
      ),
    )
    return last.reduce(
      (sum, { duration, parts }) => sum + (duration || parts.reduce((all, part) => all + (part.duration ?? 0), 0)),
      0,
    )
  }

  // The first run of an ingest app is killed in the middle of it.
  const doomed = await spawnIngest(t, config)
  const lost = publish(t, { ffmpeg, url, seconds: 60 })
  await until(async () => (await listed()).length === 1)
  vodId = (await listed())[0]?.id ?? ''
  await until(async () => (await stored()).length >= 1)
  doomed.kill('SIGKILL')
  lost.child.kill('SIGKILL')
  const before = await stored()

  // Another one takes the same broadcast in again, and it ends as its encoder says.
  const ingest = await startIngest(config, new AbortController().signal)
  t.after(() => ingest.close())
  await until(() => ingest.ready())
  const interrupted = async () =>
    (await platform.call<{ broadcast: { state: string } | null }>('GET', `/v1/channels/${channelId}/broadcast`)).body
      .broadcast?.state === 'interrupted'
  await until(interrupted)
  const back = publish(t, { ffmpeg, url, seconds: 7 })
  await until(async () => (await liveSeconds().catch(() => 0)) > 3)
  const saidAt = await liveSeconds()
  // Who seeks back further than memory reaches goes on with what is recorded so far.
  const growing = HLS.parse(await (await fetch(`${origin}/media/vods/${vodId}/index.m3u8`)).text())
  assert.ok(!growing.isMasterPlaylist)
  assert.equal(growing.playlistType, 'EVENT')
  assert.equal(growing.endlist, false)
  const [kept, deleted, cleared] = [await post(token, 'kept'), await post(token, 'deleted'), await post(bob.token, 'x')]
  const saidBy = await liveSeconds()
  await platform.call('PATCH', `/v1/channels/${channelId}/broadcast`, { token, body: { title: 'Noon' } })
  await back.ended
  await until(async () => (await listed())[0]?.state === 'finished')

  // What was stored before the kill is there, and all of it plays in order.
  const pieces = await stored()
  assert.deepEqual(pieces.slice(0, before.length), before)
  const base = `${origin}/media/vods/${vodId}`
  const playlist = HLS.parse(await (await fetch(`${base}/index.m3u8`)).text())
  assert.ok(!playlist.isMasterPlaylist)
  assert.equal(playlist.endlist, true)
  assert.equal(playlist.segments.length, pieces.length)
  assert.equal(playlist.segments.filter(({ discontinuity }) => discontinuity).length, 1)
  for (const { uri, map } of playlist.segments)
    for (const file of [uri, map?.uri ?? '']) {
      const got = await fetch(`${base}/${file}`)
      assert.equal(got.status, 200)
      assert.match(got.headers.get('cache-control') ?? '', /immutable/)
    }
  const download = await fetch(`${base}/download.mp4`)
  const bytes = Buffer.from(await download.arrayBuffer())
  assert.equal(Number(download.headers.get('content-length')), bytes.length)
  const { frames, complaints } = await decode(ffmpeg, bytes)
  assert.equal(complaints, '')
  const seconds = pieces.reduce((sum, { durationMs }) => sum + durationMs, 0) / 1000
  assert.ok(Math.abs(frames - seconds * 30) <= 4, `${frames} frames in ${seconds} s`)

  // The chat stands where the video was when it was written.
  const secondSession = before.length === 0 ? 0 : pieces.findIndex(({ take }) => take !== pieces[0]?.take)
  const beganAt = pieces.slice(0, secondSession).reduce((sum, { durationMs }) => sum + durationMs, 0) / 1000
  const chat = async () =>
    (await platform.call<ChatBody>('GET', `/v1/vods/${vodId}/chat?at=${beganAt}&for=60`)).body.messages
  await until(async () => (await chat()).length === 3)
  for (const { seconds: at } of await chat())
    assert.ok(
      at - beganAt >= saidAt - 1 && at - beganAt <= saidBy + 1,
      `said from ${saidAt} s to ${saidBy} s of the session, stands at ${at - beganAt} s`,
    )
  assert.deepEqual((await platform.call<ChatBody>('GET', `/v1/vods/${vodId}/chat?for=1`)).body.messages, [])
  await platform.call('DELETE', `/v1/channels/${channelId}/messages/${deleted}`, { token })
  const clear = { kind: 'delete-messages', member: bob.id }
  assert.equal((await platform.call('POST', `/v1/channels/${channelId}/acts`, { token, body: clear })).status, 200)
  await until(async () => (await chat()).length === 1)
  assert.deepEqual(
    (await chat()).map(({ id, text }) => [id, text]),
    [[kept, 'kept']],
  )
  assert.ok(cleared)

  const chapters = await platform.call<{ title: string; chapters: readonly { title: string; at: number }[] }>(
    'GET',
    `/v1/vods/${vodId}`,
  )
  assert.equal(chapters.body.title, 'Noon')
  assert.deepEqual(
    chapters.body.chapters.map(({ title }) => title),
    ['Morning', 'Noon'],
  )

  // Its pictures are made once it is whole, and are found where they are told of.
  const pictured = async (): Promise<boolean> => (await fetch(`${base}/storyboard.vtt`)).status === 200
  await until(pictured)
  const storyboard = await (await fetch(`${base}/storyboard.vtt`)).text()
  assert.match(storyboard, /^WEBVTT\n/)
  const [sheet = ''] = /storyboard-\d+\.jpg/.exec(storyboard) ?? []
  const [{ thumbnail = '' } = {}] = await listed()
  for (const address of [`${base}/${sheet}`, `${origin}${thumbnail}`])
    assert.equal((await fetch(address)).headers.get('content-type'), 'image/jpeg', address)

  // A clip is its own: it stays when the recording goes, of which nothing is left.
  const made = await platform.call('POST', `/v1/vods/${vodId}/clips`, {
    token: bob.token,
    body: { title: 'Best of', from: 1.2, to: beganAt + 1.5 },
  })
  assert.equal(made.status, 201, JSON.stringify(made.body))
  const clipId = String(made.body.clipId)
  const clip = async () => (await platform.call('GET', `/v1/clips/${clipId}`)).body
  await until(async () => (await clip()).state === 'made')
  assert.equal((await platform.call('DELETE', `/v1/vods/${vodId}`, { token: bob.token })).status, 403)
  assert.equal((await platform.call('DELETE', `/v1/vods/${vodId}`, { token })).status, 200)
  await until(async () => (await objects.list(vodFolder(channelId, vodId))).length === 0)
  await until(async () => (await platform.call('GET', `/v1/vods/${vodId}`)).status === 404)
  const clipped = Buffer.from(await (await fetch(`${origin}/media/clips/${clipId}/download.mp4`)).arrayBuffer())
  const clipPlaylist = HLS.parse(await (await fetch(`${origin}/media/clips/${clipId}/index.m3u8`)).text())
  assert.ok(!clipPlaylist.isMasterPlaylist)
  assert.ok(
    clipPlaylist.segments.every(({ discontinuity }) => !discontinuity),
    'both runs are encoded as one',
  )
  const ofClip = await decode(ffmpeg, clipped)
  assert.equal(ofClip.complaints, '')
  assert.ok(Math.abs(ofClip.frames / 30 - Number((await clip()).seconds)) < 0.2)
  assert.equal((await platform.call('DELETE', `/v1/clips/${clipId}`, { token: bob.token })).status, 200)
  await until(async () => (await objects.list(clipFolder(channelId, clipId))).length === 0)
})
