import type { Ladders } from './ladder/ladders.ts'
import { createLiveStream, type LiveStream, type LiveStreamOptions } from './live-stream.ts'

export type StreamsOptions = {
  /** Encoders of smaller renditions; undefined where there is no ffmpeg. */
  readonly ladders: Ladders | undefined
  /** Of how many renditions' encoders there is none left for a channel; null once there is one. */
  readonly onNoRenditions: (channelId: string, taken: number | null) => void
  /** How much of each broadcast stays in memory. */
  readonly windowSeconds: number
  readonly now: () => number
}

/** The media of channels' broadcasts, one of each channel. */
export type Streams = {
  readonly find: (channelId: string) => LiveStream | undefined
  /** That of a broadcast, which takes the place of an earlier one; `sinkOf` is asked where it is new. */
  readonly open: (channelId: string, broadcastId: string, sinkOf: () => LiveStreamOptions['sink']) => LiveStream
  /** Its smaller renditions, as long as there is a slot for them. */
  readonly wantLadder: (channelId: string, stream: LiveStream) => void
  /** The broadcast has ended. */
  readonly finish: (channelId: string, broadcastId: string) => void
  readonly endAll: () => void
}

/** Players that are behind fetch the rest, and find the end in the playlist. */
const KEPT_AFTER_MS = 60_000

export const createStreams = ({ ladders, onNoRenditions, windowSeconds, now }: StreamsOptions): Streams => {
  const streams = new Map<string, LiveStream>()
  const wanted = new WeakMap<LiveStream, () => void>()

  return {
    find: (channelId) => streams.get(channelId),
    open: (channelId, broadcastId, sinkOf) => {
      const known = streams.get(channelId)
      if (known?.broadcastId === broadcastId) return known
      known?.end()
      const stream = createLiveStream({ broadcastId, nowMs: now, keptSeconds: windowSeconds, sink: sinkOf() })
      streams.set(channelId, stream)
      return stream
    },
    wantLadder: (channelId, stream) => {
      if (!ladders || wanted.has(stream)) return
      const release = ladders.slots.want(channelId, {
        grant: () => {
          stream.setLadder(ladders.open(channelId))
          onNoRenditions(channelId, null)
        },
        refuse: () => {
          stream.setLadder(undefined)
          onNoRenditions(channelId, ladders.count)
        },
      })
      wanted.set(stream, release)
    },
    finish: (channelId, broadcastId) => {
      const stream = streams.get(channelId)
      if (stream?.broadcastId !== broadcastId) return
      stream.end()
      wanted.get(stream)?.()
      setTimeout(() => {
        if (streams.get(channelId) === stream) streams.delete(channelId)
      }, KEPT_AFTER_MS).unref()
    },
    endAll: () => {
      for (const stream of streams.values()) stream.end()
    },
  }
}
