import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { publish } from '#apps/ingest/publishing.fixtures.ts'
import { call, register } from '#apps/realtime-edge/people.fixtures.ts'
import { ffmpegForTests } from '#libs/testing/ffmpeg.ts'
import { until } from '#libs/testing/until.ts'
import { logIn } from './log-in.fixtures.ts'
import { goTo, plays, startVideo } from './video.fixtures.ts'
import { startBrowser, visit } from './web.fixtures.ts'

let ffmpeg: string
before(async () => {
  ffmpeg = await ffmpegForTests()
})

const isTold = (page: Page, words: string) => page.locator('#notice', { hasText: words }).waitFor()

test('what is for subscribers is watched in a browser by them alone', { timeout: 480_000 }, async (t) => {
  const { whiply, openChannel } = await startVideo(t, ffmpeg)
  const ada = await openChannel('ada', { title: 'Among us', audience: 'subscribers' })
  const bob = await register(whiply.url, { handle: 'bob' })
  await register(whiply.url, { handle: 'eve' })
  const act = async (body: object) => {
    const { status, text } = await call(whiply.url, 'POST', `/v1/channels/${ada.id}/acts`, { token: ada.token, body })
    assert.equal(status, 200, text)
  }
  const broadcast = publish(t, { ffmpeg, url: ada.address, seconds: 200 })
  const browser = await startBrowser(t)
  const { page } = await visit(browser, `${whiply.url}#ada`)
  const { page: eves } = await visit(browser, `${whiply.url}#ada`)
  let clip = ''

  await t.test('who is not logged in, and who is no subscriber, is told so', async () => {
    await isTold(page, 'Log in to watch')
    await logIn(page, 'bob')
    await logIn(eves, 'eve')
    for (const each of [page, eves]) await isTold(each, 'This broadcast is for subscribers of the channel.')
  })

  await t.test('who becomes one plays it, and makes a clip of it', async () => {
    await act({ kind: 'grant-subscription', member: bob.id, tier: 1, durationMs: 86_400_000 })
    await plays(page)
    const button = page.getByRole('button', { name: 'Clip', exact: true })
    await until(async () => {
      await button.click()
      await page.locator('#clip-note', { hasText: /./ }).waitFor()
      return (await page.locator('#clip-note a').count()) === 1
    })
    clip = (await page.locator('#clip-note a').getAttribute('href')) ?? ''
    await goTo(page, whiply.url + clip)
    await plays(page)
    await goTo(eves, whiply.url + clip)
    await isTold(eves, 'This broadcast is for subscribers of the channel.')
  })

  await t.test(
    'it goes on where the server cannot renew the token for a moment, and ends with the subscription',
    async () => {
      let asked = 0
      await page.route(/channels\/\d+\/playback$/, async (route) => {
        if (++asked === 2) return route.fulfill({ status: 503, json: { code: 'platform.unavailable' } })
        const response = await route.fetch()
        const body = await response.json()
        // Renewed at once, and after an answer that was none.
        const expiresAt = new Date(Date.now() + 60_000).toISOString()
        await route.fulfill({ response, json: response.ok() ? { ...body, expiresAt } : body })
      })
      let opened = 0
      page.on('request', (request) => {
        if (/\/live\/.*\/index\.m3u8/.test(request.url())) opened++
      })
      await goTo(page, `${whiply.url}#ada`)
      await plays(page)
      await until(() => asked > 3, { what: 'the token is renewed' })
      await plays(page)
      assert.equal(opened, 1)
      await act({ kind: 'revoke-subscription', member: bob.id })
      await isTold(page, 'This broadcast is for subscribers of the channel.')
      await page.unroute(/playback$/)
    },
  )

  await t.test('its recording is for them alone, too', async () => {
    const { body } = await call(whiply.url, 'GET', `/v1/channels/${ada.id}/vods`)
    const [{ id }] = body.vods
    broadcast.child.kill('SIGKILL')
    await until(async () => (await call(whiply.url, 'GET', `/v1/vods/${id}`)).body.state === 'finished')
    await goTo(page, `${whiply.url}#ada/vod/${id}`)
    await isTold(page, 'This broadcast is for subscribers of the channel.')
    await act({ kind: 'grant-subscription', member: bob.id, tier: 1, durationMs: 86_400_000 })
    await goTo(page, `${whiply.url}#ada/vod/${id}`)
    await plays(page)
  })
})
