import type { BroadcastReads, Source } from '#libs/broadcast/http/edge.ts'

type Ask = BroadcastReads['source']

type Kept = {
  readonly value: Promise<Source | undefined>
  readonly until: number
  last: Source | undefined
  lastAt: number
}

const KEPT_MS = 1_000
/** Who waits for a broadcast to begin does not wait for long. */
const ABSENT_MS = 200
/** While the read model is away, viewers go on with what was known. */
const STALE_MS = 600_000
const MOST_CHANNELS = 20_000

/** Where the media of channels are: as the read model says, asked once a second for each channel that is watched. */
export const createSources = (ask: Ask, now: () => number = Date.now): Ask => {
  const kept = new Map<string, Kept>()

  const refresh = (channelId: string, before: Kept | undefined): Promise<Source | undefined> => {
    const entry = { last: before?.last, lastAt: before?.lastAt ?? 0 }
    const value = ask(channelId).then(
      (found) => {
        Object.assign(entry, { last: found, lastAt: now() })
        return found
      },
      (error: unknown) => {
        if (entry.last && entry.lastAt > now() - STALE_MS) return entry.last
        throw error
      },
    )
    const until = now() + (before && !before.last ? ABSENT_MS : KEPT_MS)
    kept.delete(channelId)
    kept.set(channelId, Object.assign(entry, { value, until }))
    const [oldest] = kept.keys()
    if (kept.size > MOST_CHANNELS && oldest !== undefined) kept.delete(oldest)
    return value
  }

  return (channelId) => {
    const known = kept.get(channelId)
    return known && known.until > now() ? known.value : refresh(channelId, known)
  }
}
