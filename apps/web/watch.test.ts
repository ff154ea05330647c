import assert from 'node:assert/strict'
import { before, type TestContext, test } from 'node:test'
import type { Page } from 'playwright-core'
import { publish } from '#apps/ingest/publishing.fixtures.ts'
import { ffmpegForTests } from '#libs/testing/ffmpeg.ts'
import { until } from '#libs/testing/until.ts'
import { logIn } from './log-in.fixtures.ts'
import { goTo, plays, startVideo, timeOf } from './video.fixtures.ts'
import { startBrowser, visit } from './web.fixtures.ts'

let ffmpeg: string
before(async () => {
  ffmpeg = await ffmpegForTests()
})

type Recorded = { readonly state: string; readonly messages: readonly { readonly seconds: number }[] }

type Listed = { readonly id: string; readonly viewers: number; readonly sourceOnly: string | null }

const setUp = async (t: TestContext) => {
  const { whiply, openChannel } = await startVideo(t, ffmpeg)
  const [adas, bobs] = [
    (await openChannel('ada', { title: 'Tea at five' })).address,
    (await openChannel('bob', { title: 'Tea at five' })).address,
  ]
  return { whiply, adas, bobs }
}

const widthOf = (image: unknown): number => (image as { naturalWidth: number }).naturalWidth

const says = async (page: Page, words: string): Promise<void> => {
  await page.locator('#text').fill(words)
  await page.locator('#text').press('Enter')
  await page.locator('#chat .line:not(.pending)', { hasText: words }).waitFor()
  await page.locator('#text').blur()
}

/** Moves the bar of time to so many seconds before its end. */
const seekTo = (page: Page, behind: number): Promise<void> =>
  page.locator('#seek').evaluate((bar: { value?: string; dispatchEvent?: (event: unknown) => void }, value) => {
    bar.value = value
    bar.dispatchEvent?.(new Event('change'))
  }, String(-behind))

/** Whether the browser shows an element in that way: by the id of the element, or of none. */
const shows = (page: Page, way: 'fullscreenElement' | 'pictureInPictureElement', id: string | undefined) =>
  until(async () => (await page.evaluate<string | undefined>(`document.${way}?.id`)) === id, { what: `${way} ${id}` })

