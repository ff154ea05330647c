import assert from 'node:assert/strict'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, type TestContext, test } from 'node:test'
import fc from 'fast-check'
import type { Source } from '#libs/broadcast/http/edge.ts'
import { createPlaybackTokens } from '#libs/broadcast/playback-tokens.ts'
import { Problem } from '#libs/http/problem.ts'
import { until } from '#libs/testing/until.ts'
import { askedOf } from './asked.ts'
import { createByteCache } from './byte-cache.ts'
import { openOrigins } from './origin.ts'
import { withToken } from './playlist-token.ts'
import { createRefusal } from './refusal.ts'
import { serveMedia } from './serve.ts'
import { createShield } from './shield.ts'
import { createSources } from './sources.ts'

const broadcastId = '0199a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b'
const under = `/live/7/${broadcastId}`

const served = async (t: TestContext, listener: RequestListener): Promise<string> => {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const tokens = createPlaybackTokens((text) => Buffer.from(text.padEnd(32)).toString('base64url').slice(0, 43))

const silent = { warn: () => {}, error: () => {} }

/** An edge in front of an origin that answers as told, and what the origin was asked. */
const start = async (
  t: TestContext,
  answer: RequestListener,
  { audience = 'everybody' as Source['audience'], cacheBytes = 1 << 20, mostUnderWay = 100 } = {},
) => {
  const asked: string[] = []
  const origin = await served(t, (request, response) => {
    asked.push(request.url ?? '')
    answer(request, response)
  })
  const origins = openOrigins()
  t.after(origins.close)
  const shield = createShield({ fetch: origins.fetch, cacheBytes, mostUnderWay })
  const source = async (channelId: string) => (channelId === '7' ? { broadcastId, origin, audience } : undefined)
  const edge = await served(
    t,
    serveMedia(
      { source, tokens, shield, refuse: createRefusal(silent) },
      (_request, response) => void response.end('the application'),
    ),
  )
  const get = async (path: string, init: RequestInit = {}) => {
    const response = await fetch(edge + path, { redirect: 'manual', ...init })
    const text = await response.text()
    return { status: response.status, headers: response.headers, text }
  }
  const refusal = async (path: string) => {
    const { status, text } = await get(path)
    return [status, Problem.parse(JSON.parse(text)).code]
  }
  return { asked, get, refusal, shield }
}

const part: RequestListener = (_request, response) => {
  response.writeHead(200, { 'Content-Type': 'video/mp4', 'Cache-Control': 'public, max-age=3600' }).end('media')
}

describe('the shield of origins', () => {
  test('asks once for what many want at once, and not again for what it has', async (t) => {
    const waiting = Promise.withResolvers<void>()
    const { asked, get } = await start(t, async (request, response) => {
      await waiting.promise
      part(request, response)
    })
    const many = Array.from({ length: 50 }, () => get(`${under}/1.2.m4s`))
    await until(() => asked.length > 0)
    waiting.resolve()
    for (const { status, text, headers } of await Promise.all(many)) {
      assert.deepEqual([status, text], [200, 'media'])
      assert.equal(headers.get('cache-control'), 'public, max-age=3600')
      assert.equal(headers.get('access-control-allow-origin'), '*')
    }
    assert.equal((await get(`${under}/1.2.m4s`)).status, 200)
    assert.deepEqual(asked, [`${under}/1.2.m4s`])
  })

  test('tells waits apart by their directives, in whatever order they come, and by nothing else', async (t) => {
    const { asked, get } = await start(t, part)
    await get(`${under}/source.m3u8?_HLS_msn=4&_HLS_part=1`)
    await get(`${under}/source.m3u8?_HLS_part=1&x=y&_HLS_msn=4`)
    await get(`${under}/source.m3u8?_HLS_msn=4&_HLS_part=2`)
    for (const skip of ['YES', 'v2']) await get(`${under}/source.m3u8?_HLS_skip=${skip}&_HLS_msn=4`)
    for (const skip of ['NO', 'x', '']) await get(`${under}/source.m3u8?_HLS_skip=${skip}&_HLS_msn=4`)
    assert.deepEqual(asked, [
      `${under}/source.m3u8?_HLS_msn=4&_HLS_part=1`,
      `${under}/source.m3u8?_HLS_msn=4&_HLS_part=2`,
      `${under}/source.m3u8?_HLS_msn=4&_HLS_skip=YES`,
      `${under}/source.m3u8?_HLS_msn=4`,
    ])
  })

  test('keeps what nobody may keep for nobody', async (t) => {
    const { asked, get } = await start(t, (_request, response) => {
      response.writeHead(200, { 'Cache-Control': 'no-store' }).end('now')
    })
    const [first] = [await get(`${under}/1.m4s`), await get(`${under}/1.m4s`)]
    assert.equal(first.headers.get('cache-control'), 'no-store')
    assert.equal(asked.length, 2)
  })

  test('answers in codes what an origin refuses, and that it is away', async (t) => {
    const statuses: Readonly<Record<string, number>> = { '1.m4s': 404, '2.m4s': 400, '3.m4s': 503, '4.m4s': 500 }
    const { refusal, get } = await start(t, (request, response) => {
      const file = request.url?.split('/').at(-1) ?? ''
      if (file === '5.m4s') response.destroy()
      else response.writeHead(statuses[file] ?? 200).end()
    })
    assert.deepEqual(await refusal(`${under}/1.m4s`), [404, 'playback.not_found'])
    assert.deepEqual(await refusal(`${under}/2.m4s`), [400, 'playback.unclear'])
    assert.deepEqual(await refusal(`${under}/3.m4s`), [503, 'playback.late'])
    assert.deepEqual(await refusal(`${under}/4.m4s`), [503, 'playback.unavailable'])
    assert.deepEqual(await refusal(`${under}/5.m4s`), [503, 'playback.unavailable'])
    assert.deepEqual(await refusal('/live/8/index.m3u8'), [404, 'playback.not_found'])
    assert.deepEqual(await refusal(`/live/7/${broadcastId.replace('0', '1')}/1.m4s`), [404, 'playback.not_found'])
    assert.deepEqual(await refusal('/live/7/elsewhere/1.m4s'), [404, 'playback.not_found'])
    assert.equal((await get(`${under}/3.m4s`)).headers.get('retry-after'), '1')
    assert.equal((await get('/elsewhere')).text, 'the application')
  })

  test('refuses more than it can wait for', async (t) => {
    const { refusal, get, asked } = await start(
      t,
      (request, response) => void (request.url?.endsWith('/1.m4s') || part(request, response)),
      {
        mostUnderWay: 1,
      },
    )
    const abort = new AbortController()
    const held = get(`${under}/1.m4s`, { signal: abort.signal }).catch(() => {})
    await until(() => asked.length === 1)
    assert.deepEqual(await refusal(`${under}/2.m4s`), [503, 'platform.busy'])
    abort.abort()
    await held
  })
})

describe('what is not for everybody', () => {
  const playlist = '#EXTM3U\n#EXT-X-MAP:URI="init-0.mp4"\n#EXT-X-PART:DURATION=0.3,URI="1.0.m4s"\n#EXTINF:2,\n1.m4s\n'
  const live: RequestListener = (_request, response) => {
    response.writeHead(200, {
      'Content-Type': 'application/vnd.apple.mpegurl',
      'Cache-Control': 'public, max-age=1',
    })
    response.end(playlist)
  }

  test('opens with a token for its channel, which the addresses in playlists carry on', async (t) => {
    const { get, refusal } = await start(t, live, { audience: 'subscribers' })
    const { token } = tokens.issue({ id: '7', audience: 'subscribers' })
    assert.deepEqual(await refusal(`${under}/source.m3u8`), [401, 'playback.token_needed'])
    assert.deepEqual(await refusal(`${under}/source.m3u8?token=x`), [403, 'playback.token_invalid'])
    const other = tokens.issue({ id: '8', audience: 'subscribers' }).token
    assert.deepEqual(await refusal(`${under}/source.m3u8?token=${other}`), [403, 'playback.token_invalid'])
    const before = tokens.issue({ id: '7', audience: 'private' }).token
    assert.deepEqual(await refusal(`${under}/source.m3u8?token=${before}`), [403, 'playback.token_invalid'])
    const { text, headers } = await get(`${under}/source.m3u8?token=${token}`)
    assert.equal(text, withToken(playlist, token))
    assert.match(text, /URI="init-0\.mp4\?token=.*\n.*URI="1\.0\.m4s\?token=.*\n#EXTINF:2,\n1\.m4s\?token=/)
    assert.equal(headers.get('cache-control'), 'private, max-age=1')
    const { status, headers: led } = await get(`/live/7/index.m3u8?token=${token}`)
    assert.deepEqual([status, led.get('location')], [307, `${under}/index.m3u8?token=${token}`])
  })

  test('a token is good for its time, and for what was signed', () => {
    let now = 1_800_000_000_000
    const mine = createPlaybackTokens(
      (text) => text.padEnd(43, '-').slice(0, 43).replaceAll(' ', '_'),
      () => now,
    )
    const channel = { id: '7', audience: 'subscribers' }
    const { token, expiresAt } = mine.issue(channel)
    assert.equal(mine.isGood(token, channel), true)
    assert.equal(mine.isGood(token, { ...channel, id: '9' }), false)
    assert.equal(mine.isGood(token, { ...channel, audience: 'private' }), false)
    fc.assert(fc.property(fc.string(), (text) => !mine.isGood(text, channel)))
    now = expiresAt
    assert.equal(mine.isGood(token, channel), false)
  })
})

test('only files of a broadcast are asked for, by whatever address', () => {
  assert.equal(askedOf(`${under}/source.m3u8`)?.kind, 'media')
  assert.equal(askedOf(`${under}/720p/source.m3u8`)?.kind, 'media')
  for (const path of [
    '/live/7/source.m3u8',
    `${under}/a/b/c`,
    `${under}/../x`,
    `${under}/%2e%2e`,
    `${under}/`,
    '/live/',
  ])
    assert.equal(askedOf(path), undefined, path)
})

test('a cache of bytes stays within its bound, and lets go of what was asked for longest ago', () => {
  let now = 0
  const cache = createByteCache<string>(3_000, () => now)
  for (const key of ['a', 'b', 'c', 'd']) cache.put(key, key, 400, 1_000)
  assert.deepEqual(['a', 'b', 'c', 'd'].map(cache.get), [undefined, 'b', 'c', 'd'])
  cache.get('b')
  cache.put('e', 'e', 400, 1_000)
  assert.deepEqual(['b', 'c'].map(cache.get), ['b', undefined])
  cache.put('huge', 'x', 10_000, 1_000)
  assert.equal(cache.get('huge'), undefined)
  now = 1_000
  assert.equal(cache.get('b'), undefined)
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.string({ maxLength: 2 }), fc.nat(2_000))), (puts) => {
      for (const [key, bytes] of puts) cache.put(key, key, bytes, 10)
      assert.ok(cache.bytes() <= 3_000)
    }),
  )
})

test('sources are asked for once a second, and kept while the read model is away', async () => {
  let now = 0
  let answer: (() => Promise<Source | undefined>) | undefined
  let times = 0
  const found = { broadcastId, origin: 'http://one', audience: 'everybody' } as const
  const get = createSources(
    async () => {
      times++
      return answer?.()
    },
    () => now,
  )
  assert.equal(await get('7'), undefined)
  answer = async () => found
  now = 1_000
  assert.equal(await get('7'), found)
  await get('7')
  assert.equal(times, 2)
  answer = async () => Promise.reject(new Error('away'))
  now = 5_000
  assert.equal(await get('7'), found)
  now = 700_000
  await assert.rejects(get('7'), /away/)
})
