/** From which addresses somebody has logged in to which handle, lately and at this process. */
export type KnownPlaces = {
  /** @param place the handle's hash and the block of the address */
  readonly add: (place: string) => void
  readonly has: (place: string) => boolean
}

const KEPT_MS = 30 * 24 * 60 * 60_000

/** Keeps the last `capacity` of 30 days; the oldest go first. */
export const createKnownPlaces = (capacity = 100_000, now: () => number = Date.now): KnownPlaces => {
  const places = new Map<string, number>()
  return {
    add: (place) => {
      places.delete(place)
      places.set(place, now())
      const [oldest] = places.keys()
      if (places.size > capacity && oldest !== undefined) places.delete(oldest)
    },
    has: (place) => now() - (places.get(place) ?? Number.NEGATIVE_INFINITY) < KEPT_MS,
  }
}
