import { setTimeout as wait } from 'node:timers/promises'
import { type Browser, chromium, type Page } from 'playwright-core'
import { createSamples } from '../load/samples.ts'
import { clockPicture } from './burned-clock.ts'

export const startBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--autoplay-policy=no-user-gesture-required'],
  })

/** Runs in the page: notes when its video plays first, on the page's own clock. */
const noteFirst = (): void => {
  const page = globalThis as unknown as {
    document: { addEventListener: (name: string, listen: () => void, capture: boolean) => void }
    playingAt?: number
  }
  page.document.addEventListener(
    'playing',
    () => {
      page.playingAt ??= performance.now()
    },
    true,
  )
}

/** Milliseconds from asking for the page to its video playing. */
export const pageToPlaying = async (page: Page, url: string): Promise<number> => {
  await page.addInitScript(noteFirst)
  await page.goto(url)
  const handle = await page.waitForFunction(() => (globalThis as { playingAt?: number }).playingAt, undefined, {
    timeout: 30_000,
  })
  return (await handle.jsonValue()) as number
}

/** Runs in the page: reads the time out of the pictures that are shown, and how long ago that was. */
const readClock = async ({
  seconds,
  picture,
}: {
  seconds: number
  picture: typeof clockPicture
}): Promise<number[]> => {
  type Context = { drawImage: (...from: unknown[]) => void; getImageData: (...at: number[]) => { data: Uint8Array } }
  const { document } = globalThis as unknown as {
    document: {
      querySelector: (name: string) => { requestVideoFrameCallback: (shown: () => void) => void }
      createElement: (name: string) => { width: number; height: number; getContext: (...kind: unknown[]) => Context }
    }
  }
  const video = document.querySelector('video')
  const canvas = document.createElement('canvas')
  const { width, height, cell, bits, left, top } = picture
  canvas.width = width
  canvas.height = height
  const context = canvas.getContext('2d', { willReadFrequently: true })
  const ages: number[] = []
  const until = Date.now() + seconds * 1000
  const shownNext = () => new Promise<void>((resolve) => video.requestVideoFrameCallback(resolve))
  while (Date.now() < until) {
    await shownNext()
    const now = Date.now()
    context.drawImage(video, 0, 0, width, height)
    const { data } = context.getImageData(left, top + cell / 2, bits * cell, 1)
    let shown = 0
    for (let bit = 0; bit < bits; bit++) shown = shown * 2 + ((data[(bit * cell + cell / 2) * 4] ?? 0) > 128 ? 1 : 0)
    ages.push((now % 2 ** bits) - shown)
  }
  return ages
}

/** The 95th percentile of how old the pictures are that a page's video shows, in milliseconds. */
export const glassP95 = async (page: Page, seconds: number): Promise<number> => {
  const ages = await page.evaluate(readClock, { seconds, picture: clockPicture })
  const samples = createSamples()
  for (const age of ages) if (age > 0 && age < 60_000) samples.add(age)
  if (samples.count() < ages.length * 0.9 || samples.count() < seconds * 5)
    throw new Error(`the clock could be read in ${samples.count()} of ${ages.length} pictures`)
  return samples.percentile(95)
}

/** Runs in the page: plays the address as plain HLS, in the only video that there is. */
const playPlain = async (url: string): Promise<void> => {
  const library = '/vendor/hls.js'
  const { default: Hls } = await import(library)
  const { document } = globalThis as unknown as {
    document: {
      body: { replaceChildren: (video: object) => void }
      createElement: (name: string) => { muted: boolean; play: () => Promise<void> }
    }
  }
  const video = document.createElement('video')
  video.muted = true
  document.body.replaceChildren(video)
  const hls = new Hls({ lowLatencyMode: false, enableWorker: false })
  hls.loadSource(url)
  hls.attachMedia(video)
  await video.play()
}

export const plain = async (page: Page, url: string): Promise<void> => {
  await page.evaluate(playPlain, url)
  await wait(4_000)
}

/** Runs in the page: whether its video has so many lines. */
const hasLines = (lines: number): boolean => {
  const page = globalThis as unknown as { document: { querySelector: (name: string) => { videoHeight: number } } }
  return page.document.querySelector('video').videoHeight === lines
}

/** Chooses a rendition in the page's menu, and waits until it is shown. */
export const choose = async (page: Page, lines: number): Promise<void> => {
  await page.locator('#quality').selectOption({ label: `${lines}p` }, { timeout: 20_000, force: true })
  await page.waitForFunction(hasLines, lines, { timeout: 20_000 })
}
