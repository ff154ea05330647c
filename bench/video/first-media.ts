import { setTimeout as wait } from 'node:timers/promises'
import type { RunningWhiply } from '../whiply.ts'
import type { Channel } from './channel.ts'
import type { Loop } from './media.ts'
import { publishLoop } from './rtmp-publisher.ts'

const AGAIN_MS = 5
const MOST_MS = 10_000

/** From Publish.Start to the first part, and to the first whole segment, as the ingest app serves them. */
export const firstMedia = async ({ rtmpPort, mediaPort }: RunningWhiply, { channelId, key }: Channel, loop: Loop) => {
  const publisher = await publishLoop(rtmpPort, key, loop)
  const base = `http://127.0.0.1:${mediaPort}/live/${channelId}/source.m3u8`
  const asked = async (query = ''): Promise<string> => {
    for (;;) {
      const response = await fetch(base + query)
      if (response.ok) return response.text()
      // It is there once the first picture is.
      if (performance.now() - publisher.acceptedAt > MOST_MS) throw new Error(`the playlist: ${response.status}`)
      await wait(AGAIN_MS)
    }
  }
  const first = await asked()
  const firstPartMs = performance.now() - publisher.acceptedAt
  await asked(`?_HLS_msn=${/MEDIA-SEQUENCE:(\d+)/.exec(first)?.[1]}`)
  return { publisher, firstPartMs, firstSegmentMs: performance.now() - publisher.acceptedAt }
}
