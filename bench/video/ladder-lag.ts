import { createSamples } from '../load/samples.ts'
import { commandLine, processTree } from '../processes.ts'
import type { RunningWhiply } from '../whiply.ts'
import type { Channel } from './channel.ts'

/** The ffmpeg that makes the smaller renditions of the one broadcast that has them. */
export const encoderPid = (whiply: RunningWhiply): number | undefined => {
  const ingest = whiply.pidOf('ingest')
  return ingest === undefined
    ? undefined
    : processTree(ingest).find((pid) => pid !== ingest && commandLine(pid).includes('force_key_frames'))
}

const hinted = /PRELOAD-HINT:TYPE=PART,URI="(\d+)\.(\d+)\.m4s"/
const listed = /#EXT-X-PART:[^\n]*URI="(\d+\.\d+)\.m4s"/g

/** Notes when each part of a playlist is told of, by `sequence.part`, waiting for each as a low-latency player does. */
const follow = async (playlist: string, signal: AbortSignal): Promise<ReadonlyMap<string, number>> => {
  const told = new Map<string, number>()
  let query = ''
  while (!signal.aborted) {
    const response = await fetch(playlist + query, { signal }).catch(() => undefined)
    const at = performance.now()
    const text = response?.ok ? await response.text() : ''
    for (const [, part = ''] of text.matchAll(listed)) if (!told.has(part)) told.set(part, query === '' ? 0 : at)
    const [, sequence, part] = hinted.exec(text) ?? []
    query = sequence === undefined ? '' : `?_HLS_msn=${sequence}&_HLS_part=${part}`
  }
  return told
}

/** How much later a part of a rendition is told of than that of the source, the 95th percentile in milliseconds. */
export const ladderLag = async (
  { mediaPort }: RunningWhiply,
  { channelId }: Channel,
  rendition: string,
  seconds: number,
): Promise<number> => {
  const base = `http://127.0.0.1:${mediaPort}/live/${channelId}`
  const signal = AbortSignal.timeout(seconds * 1000)
  const [source, smaller] = await Promise.all(
    ['source.m3u8', `${rendition}/source.m3u8`].map((file) => follow(`${base}/${file}`, signal)),
  )
  const lags = createSamples()
  for (const [part, at] of smaller ?? []) {
    const before = source?.get(part)
    // Those that were there before anybody looked tell nothing.
    if (before && at) lags.add(at - before)
  }
  // Three come in a second.
  if (lags.count() < seconds * 2) throw new Error(`${lags.count()} parts of ${rendition} in ${seconds} s`)
  return lags.percentile(95)
}
