/** `perMinute` in the long run, `burst` at once. */
export type Rate = { readonly perMinute: number; readonly burst: number }

/** Takes one from the allowance of a key. @returns 0, or the milliseconds after which it is worth asking again. */
export type RateLimiter = { readonly take: (key: string, rate: Rate) => number; readonly size: () => number }

/**
 * The generic cell rate algorithm (ITU-T I.371): of each key only its theoretical arrival time is kept. Memory is bounded
 * by `capacity` keys; at the bound, those whose allowance is whole again go first, which changes nothing, then the one
 * that was seen longest ago, which gives it its burst back early.
 */
export const gcraLimiter = (options: { readonly capacity?: number; readonly now?: () => number } = {}): RateLimiter => {
  const { capacity = 100_000, now = Date.now } = options
  const arrivals = new Map<string, number>()
  let sweptAt = 0

  const makeRoom = (at: number): void => {
    if (arrivals.size < capacity) return
    // A sweep looks at every key: once a second at most, or an attack with many addresses would pay itself in CPU.
    if (at - sweptAt >= 1000) {
      sweptAt = at
      for (const [key, arrival] of arrivals) if (arrival <= at) arrivals.delete(key)
    }
    for (const oldest of arrivals.keys()) {
      if (arrivals.size < capacity) break
      arrivals.delete(oldest)
    }
  }

  return {
    take: (key, { perMinute, burst }) => {
      const at = now()
      const interval = 60_000 / perMinute
      const arrival = Math.max(arrivals.get(key) ?? at, at)
      const early = arrival - at - interval * (burst - 1)
      if (early > 0) return Math.ceil(early)
      // Deleted and set again, so that the map's order is that of last use.
      if (!arrivals.delete(key)) makeRoom(at)
      arrivals.set(key, arrival + interval)
      return 0
    },
    size: () => arrivals.size,
  }
}