test('a broadcast is watched in a browser', { timeout: 480_000 }, async (t) => {
  const { whiply, adas, bobs } = await setUp(t)
  const browser = await startBrowser(t)
  const broadcast = publish(t, { ffmpeg, url: adas, seconds: 120 })
  const listed = async (): Promise<readonly Listed[]> =>
    ((await (await fetch(`${whiply.url}/v1/broadcasts`)).json()) as { broadcasts: readonly Listed[] }).broadcasts
  await until(async () => (await listed()).length === 1)
  const recording = `${whiply.url}/v1/vods/${(await listed())[0]?.id}`
  const { page, complaints } = await visit(browser, `${whiply.url}#ada`)

  await t.test('it plays, silent until it may make a sound, and tells how far behind it is', async () => {
    await page.locator('#stage:visible').waitFor()
    await plays(page)
    assert.equal(await page.locator('#stage-title').textContent(), 'Tea at five')
    const behind = async () =>
      Number(/^(\d+\.\d) s behind$/.exec((await page.locator('#latency').textContent()) ?? '')?.[1])
    await until(async () => (await behind()) < 6, { what: 'the latency is shown, and low' })
    await page.locator('#live-edge.on').waitFor()
  })

  await t.test('it is ruled by keys and buttons', async () => {
    await page.keyboard.press('t')
    await page.locator('body.theatre').waitFor()
    assert.equal(await page.locator('.bar').isVisible(), false)
    await page.keyboard.press('t')
    await page.keyboard.press('k')
    await page.getByRole('button', { name: 'Play (k)' }).waitFor()
    const paused = await timeOf(page)
    await page.getByRole('button', { name: 'Play (k)' }).click()
    await until(async () => (await timeOf(page)) > paused)
    await page.keyboard.press('ArrowLeft')
    await page.keyboard.press('l')
    await page.locator('#live-edge.on').waitFor()
    // As a media key does, or the window of picture in picture.
    await page.locator('#video').evaluate((video) => (video as unknown as { pause(): void }).pause())
    await page.getByRole('button', { name: 'Play (k)' }).waitFor()
    await page.locator('#live-edge:not(.on)', { hasText: '-6 s' }).waitFor()
    await page.locator('#video').evaluate((video) => (video as unknown as { play(): void }).play())
    const wentOn = await timeOf(page)
    await until(async () => (await timeOf(page)) > wentOn + 7)
    assert.equal(await page.locator('#live-edge.on').count(), 0, 'who has paused is left where they are')
    await page.keyboard.press('l')
    await page.locator('#live-edge.on').waitFor()
    await plays(page)
    assert.deepEqual(await page.locator('#quality option').allTextContents(), ['Auto', '180p'])
    await page.locator('#quality').selectOption('180p')
    await plays(page)
    await page.locator('#quality').blur()
    for (const [key, way, id] of [
      ['f', 'fullscreenElement', 'stage'],
      ['i', 'pictureInPictureElement', 'video'],
    ] as const) {
      await page.keyboard.press(key)
      await shows(page, way, id)
      await plays(page)
      await page.keyboard.press(key)
      await shows(page, way, undefined)
    }
  })

  await t.test('who is live is on the front page, with how many watch', async () => {
    await until(async () => (await listed())[0]?.viewers === 1)
    const front = await visit(browser, whiply.url)
    const card = front.page.locator('.card', { hasText: 'ada' })
    await card.waitFor()
    assert.match((await card.textContent()) ?? '', /Tea at five.*1 watching/)
    await until(async () => (await card.locator('img').evaluate(widthOf)) === 320, { what: 'the picture is there' })
    await card.click()
    await front.page.locator('#stage:visible').waitFor()
    await plays(front.page)
    assert.deepEqual(front.complaints.filter(isOurs), [])
    await front.page.context().close()
  })

  await t.test('its broadcaster is told how it does, and given what an encoder needs', async () => {
    await logIn(page, 'ada')
    await page.getByRole('button', { name: 'Go live' }).click()
    await page.locator('#studio-health', { hasText: 'kbit/s' }).waitFor()
    await until(async () => /^rtmp:\/\/localhost:\d+\/live$/.test(await page.locator('#studio-server').inputValue()))
    await page.getByRole('button', { name: 'New stream key' }).click()
    await until(async () => /^[\w-]{43}$/.test(await page.locator('#studio-key').inputValue()))
    await until(async () => (await page.locator('#studio-keys li').count()) === 2)
    await page.locator('#studio-info [name=title]').fill('Tea at six')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.locator('#studio').getByRole('button', { name: 'Close' }).click()
    // By a live frame: the next look for itself comes after fifteen seconds.
    await page.locator('#stage-title', { hasText: 'Tea at six' }).waitFor({ timeout: 8_000 })
    await plays(page)
  })

  await t.test('what lies further back than memory is played from the recording, and left again', async () => {
    const asked: string[] = []
    page.on('request', (request) => asked.push(request.url()))
    const seek = page.locator('#seek')
    await until(async () => Number(await seek.getAttribute('min')) < -19, { what: 'the bar reaches back' })
    await seekTo(page, 18)
    await page.locator('#live-edge', { hasText: /^-\d+ s$/ }).waitFor()
    await until(() => asked.some((url) => url.includes('/media/vods/') && url.endsWith('.m4s')))
    await plays(page)
    await page.keyboard.press('ArrowRight')
    await plays(page)
    await page.keyboard.press('l')
    await page.locator('#live-edge.on').waitFor()
    await plays(page)
  })

  await says(page, 'The kettle is on')
  await plays(page)
  await says(page, 'The tea is ready')

  await t.test('why a clip could not be made is said, on its own page too', async () => {
    const another = await page.context().newPage()
    for (const [each, problem] of [
      [page, 'nothing_recorded'],
      [another, 'ffmpeg_missing'],
    ] as const)
      await each.route(/\/v1\/clips\//, (route) => route.fulfill({ json: { state: 'failed', problem, title: 'Tea' } }))
    await page.getByRole('button', { name: 'Clip', exact: true }).click()
    await page.locator('#clip-note', { hasText: 'nothing of that time is kept' }).waitFor()
    await another.goto(`${whiply.url}#ada/clip/${recording.split('/').at(-1)}`)
    await another.locator('#notice', { hasText: 'this server has no ffmpeg' }).waitFor()
    await another.close()
    await page.unroute(/\/v1\/clips\//)
  })

  await t.test('the last half minute is kept as a clip, which others watch by its link', async () => {
    const refused: string[] = []
    page.on('response', (response) => {
      if (response.status() >= 400) refused.push(`${response.status()} ${response.url()}`)
    })
    await page.getByRole('button', { name: 'Clip', exact: true }).click()
    await page.locator('#clip-note', { hasText: 'Your clip is made' }).waitFor({ timeout: 30_000 })
    const address = (await page.locator('#clip-note a').getAttribute('href')) ?? ''
    assert.match(address, /^#ada\/clip\/[0-9a-f-]{36}$/)
    assert.deepEqual(refused, [])
    const other = await visit(browser, `${whiply.url}${address}`)
    await plays(other.page)
    assert.equal(await other.page.locator('#stage-title').textContent(), 'Tea at six')
    const length = await other.page.locator('#video').evaluate((video) => (video as { duration?: number }).duration)
    assert.ok(length !== undefined && length > 12 && length < 36, `${length} s`)
    assert.equal(await other.page.locator('#live-edge').isVisible(), false)
    assert.deepEqual(other.complaints.filter(isOurs), [])
    await other.page.context().close()
  })

  await t.test('its end is told in words', async () => {
    broadcast.child.kill('SIGKILL')
    await page.locator('#notice', { hasText: 'The broadcast has ended.' }).waitFor({ timeout: 30_000 })
    await page.locator('#live-edge:not(.on)', { hasText: 'LIVE' }).waitFor()
    assert.equal(await page.locator('#latency').textContent(), '', 'nothing is behind where nothing is shown')
    await page.getByRole('button', { name: 'Play (k)' }).waitFor()
  })

  const follower = await visit(browser, `${whiply.url}#ada`)

  await t.test('its recording is found and watched, with what was said at its time', async () => {
    const { page } = follower
    const asked = async (path: string) => (await (await fetch(recording + path)).json()) as Recorded
    await until(async () => (await asked('')).state === 'finished')
    const storyboard = `${recording.replace('/v1/', '/media/')}/storyboard.vtt`
    await until(async () => (await fetch(storyboard)).ok, { what: 'there are pictures of it' })
    await page.locator('#recordings summary', { hasText: 'Recordings' }).click()
    await page.locator('#recordings .card', { hasText: 'Tea at six' }).click()
    await page.locator('#replay:visible').waitFor()
    await plays(page)
    assert.equal(await page.locator('#stage-title').textContent(), 'Tea at six')
    const [{ seconds: before } = { seconds: 0 }, { seconds: at } = { seconds: 0 }] = (await asked('/chat?for=600'))
      .messages
    assert.ok(at > before)
    await page.keyboard.press('k')
    await page.getByRole('button', { name: 'Play (k)' }).waitFor()
    const length = await page.locator('#video').evaluate((video) => (video as unknown as { duration: number }).duration)
    const bar = (await page.locator('#seek').boundingBox()) ?? assert.fail('there is a bar')
    const peek = page.locator('.peek', { hasText: /^\d+:\d\d$/ })
    const picture = async () => (await peek.locator('div').getAttribute('style')) ?? ''
    for (const [share, place] of [
      [0.95, /storyboard-0\.jpg"\); background-position: -\d+px/],
      [0.02, /storyboard-0\.jpg"\); background-position: 0px/],
    ] as const) {
      await page.mouse.move(bar.x + bar.width * share, bar.y + bar.height / 2)
      await peek.waitFor()
      await until(async () => place.test(await picture()), { what: `the picture at ${share}` })
    }
    await page.mouse.move(bar.x, 0)
    await peek.waitFor({ state: 'hidden' })
    await page.keyboard.press('ArrowLeft')
    await page.locator('.peek:visible').waitFor()
    await seekTo(page, length - (before + at) / 2)
    const said = (words: string) => page.locator('#replay .line', { hasText: words })
    await said('The kettle is on').waitFor()
    assert.equal(await said('The tea is ready').count(), 0, 'it is not said yet')
    await page.keyboard.press('k')
    await said('The tea is ready').waitFor()
    assert.ok((await timeOf(page)) >= at)
    await page.getByRole('button', { name: 'Tea at five' }).click()
    await until(async () => (await timeOf(page)) < before && (await said('The kettle is on').count()) === 0)
    // The page begins anew, and is of use once its scripts are there.
    await Promise.all([page.waitForEvent('load'), page.getByRole('link', { name: 'To the chat now' }).click()])
    await page.locator('#people-toggle.live').waitFor()
    assert.equal(await page.locator('#chat').isVisible(), true)
  })

  await t.test('who follows a channel is told on the page of another one that it is live again', async () => {
    const { page } = follower
    assert.equal(await page.locator('#follow').isVisible(), false)
    await logIn(page, 'bob')
    await page.getByRole('button', { name: 'Follow', exact: true }).click()
    await page.getByRole('button', { name: 'Following' }).waitFor()
    await page.reload()
    await page.getByRole('button', { name: 'Following' }).waitFor()
    const another = await page.context().newPage()
    for (const each of [page, another]) {
      await goTo(each, `${whiply.url}#bob`)
      await each.getByRole('button', { name: 'Go live' }).waitFor()
      assert.equal(await each.locator('#follow').isVisible(), false, 'nobody follows their own')
    }
    publish(t, { ffmpeg, url: adas, seconds: 60 })
    const newsOn = (where: Page) => where.getByRole('status').getByRole('link', { name: 'ada is live now' })
    for (const each of [page, another]) await newsOn(each).waitFor()
    await another.getByRole('status').getByRole('button', { name: 'Close' }).click()
    assert.equal(await newsOn(another).count(), 0)
    await another.close()
    await newsOn(page).click()
    await plays(page)
    await page.getByRole('button', { name: 'Following' }).click()
    await page.getByRole('button', { name: 'Follow', exact: true }).waitFor()
  })

  await t.test('where no encoder is left those who watch are told why there is one quality', async () => {
    publish(t, { ffmpeg, url: bobs, seconds: 60 })
    await until(async () => (await listed()).some(({ sourceOnly }) => sourceOnly !== null))
    await goTo(follower.page, `${whiply.url}#bob`)
    const why = follower.page.locator('#quality option:disabled')
    await until(async () => /encoders are taken by other channels/.test((await why.textContent()) ?? ''))
  })

  await t.test('who moderates ends it from the page, by pressing twice', async () => {
    const stop = follower.page.locator('#stop-broadcast')
    await stop.click()
    assert.match((await stop.textContent()) ?? '', /^Press again/)
    await stop.click()
    await follower.page.locator('#notice', { hasText: 'The broadcast has ended.' }).waitFor()
    await stop.waitFor({ state: 'hidden' })
    await until(async () => !(await listed()).some(({ sourceOnly }) => sourceOnly !== null))
  })

  await t.test('nothing was blocked by the content policy, and nothing failed in a script', () => {
    assert.deepEqual([...complaints, ...follower.complaints].filter(isOurs), [])
  })
})

/** What is not there, such as a picture where there is none, the browser complains of too. */
const isOurs = (text: string): boolean =>
  !text.includes('WebSocket connection') && !text.includes('Failed to load resource')
