import assert from 'node:assert/strict'
import { before, type TestContext, test } from 'node:test'
import HLS from 'hls-parser'
import { type Platform, startPlatform } from '#apps/http-edge/platform.fixtures.ts'
import { freePort } from '#infra/embedded/engine.ts'
import { withSettings } from '#libs/config/config.ts'
import { codecs } from '#libs/contracts/codecs.ts'
import { Problem } from '#libs/http/problem.ts'
import { ensureConfiguredTopics, openConfiguredLog } from '#libs/journal/configured-log.ts'
import { followJournals } from '#libs/journal/reader/follow-journals.ts'
import { createLogger } from '#libs/telemetry/logger.ts'
import { decode } from '#libs/testing/decoded.ts'
import { ffmpegForTests } from '#libs/testing/ffmpeg.ts'
import { until } from '#libs/testing/until.ts'
import { startIngest } from './app.ts'
import { publish } from './publishing.fixtures.ts'
import { spawnIngest } from './spawned.fixtures.ts'

let ffmpeg: string
before(async () => {
  ffmpeg = await ffmpegForTests()
})

const nothing = new AbortController().signal

/** The types of what happened to broadcasts, as the journal has it. */
const followBroadcasts = async (t: TestContext, { config }: Platform): Promise<string[]> => {
  const log = openConfiguredLog(config, 'test', createLogger('test', 'silent'))
  const happened: string[] = []
  const following = await followJournals({
    log,
    meta: await ensureConfiguredTopics(log, config),
    families: ['broadcast'],
    starts: [],
    onOutcomes: (_family, _partition, outcomes) => {
      for (const { outcome } of outcomes)
        for (const encoded of outcome.kind === 'accepted' ? outcome.events : []) {
          const event = codecs.broadcast.decodeEvent(encoded)
          const why = event.type === 'BroadcastEnded' ? ` ${event.reason}` : ''
          const cause = event.type === 'BroadcastInterrupted' ? ` ${event.cause}` : ''
          // Warnings come and go with how busy the machine is.
          if (event.type !== 'LeaseRenewed' && !/^(Recording|Warning)/.test(event.type))
            happened.push(`${event.type}${why}${cause}`)
        }
    },
    onPositionInvalid: () => {},
    onError: () => {},
  })
  t.after(async () => {
    await following.close()
    await log.close()
  })
  return happened
}

