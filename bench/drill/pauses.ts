/** The longest time in which nothing was delivered, by channel and over all, in ms. */
export type Pauses = {
  readonly delivered: (channel: string, atMs: number) => void
  readonly longestMs: () => number
  /** When the channel that waits longest was last served. */
  readonly oldestMs: (nowMs: number) => number
}

export const createPauses = (channels: readonly string[], startMs: number): Pauses => {
  const last = new Map(channels.map((channel) => [channel, startMs]))
  let longest = 0
  return {
    delivered: (channel, atMs) => {
      longest = Math.max(longest, atMs - (last.get(channel) ?? atMs))
      last.set(channel, atMs)
    },
    longestMs: () => longest,
    oldestMs: (nowMs) => nowMs - Math.min(...last.values()),
  }
}
