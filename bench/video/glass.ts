import { setTimeout as wait } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import type { RunningWhiply } from '../whiply.ts'
import { publishClock } from './burned-clock.ts'
import type { Channel } from './channel.ts'
import { choose, glassP95, pageToPlaying, plain, startBrowser } from './player.ts'

const UNDER_WAY_MS = 5_000
const SETTLED_MS = 3_000

/** A page that watches a broadcast whose pictures show the time, once that is under way. */
const watching = async <Seen>(
  whiply: RunningWhiply,
  { channelId, key, person }: Channel,
  ffmpeg: string,
  look: (page: Page, site: string, address: string) => Promise<Seen>,
): Promise<Seen> => {
  const site = `http://localhost:${whiply.httpPort}`
  const clock = publishClock(ffmpeg, `rtmp://127.0.0.1:${whiply.rtmpPort}/live/${key}`)
  const browser = await startBrowser()
  try {
    while (!(await fetch(`${site}/v1/channels/${channelId}/playback`)).ok) await wait(100)
    // A viewer has a window open already: a new one loads pages of the browser's own first.
    const page = await browser.newPage()
    // The first segments are there: whoever comes finds a broadcast that is under way.
    await wait(UNDER_WAY_MS)
    return await look(page, site, `${site}/#${person.handle}`)
  } finally {
    await browser.close()
    clock.stop()
  }
}

/** What a person sees of the source: how soon the page plays, and how old its pictures are. */
export const glass = (whiply: RunningWhiply, channel: Channel, ffmpeg: string, seconds: number) =>
  watching(whiply, channel, ffmpeg, async (page, site, address) => {
    const pageToPlayingMs = await pageToPlaying(page, address)
    await wait(SETTLED_MS)
    const glassLowLatencyP95Ms = await glassP95(page, seconds)
    await plain(page, `${site}/live/${channel.channelId}/index.m3u8`)
    return { pageToPlayingMs, glassLowLatencyP95Ms, glassPlainP95Ms: await glassP95(page, seconds) }
  })

/** How old the pictures of a smaller rendition are, which is chosen in the page's menu. */
export const glassOfRendition = (
  whiply: RunningWhiply,
  channel: Channel,
  ffmpeg: string,
  lines: number,
  seconds: number,
): Promise<number> =>
  watching(whiply, channel, ffmpeg, async (page, _site, address) => {
    await pageToPlaying(page, address)
    await choose(page, lines)
    await wait(SETTLED_MS)
    return glassP95(page, seconds)
  })
