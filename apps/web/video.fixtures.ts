import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import type { Page } from 'playwright-core'
import { startIngest } from '#apps/ingest/app.ts'
import { call, type Member, register } from '#apps/realtime-edge/people.fixtures.ts'
import { startWhole } from '#apps/realtime-edge/whole.fixtures.ts'
import { freePort } from '#infra/embedded/engine.ts'
import { withSettings } from '#libs/config/config.ts'
import { until } from '#libs/testing/until.ts'

/** Somebody with a channel of their own, and the address to publish at. */
export type Broadcaster = Member & { readonly address: string }

/** All of whiply with an ingest app that has one encoder of smaller renditions. */
export const startVideo = async (t: TestContext, ffmpeg: string) => {
  const whiply = await startWhole(t, { FFMPEG_PATH: ffmpeg })
  const config = withSettings(whiply.config, {
    rtmpHost: '127.0.0.1',
    rtmpPort: await freePort(),
    mediaPort: await freePort(),
    broadcastGraceMs: 500,
    broadcastWindowSeconds: 12,
    ffmpegPath: ffmpeg,
  })
  const ingest = await startIngest(config, new AbortController().signal)
  t.after(ingest.close)
  /** @param info what is said of their broadcasts */
  const openChannel = async (handle: string, info: Readonly<Record<string, string>>): Promise<Broadcaster> => {
    const member = await register(whiply.url, { handle })
    const { id, token } = member
    const channel = `/v1/channels/${id}`
    await call(whiply.url, 'POST', '/v1/channels', { token, body: {} })
    await until(async () => (await call(whiply.url, 'GET', channel)).status === 200)
    const issued = await call(whiply.url, 'POST', `${channel}/stream-keys`, { token, body: {} })
    assert.equal(issued.status, 201, issued.text)
    const named = await call(whiply.url, 'PATCH', `${channel}/broadcast`, { token, body: info })
    assert.equal(named.status, 200, named.text)
    return { ...member, address: `rtmp://127.0.0.1:${config.rtmpPort}/live/${issued.body.streamKey}` }
  }
  return { whiply, openChannel }
}

export const timeOf = (page: Page): Promise<number> =>
  page.locator('#video').evaluate((video) => (video as unknown as { currentTime: number }).currentTime)

/** Waits until what is shown goes on. */
export const plays = async (page: Page): Promise<void> => {
  const from = await timeOf(page)
  await until(async () => (await timeOf(page)) > Math.max(from, 0) + 0.5, { what: 'the video goes on' })
}

/** The page begins anew where its hash is another one. */
export const goTo = async (page: Page, url: string): Promise<void> => {
  await page.goto('about:blank')
  await page.goto(url)
}