test('from a stream key to media that plays, through a lost encoder and a lost ingest app', async (t) => {
  const platform = await startPlatform(t)
  const config = withSettings(platform.config, {
    rtmpHost: '127.0.0.1',
    rtmpPort: await freePort(),
    mediaPort: await freePort(),
    httpPort: await freePort(),
    metricsPort: await freePort(),
    broadcastLeaseMs: 20_000,
    broadcastGraceMs: 20_000,
  })
  const publishWith = (key: string, seconds: number) =>
    publish(t, { ffmpeg, url: `rtmp://127.0.0.1:${config.rtmpPort}/live/${key}`, seconds })
  const happened = await followBroadcasts(t, platform)
  const { id, token } = await platform.register('ada')
  const keys = `/v1/channels/${id}/stream-keys`

  const opened = await platform.call('POST', '/v1/channels', { token, body: {} })
  assert.equal(opened.status, 201, JSON.stringify(opened.body))
  await until(async () => (await platform.call('GET', `/v1/channels/${id}`)).status === 200)
  const issued = await platform.call('POST', keys, { token, body: {} })
  assert.equal(issued.status, 201, JSON.stringify(issued.body))
  const key = String(issued.body.streamKey)
  const other = await platform.register('mallory')
  assert.equal((await platform.call('POST', keys, { token: other.token, body: {} })).status, 403)
  const past = { token, body: { expiresAt: '2020-01-01T00:00:00Z' } }
  assert.equal((await platform.call('POST', keys, past)).body.code, 'broadcast.expiry_invalid')

  // Nobody answers for an encoder any more: the lease ends, then the time of grace.
  const doomed = await spawnIngest(t, withSettings(config, { broadcastLeaseMs: 2_000, broadcastGraceMs: 500 }))
  publishWith(key, 60)
  await until(() => happened.includes('BroadcastStarted'))
  doomed.kill('SIGKILL')
  await until(() => happened.includes('BroadcastEnded grace_over'))
  assert.deepEqual(happened.splice(0), [
    'StreamKeyIssued',
    'EncoderAdmitted',
    'BroadcastStarted',
    'BroadcastInterrupted lease_expired',
    'BroadcastEnded grace_over',
  ])

  const first = await startIngest(config, nothing)
  t.after(() => first.close())
  await until(() => first.ready())
  const wrong = await publishWith(`${key}x`, 2).ended
  assert.match(wrong.said, /this stream key is not known/)
  assert.equal(happened.length, 0)

  const base = `http://127.0.0.1:${config.mediaPort}/live/${id}`
  const get = async (file: string) => {
    const response = await fetch(`${base}/${file}`)
    return { status: response.status, headers: response.headers, bytes: Buffer.from(await response.arrayBuffer()) }
  }
  const offline = await get('index.m3u8')
  assert.equal(offline.status, 404)
  assert.equal(Problem.parse(JSON.parse(offline.bytes.toString())).code, 'playback.not_found')
  const lost = publishWith(key, 60)
  await until(() => happened.includes('BroadcastStarted'))
  const second = publishWith(key, 60)
  assert.match((await second.ended).said, /the channel is live already/)

  const index = await get('index.m3u8')
  assert.equal(index.status, 200)
  assert.match(index.bytes.toString(), /CODECS="avc1\.[0-9a-f]{6},mp4a\.40\.2",RESOLUTION=320x180/)
  assert.equal(index.headers.get('access-control-allow-origin'), '*')
  const playlist = async (query = '') => {
    const parsed = HLS.parse((await get(`source.m3u8${query}`)).bytes.toString())
    assert.ok(!parsed.isMasterPlaylist)
    return parsed
  }
  const began = (await playlist()).mediaSequenceBase ?? 0
  // Followed as a player does: each segment is waited for by its number, and its next part by the hint.
  const media = [(await get('init-0.mp4')).bytes]
  for (let sequence = began; sequence < began + 2; sequence++) {
    const waited = await playlist(`?_HLS_msn=${sequence}`)
    assert.ok(waited.segments.some((segment) => segment.mediaSequenceNumber === sequence && segment.uri))
    media.push((await get(`${sequence}.m4s`)).bytes)
  }
  assert.equal((await decode(ffmpeg, Buffer.concat(media))).complaints, '')
  const hinted = /PRELOAD-HINT:TYPE=PART,URI="([^"]+)"/.exec((await get('source.m3u8')).bytes.toString())?.[1]
  const part = await get(hinted ?? '')
  assert.equal(part.status, 200)
  assert.match(part.headers.get('cache-control') ?? '', /max-age=3600/)
  assert.equal((await get(`source.m3u8?_HLS_msn=${began + 1_000}`)).status, 400)
  assert.equal((await get('source.m3u8?_HLS_part=1')).status, 400)
  assert.equal((await get(`${began + 1_000}.m4s`)).status, 404)

  lost.child.kill('SIGKILL')
  await until(() => happened.includes('BroadcastInterrupted closed'))
  const back = publishWith(key, 60)
  await until(() => happened.includes('BroadcastResumed'))
  await until(async () => (await playlist()).segments.some(({ discontinuity }) => discontinuity))

  assert.deepEqual(happened, [
    'EncoderAdmitted',
    'BroadcastStarted',
    'BroadcastInterrupted closed',
    'EncoderAdmitted',
    'BroadcastResumed',
  ])
  const stop = await platform.call('POST', `/v1/channels/${id}/broadcast/stop`, { token })
  assert.equal(stop.status, 200, JSON.stringify(stop.body))
  await back.ended
  await until(async () => (await playlist()).endlist)
  assert.match((await publishWith(key, 2).ended).said, /a moderator stopped the broadcast/)
  const revoked = await platform.call('DELETE', `${keys}/${issued.body.keyId}`, { token })
  assert.equal(revoked.status, 200)
  assert.match((await publishWith(key, 2).ended).said, /this stream key is not known/)
})
