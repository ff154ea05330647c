import assert from 'node:assert/strict'
import { before, type TestContext, test } from 'node:test'
import { startPlatform } from '#apps/http-edge/platform.fixtures.ts'
import { freePort } from '#infra/embedded/engine.ts'
import { withSettings } from '#libs/config/config.ts'
import { openFolderObjects } from '#libs/journal/objects/folder.ts'
import { channelFolder, vodFolder } from '#libs/media/recording/piece.ts'
import { ffmpegForTests } from '#libs/testing/ffmpeg.ts'
import { until } from '#libs/testing/until.ts'
import { startIngest } from './app.ts'
import { publish } from './publishing.fixtures.ts'

let ffmpeg: string
before(async () => {
  ffmpeg = await ffmpegForTests()
})

type Key = { readonly id: string; readonly label: string | null; readonly purpose: string; readonly usedAt: unknown }

/** A channel that nobody has published to, and an ingest app. */
const setUp = async (t: TestContext) => {
  const platform = await startPlatform(t)
  const ports = { rtmpPort: await freePort(), mediaPort: await freePort() }
  const config = withSettings(platform.config, { ...ports, rtmpHost: '127.0.0.1', broadcastGraceMs: 60_000 })
  const ingest = await startIngest(config, new AbortController().signal)
  t.after(ingest.close)
  await until(ingest.ready)
  const { id, token } = await platform.register('ada')
  const api = (method: string, path: string, body?: unknown) => platform.call(method, path, { token, body })
  const channel = `/v1/channels/${id}`
  assert.equal((await api('POST', '/v1/channels', {})).status, 201)
  await until(async () => (await api('GET', channel)).status === 200)
  const issue = async (body: object) => {
    const issued = await api('POST', `${channel}/stream-keys`, body)
    assert.equal(issued.status, 201, JSON.stringify(issued.body))
    return { keyId: String(issued.body.keyId), secret: String(issued.body.streamKey) }
  }
  const objects = await openFolderObjects(config.objectStore)
  return {
    id,
    ports,
    api,
    channel,
    issue,
    publish: (secret: string, seconds: number, codec?: readonly string[]) =>
      publish(t, {
        ffmpeg,
        url: `rtmp://127.0.0.1:${ports.rtmpPort}/live/${secret}`,
        seconds,
        ...(codec && { codec }),
      }),
    keys: async () => (await api('GET', `${channel}/stream-keys`)).body.keys as readonly Key[],
    live: async () =>
      (await api('GET', `${channel}/broadcast`)).body.broadcast as {
        readonly id: string
        readonly state: string
      } | null,
    health: async () => (await api('GET', `${channel}/broadcast/health`)).body,
    /** Waits until the page of the broadcaster says that an encoder was refused, for this reason and in words like those. */
    refused: (code: string, words: RegExp) =>
      until(async () => {
        const { refused } = (await api('GET', `${channel}/broadcast/health`)).body as {
          readonly refused: { readonly code: string; readonly words: string } | null
        }
        return refused?.code === code && words.test(refused.words)
      }),
    /** Everything that is kept of the channel's broadcasts. */
    stored: () => objects.list(channelFolder(id)),
  }
}

test('what may be done by stream keys', { timeout: 240_000 }, async (t) => {
  const { id, ports, api, channel, issue, publish, keys, live, health, refused, stored } = await setUp(t)

  await t.test('who has no good one is told so, and nothing of theirs is kept', async () => {
    const expiresAt = Date.now() + 1_500
    const { keyId, secret } = await issue({ expiresAt: new Date(expiresAt).toISOString() })
    assert.match((await publish(`${secret}x`, 5).ended).said, /this stream key is not known/)
    await until(() => Date.now() > expiresAt)
    assert.match((await publish(secret, 5).ended).said, /this stream key has expired/)
    await refused('broadcast.key_expired', /this stream key has expired/)
    assert.equal(await live(), null)
    assert.deepEqual(await stored(), [])
    assert.equal((await api('DELETE', `${channel}/stream-keys/${keyId}`)).status, 200)
  })

  await t.test(
    'by a good one what is not taken is refused in words, before anybody is told of a broadcast',
    async () => {
      const { keyId, secret } = await issue({})
      const { child } = publish(secret, 60, ['libx265', '-preset', 'ultrafast'])
      await refused('media.unsupported', /^video in HEVC is not taken yet: set the encoder to H\.264$/)
      child.kill('SIGKILL')
      assert.deepEqual([await live(), (await health()).state], [null, 'off'])
      await until(async () => (await keys())[0]?.usedAt !== null, { what: 'the use of the key is known' })
      assert.deepEqual((await api('GET', `/v1/broadcasts?channel=${id}&live=false`)).body.broadcasts, [])
      assert.equal((await api('DELETE', `${channel}/stream-keys/${keyId}`)).status, 200)
    },
  )

  const forTests = await issue({ label: 'Trying out', purpose: 'test' })
  const { keyId, secret } = await issue({ label: 'The studio' })

  await t.test('by one for tests an encoder is measured, and nobody sees it, until a broadcast begins', async () => {
    const testing = publish(forTests.secret, 60)
    await until(async () => (await health()).state === 'testing')
    const told = (await health()).health as Record<string, unknown>
    assert.deepEqual([told.width, told.height], [320, 180])
    assert.equal(await live(), null)
    assert.equal((await fetch(`http://127.0.0.1:${ports.mediaPort}/live/${id}/index.m3u8`)).status, 404)
    assert.deepEqual(await stored(), [])
    await until(async () => (await keys())[0]?.usedAt !== null)
    const shown = (await keys()).map(({ label, purpose }) => [label, purpose])
    assert.deepEqual(shown, [
      ['Trying out', 'test'],
      ['The studio', 'live'],
    ])
    testing.child.kill('SIGKILL')
    publish(forTests.secret, 60, ['libx265', '-preset', 'ultrafast'])
    await refused('media.unsupported', /^video in HEVC is not taken yet: set the encoder to H\.264$/)
    const again = publish(forTests.secret, 60)
    await until(async () => (await health()).health !== null)
    const broadcast = publish(secret, 60)
    await again.ended
    await until(async () => (await live()) !== null)
    const before = await live()
    assert.match((await publish(secret, 5).ended).said, /the channel is live already/)
    assert.match((await publish(forTests.secret, 5).ended).said, /the channel is live already/)
    await refused('broadcast.live_already', /the channel is live already/)
    assert.deepEqual([(await live())?.id, broadcast.child.exitCode], [before?.id, null])
    assert.ok((await stored()).every((name) => name.startsWith(vodFolder(id, before?.id ?? ''))))

    const rotated = await api('POST', `${channel}/stream-keys/${keyId}/rotation`)
    assert.equal(rotated.status, 200, JSON.stringify(rotated.body))
    assert.deepEqual([(await live())?.id, broadcast.child.exitCode], [before?.id, null])
    broadcast.child.kill('SIGKILL')
    assert.match((await publish(secret, 5).ended).said, /this stream key is not known/)
    publish(String(rotated.body.streamKey), 60)
    await until(async () => (await live())?.state === 'live')
    assert.equal((await live())?.id, before?.id)
    const unknown = await api('POST', `${channel}/stream-keys/01890000-0000-7000-8000-000000000000/rotation`)
    assert.equal(unknown.body.code, 'broadcast.key_unknown')
  })
})
