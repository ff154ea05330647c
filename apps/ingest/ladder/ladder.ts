import { pauses } from '#libs/journal/backoff.ts'
import { parseAvcConfig } from '#libs/media/avc.ts'
import type { FlvTag } from '#libs/media/flv/stream.ts'
import { parseAudioTag, parseVideoTag } from '#libs/media/flv/tags.ts'
import { createLiveWindow, type LiveWindow } from '#libs/media/live-window.ts'
import { type Encoder, startEncoder } from './encoder.ts'
import { createFollower, type Follower, type SegmentStart } from './follower.ts'
import { type Rung, rungsBelow } from './rungs.ts'

export type LadderOptions = {
  readonly ffmpeg: string
  /** Which rungs there may be. */
  readonly names: readonly string[]
  readonly epochMs: number
  readonly seconds: number
  readonly waiters: number
  /** Where segments of the source begin, oldest first. */
  readonly starts: () => readonly SegmentStart[]
  readonly onGone: (why: string) => void
}

/** A rendition that an encoder makes of the source. */
export type Rendition = { readonly name: string; readonly window: LiveWindow }

/** The smaller renditions of one broadcast: one ffmpeg, which is started again whenever it ends. */
export type Ladder = {
  /** What the source sends, at the times of its packager. */
  readonly take: (tag: FlvTag) => void
  /** The source begins anew: other parameters, another clock. */
  readonly restart: () => void
  /** Those of which there is something to see. */
  readonly renditions: () => readonly Rendition[]
  readonly pid: () => number | undefined
  readonly end: () => void
}

/** Opens the encoders of a stream's smaller renditions. */
export type OpenLadder = (
  stream: Pick<LadderOptions, 'epochMs' | 'seconds' | 'waiters' | 'starts'>,
) => Pick<Ladder, 'take' | 'restart' | 'renditions' | 'end'>

/** Some seconds of a source: an encoder so far behind would never catch up. */
const MOST_BEHIND_BYTES = 4 << 20
const AGAIN_MS = { firstMs: 100, mostMs: 1_000, steadyMs: 10_000 }

type Made = Rendition & { readonly rung: Rung; readonly follower: Follower; hasMedia: boolean }

export const createLadder = (options: LadderOptions): Ladder => {
  const { ffmpeg, names, epochMs, seconds, waiters, starts, onGone } = options
  const between = pauses(AGAIN_MS)
  let made: readonly Made[] = []
  let encoder: Encoder | undefined
  let starting: NodeJS.Timeout | undefined
  let isEnded = false
  /** What a decoder needs before the first picture. */
  let videoConfig: FlvTag | undefined
  let audioConfig: FlvTag | undefined
  /** A new encoder is given nothing before a keyframe. */
  let waitsForKey = true

  const follow = (rung: Rung): Made => {
    const known = made.find((each) => each.name === rung.name)
    if (known) return known
    const window = createLiveWindow({ seconds, waiters })
    return { name: rung.name, rung, window, follower: createFollower({ epochMs, window, starts }), hasMedia: false }
  }

  const stop = (): void => {
    encoder?.close()
    encoder = undefined
    for (const { follower } of made) follower.restart()
  }

  const start = (): void => {
    starting = undefined
    if (isEnded || !videoConfig) return
    const { width, height } = parseAvcConfig(parseConfig(videoConfig))
    made = rungsBelow(Math.min(width, height), names).map(follow)
    if (made.length === 0) return
    waitsForKey = true
    encoder = startEncoder({
      ffmpeg,
      rungs: made.map(({ rung }) => rung),
      mostBehindBytes: MOST_BEHIND_BYTES,
      onTag: (index, tag) => {
        const rendition = made[index]
        if (!rendition) return
        rendition.follower.take(tag)
        rendition.hasMedia ||= rendition.window.segments().length > 0
      },
      onGone: (why) => {
        onGone(why)
        stop()
        starting = setTimeout(start, between.next())
      },
    })
  }

  const restart = (): void => {
    stop()
    clearTimeout(starting)
    // With the parameters that come next.
    starting = undefined
    videoConfig = undefined
    audioConfig = undefined
  }

  const write = (tag: FlvTag, isKey: boolean): void => {
    if (!encoder) return
    if (waitsForKey) {
      if (!isKey) return
      waitsForKey = false
      for (const config of [videoConfig, audioConfig])
        if (config) encoder.write({ ...config, timestamp: tag.timestamp })
    }
    encoder.write(tag)
  }

  return {
    take: (tag) => {
      if (isEnded) return
      const parsed = tag.type === 'video' ? parseVideoTag(tag.payload) : parseAudioTag(tag.payload)
      if (parsed.type === 'other') return
      if (parsed.type === 'config') {
        const known = tag.type === 'video' ? videoConfig : audioConfig
        if (known?.payload.equals(tag.payload)) return
        if (known) stop()
        const kept = { ...tag, payload: Buffer.from(tag.payload) }
        if (tag.type === 'video') videoConfig = kept
        else audioConfig = kept
        return
      }
      const isKey = 'isKey' in parsed && parsed.isKey === true
      if (!encoder && !starting && isKey) start()
      write(tag, isKey)
    },
    restart,
    renditions: () => made.filter(({ hasMedia }) => hasMedia),
    pid: () => encoder?.pid,
    end: () => {
      isEnded = true
      clearTimeout(starting)
      stop()
      for (const { window } of made) window.end()
    },
  }
}

const parseConfig = ({ payload }: FlvTag): Buffer => {
  const tag = parseVideoTag(payload)
  return tag.type === 'config' ? tag.record : Buffer.alloc(0)
}
