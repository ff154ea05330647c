import { type Place, placeId } from './positions.ts'

export type ReadingsOptions<Reading extends Place> = {
  /** Looks up where a partition is to be read from. */
  readonly find: (place: Place) => Promise<Reading>
  readonly read: (reading: Reading) => void
  readonly stop: (place: Place) => void
  readonly fail: (error: unknown) => void
}

/**
 * The partitions that a process reads, as they are assigned to it and taken away. A reading is one partition from one
 * start of reading it on: what comes of an earlier start is known by its reading being another object.
 */
export type Readings<Reading extends Place> = {
  readonly assign: (places: readonly Place[]) => void
  /** Reads these again from where they are found to stand, forgetting what was read before. */
  readonly again: (places: readonly Place[]) => Promise<void>
  readonly get: (place: Place) => Reading | undefined
  readonly all: () => readonly Reading[]
  /** How many partitions are assigned, whether they are read yet or not. */
  readonly assigned: () => number
  /** Resolves when every partition assigned so far is being read. */
  readonly started: () => Promise<void>
}

export const createReadings = <Reading extends Place>(options: ReadingsOptions<Reading>): Readings<Reading> => {
  const { find, read, stop, fail } = options
  const readings = new Map<string, Reading>()
  const starting = new Set<Promise<void>>()
  let assigned: ReadonlySet<string> = new Set()

  const drop = (place: Place): void => {
    stop(place)
    readings.delete(placeId(place))
  }

  const begin = async (place: Place): Promise<void> => {
    drop(place)
    const reading = await find(place)
    if (!assigned.has(placeId(place))) return
    readings.set(placeId(place), reading)
    read(reading)
  }

  const again = async (places: readonly Place[]): Promise<void> => {
    const started = Promise.all(places.map(begin)).then(() => {})
    starting.add(started)
    await started.finally(() => starting.delete(started))
  }

  return {
    assign: (places) => {
      const before = assigned
      assigned = new Set(places.map(placeId))
      for (const reading of [...readings.values()]) if (!assigned.has(placeId(reading))) drop(reading)
      again(places.filter((place) => !before.has(placeId(place)))).catch(fail)
    },
    again,
    get: (place) => readings.get(placeId(place)),
    all: () => [...readings.values()],
    assigned: () => assigned.size,
    started: async () => {
      await Promise.all(starting)
    },
  }
}
