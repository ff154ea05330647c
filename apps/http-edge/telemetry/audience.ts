/** Who watches which channel, by what players have said: whoever is silent for too long has gone. */
export type Audience = {
  readonly heard: (channelId: string, viewers: readonly string[]) => void
  readonly count: (channelId: string) => number
  /** Of all channels. */
  readonly total: () => number
  /** Forgets those who have gone. */
  readonly sweep: () => void
}

/** Three of a player's ten seconds. */
const GONE_AFTER_MS = 30_000
/** Beyond, nobody new is counted: what a page says of itself may be made up. */
const MOST_VIEWERS = 2_000_000

export const createAudience = (now: () => number = Date.now): Audience => {
  const channels = new Map<string, Map<string, number>>()
  let total = 0

  const see = (viewers: Map<string, number>, viewer: string): void => {
    if (viewers.delete(viewer)) total--
    if (total >= MOST_VIEWERS) return
    viewers.set(viewer, now())
    total++
  }

  /** The longest silent ones come first, since who is heard of goes to the end. */
  const forget = (viewers: Map<string, number>): void => {
    const before = now() - GONE_AFTER_MS
    for (const [viewer, at] of viewers) {
      if (at > before) return
      viewers.delete(viewer)
      total--
    }
  }

  return {
    heard: (channelId, names) => {
      const viewers = channels.get(channelId) ?? new Map<string, number>()
      channels.set(channelId, viewers)
      for (const viewer of names) see(viewers, viewer)
    },
    count: (channelId) => {
      const viewers = channels.get(channelId)
      if (!viewers) return 0
      forget(viewers)
      return viewers.size
    },
    total: () => total,
    sweep: () => {
      for (const [channelId, viewers] of channels) {
        forget(viewers)
        if (viewers.size === 0) channels.delete(channelId)
      }
    },
  }
}
