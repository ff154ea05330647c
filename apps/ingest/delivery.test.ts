import assert from 'node:assert/strict'
import { before, type TestContext, test } from 'node:test'
import HLS from 'hls-parser'
import { firstStart } from '#apps/http-edge/first-start.ts'
import { type Answer, type LoggedIn, PASSWORD, startPlatform } from '#apps/http-edge/platform.fixtures.ts'
import { freePort } from '#infra/embedded/engine.ts'
import { withSettings } from '#libs/config/config.ts'
import { ffmpegForTests } from '#libs/testing/ffmpeg.ts'
import { until } from '#libs/testing/until.ts'
import { startIngest } from './app.ts'
import { publish } from './publishing.fixtures.ts'

/** Whatever a playlist has that it should not is an error. */
HLS.setOptions({ strictMode: true })

let ffmpeg: string
before(async () => {
  ffmpeg = await ffmpegForTests()
})

const never = new AbortController().signal

/** A platform with an ingest app, and somebody with a channel who can publish to it. */
const setUp = async (t: TestContext) => {
  const platform = await startPlatform(t)
  const config = withSettings(platform.config, {
    rtmpHost: '127.0.0.1',
    rtmpPort: await freePort(),
    mediaPort: await freePort(),
    broadcastTakeover: true,
    ffmpegPath: ffmpeg,
    broadcastMostLines: 360,
  })
  const ingest = await startIngest(config, never)
  t.after(ingest.close)
  /** A channel of somebody new, and where they publish. */
  const openChannel = async (handle: string) => {
    const { id, token } = await platform.register(handle)
    const api = (method: string, path: string, body?: unknown) => platform.call(method, path, { token, body })
    assert.equal((await api('POST', '/v1/channels', {})).status, 201)
    await until(async () => (await platform.call('GET', `/v1/channels/${id}`)).status === 200)
    const issued = await api('POST', `/v1/channels/${id}/stream-keys`, {})
    assert.equal(issued.status, 201, JSON.stringify(issued.body))
    const url = `rtmp://127.0.0.1:${config.rtmpPort}/live/${issued.body.streamKey}`
    return { id, token, api, url, issued, channel: `/v1/channels/${id}` }
  }
  return { platform, openChannel, ...(await openChannel('ada')) }
}

type World = Awaited<ReturnType<typeof setUp>>

const codeOf = ({ status, body }: Answer): string => `${status} ${body.code}`

const mediaOf = ({ platform }: World, base: string) => {
  const folder = base.slice(0, base.lastIndexOf('/'))
  const get = (file: string) => platform.call('GET', `${folder}/${file}`)
  const text = async (file: string): Promise<string> => {
    const { status, body } = await get(file)
    assert.equal(status, 200, `${file}: ${JSON.stringify(body)}`)
    return String(body.text)
  }
  return { get, text }
}

const adminToken = async ({ platform }: World): Promise<string> => {
  const made = await firstStart(platform.config, never)
  const first = await platform.call<LoggedIn>('POST', '/v1/sessions', {
    body: { handle: 'admin', password: made?.password },
  })
  const changed = await platform.call<LoggedIn>('PUT', '/v1/accounts/me/password', {
    token: first.body.accessToken,
    body: { oldPassword: made?.password, newPassword: PASSWORD },
  })
  assert.equal(changed.status, 200, JSON.stringify(changed.body))
  return changed.body.accessToken
}

test('a broadcast is told of, listed, delivered through the edge, and watched by those whom it is for', {
  timeout: 240_000,
}, async (t) => {
  const world = await setUp(t)
  const { platform, id, token, api, url, issued, channel } = world
  const stranger = await platform.register('mallory')

  await t.test('keys are listed without their secrets, to the broadcaster alone', async () => {
    await until(async () => ((await api('GET', `${channel}/stream-keys`)).body.keys as unknown[]).length === 1)
    const { body } = await api('GET', `${channel}/stream-keys`)
    const [key] = body.keys as readonly Record<string, unknown>[]
    assert.deepEqual([key?.id, key?.issuedBy, key?.expiresAt, key?.usedAt], [issued.body.keyId, id, null, null])
    assert.deepEqual([body.server, body.secureServer], [issued.body.server, null])
    assert.ok(!JSON.stringify(body).includes(String(issued.body.streamKey)))
    const refused = await platform.call('GET', `${channel}/stream-keys`, { token: stranger.token })
    assert.equal(codeOf(refused), '403 broadcast.forbidden')
  })

  await t.test('what is said of broadcasts is shown', async () => {
    const info = { title: 'Tea at five', category: 'Cooking', tags: ['tea', 'talk'], language: 'en' }
    const changed = await api('PATCH', `${channel}/broadcast`, info)
    assert.equal(changed.status, 200, JSON.stringify(changed.body))
    const refused = await platform.call('PATCH', `${channel}/broadcast`, { token: stranger.token, body: info })
    assert.equal(codeOf(refused), '403 broadcast.forbidden')
    const { body } = await platform.call('GET', `${channel}/broadcast`, {
      headers: { 'min-position': String(changed.body.position) },
    })
    assert.deepEqual(body, { info: { ...info, visibility: 'public', audience: 'everybody' }, broadcast: null })
    assert.equal(codeOf(await platform.call('GET', `${channel}/playback`)), '409 broadcast.not_live')
  })

  // Keyframes are three seconds apart, and twenty seconds come in four.
  const first = publish(t, { ffmpeg, url, seconds: 400, keyEvery: 90, pace: 5 })
  const listed = async () =>
    (await platform.call('GET', '/v1/broadcasts?language=en')).body.broadcasts as readonly Record<string, unknown>[]
  await until(async () => (await listed()).length === 1)
  const playback = await platform.call('GET', `${channel}/playback`)
  const media = mediaOf(world, String(playback.body.url))

  await t.test('who is live is listed, with those who watch', async () => {
    const watching = (viewer: string) => platform.call('POST', `${channel}/watching`, { body: { viewer } })
    for (const viewer of ['viewer-one', 'viewer-two', 'viewer-one']) assert.equal((await watching(viewer)).status, 204)
    await until(async () => (await listed())[0]?.viewers === 2)
    const [broadcast] = await listed()
    assert.deepEqual(
      [broadcast?.channelId, broadcast?.slug, broadcast?.title, broadcast?.state],
      [id, 'ada', 'Tea at five', 'live'],
    )
  })

  await t.test(
    'a keyframe interval that is too long is warned of in words, and how the encoder does is told',
    async () => {
      const health = async () => (await api('GET', `${channel}/broadcast/health`)).body
      await until(async () => ((await health()).warnings as unknown[]).length === 1)
      const { warnings } = await health()
      assert.deepEqual(warnings, [
        {
          warning: 'keyframe_interval',
          value: 3_000,
          words: 'Keyframes come 3.0 s apart: set the keyframe interval of the encoder to 2 s or less.',
        },
      ])
      await until(async () => (await health()).health !== null)
      const { health: told } = (await health()) as { health: Record<string, number> }
      assert.deepEqual([told.keyframeIntervalMs, told.width, told.height], [3_000, 320, 180])
      assert.ok((told.kilobitsPerSecond ?? 0) > 50 && (told.framesPerSecond ?? 0) > 60)
      const refused = await platform.call('GET', `${channel}/broadcast/health`, { token: stranger.token })
      assert.equal(codeOf(refused), '403 broadcast.forbidden')
    },
  )

  await t.test('a player follows it through the edge: the entry, waits, parts, deltas', async () => {
    const entry = await platform.call('GET', `/live/${id}/index.m3u8`, { redirect: 'manual' })
    assert.deepEqual([entry.status, entry.headers.get('location')], [307, playback.body.url])
    assert.match(await media.text('index.m3u8'), /RESOLUTION=320x180/)
    const live = async (query = '') => HLS.parse(await media.text(`source.m3u8${query}`)) as HLS.types.MediaPlaylist
    await until(async () => (await live()).segments.length > 9)
    const next = ((await live()).segments.at(-1)?.mediaSequenceNumber ?? 0) + 1
    const waited = await live(`?_HLS_msn=${next}&_HLS_part=0`)
    assert.ok(waited.segments.some(({ mediaSequenceNumber }) => mediaSequenceNumber >= next))
    const hinted = /PRELOAD-HINT:TYPE=PART,URI="([^"]+)"/.exec(await media.text('source.m3u8'))?.[1] ?? ''
    assert.equal((await media.get(hinted)).headers.get('content-type'), 'video/mp4')
    const delta = await media.text(`source.m3u8?_HLS_msn=${next + 1}&_HLS_skip=YES`)
    const skipped = Number(/#EXT-X-SKIP:SKIPPED-SEGMENTS=(\d+)/.exec(delta)?.[1])
    assert.ok(skipped > 0 && HLS.parse(delta))
    assert.equal(codeOf(await media.get(`source.m3u8?_HLS_msn=${next + 1_000}`)), '400 playback.unclear')
    assert.equal(codeOf(await media.get('1.m4s')), '404 playback.not_found')
    assert.match(
      await media.text('index.m3u8'),
      /FRAME-RATE=(?:29\.9|30\.)[\s\S]*I-FRAME-STREAM-INF:.*URI="keyframes\.m3u8"/,
    )
    const entries = (await media.text('keyframes.m3u8')).matchAll(/(#EXT-X-GAP\n)?#EXTINF:.*\n(key-\d+\.mp4)/g)
    const keyframe = [...entries].find(([, gap]) => gap === undefined)?.[2] ?? ''
    assert.equal((await media.get(keyframe)).headers.get('content-type'), 'video/mp4')
    const preview = await media.get('preview.jpg')
    assert.deepEqual([preview.status, preview.headers.get('content-type')], [200, 'image/jpeg'])
  })

  await t.test('what never comes is waited for no longer than three target durations', async () => {
    first.child.kill('SIGSTOP')
    const known = HLS.parse(await media.text('source.m3u8')) as HLS.types.MediaPlaylist
    let ahead = known.segments.at(-1)?.mediaSequenceNumber ?? 0
    let answer = await media.get(`${ahead}.0.m4s`)
    while (answer.status === 200) answer = await media.get(`${++ahead}.0.m4s`)
    assert.equal(codeOf(answer), '503 playback.late')
  })

  const second = publish(t, { ffmpeg, url, seconds: 120 })

  await t.test('a second encoder takes over, and its keyframes clear the warning', async () => {
    await until(async () => ((await api('GET', `${channel}/broadcast/health`)).body.warnings as unknown[]).length === 0)
    first.child.kill('SIGCONT')
    assert.notEqual((await first.ended).code, 0)
    const [broadcast] = await listed()
    assert.deepEqual([broadcast?.id, broadcast?.state], [String(playback.body.url).split('/')[3], 'live'])
  })

  await t.test('pictures beyond the limit are not taken', async () => {
    second.child.kill('SIGKILL')
    await until(async () => (await listed())[0]?.state === 'interrupted')
    const { code, said } = await publish(t, { ffmpeg, url, seconds: 20, size: '854x480' }).ended
    assert.notEqual(code, 0)
    assert.doesNotMatch(said, /taken over/)
    publish(t, { ffmpeg, url, seconds: 60 })
    await until(async () => (await listed())[0]?.state === 'live')
  })

  await t.test('what is private opens to those with a role, by a token for the channel', async () => {
    const changed = await api('PATCH', `${channel}/broadcast`, { audience: 'private' })
    assert.equal(changed.status, 200)
    await until(async () => (await media.get('source.m3u8')).status === 401)
    assert.equal(codeOf(await media.get('source.m3u8')), '401 playback.token_needed')
    assert.equal(codeOf(await platform.call('GET', `${channel}/playback`)), '401 http.unauthenticated')
    const refused = await platform.call('GET', `${channel}/playback`, { token: stranger.token })
    assert.equal(codeOf(refused), '403 playback.forbidden')
    const { body } = await platform.call('GET', `${channel}/playback`, { token })
    assert.match(await media.text(`source.m3u8?token=${body.token}`), /\.m4s\?token=/)
    assert.equal(codeOf(await media.get(`source.m3u8?token=${body.token}x`)), '403 playback.token_invalid')
  })

  await t.test(
    'of two encoders that come back by themselves one stays, and the other one is told why not',
    async () => {
      const bobs = await world.openChannel('bob')
      const said: string[] = []
      const isOver = new AbortController()
      const comeBack = async (): Promise<void> => {
        while (!isOver.signal.aborted) said.push((await publish(t, { ffmpeg, url: bobs.url, seconds: 120 }).ended).said)
      }
      for (let encoders = 0; encoders < 2; encoders++) void comeBack()
      const refusals = () => said.filter((words) => words.includes('another encoder has just taken over'))
      const takeovers = () => said.length - refusals().length
      await until(() => refusals().length >= 2)
      const before = takeovers()
      await until(() => refusals().length >= 6)
      isOver.abort()
      assert.equal(takeovers(), before, said.join('\n'))
      const health = async () => (await bobs.api('GET', `${bobs.channel}/broadcast/health`)).body
      const refusalOf = (refused: unknown) => (refused as { readonly code: string } | null)?.code
      await until(async () => {
        const { state, refused } = await health()
        return state === 'live' && refusalOf(refused) === 'broadcast.taken_over'
      })
    },
  )

  await t.test('whoever is suspended is cut, and not let in again', async () => {
    const admin = await adminToken(world)
    const path = `/v1/administration/accounts/${id}/suspension`
    assert.equal((await platform.call('PUT', path, { token: admin, body: { reason: 'spam' } })).status, 204)
    await until(async () => (await listed())[0]?.state !== 'live')
    const again = () => publish(t, { ffmpeg, url, seconds: 1 }).ended
    await until(async () => (await again()).said.includes('the account is suspended'))
  })
})
