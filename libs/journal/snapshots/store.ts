import type { Cells } from '../cells.ts'
import type { Family } from '../families.ts'
import type { Instant } from '../log.ts'
import { ObjectExists, type ObjectStore } from '../objects.ts'
import type { Followed } from '../owner/follow.ts'
import {
  decodeSnapshot,
  encodeSnapshot,
  parseSnapshotName,
  type SnapshotName,
  type StateCodec,
  snapshotName,
  snapshotPrefix,
} from './format.ts'

/** The snapshots of one partition. Each is immutable and named by its position, so a late writer's is old, never wrong. */
export type Snapshots<State> = {
  /** Those of this log and state version, the newest first. */
  readonly list: () => Promise<readonly SnapshotName[]>
  /** Undefined where it has gone. @throws SnapshotUnreadable */
  readonly load: (name: SnapshotName) => Promise<Followed<Cells<State>> | undefined>
  /** Of a place that the journal does not reach: what is written there later is another record. */
  readonly remove: (name: SnapshotName) => Promise<void>
  /** Writes what was read back, by the broker's time `at`, and removes what is no longer kept. */
  readonly save: (followed: Followed<Cells<State>>, at: Instant) => Promise<void>
}

export type SnapshotPlace = {
  readonly objects: ObjectStore
  readonly logId: string
  readonly family: Family
  readonly partition: number
  readonly stateVersion: number
}

export const openSnapshots = <State>(place: SnapshotPlace, codec: StateCodec<State>): Snapshots<State> => {
  const { objects, logId, family, partition, stateVersion } = place

  const all = async (): Promise<readonly SnapshotName[]> => {
    const names = await objects.list(snapshotPrefix(logId, family, partition))
    return names.flatMap((name) => parseSnapshotName(name) ?? []).sort((a, b) => b.offset - a.offset || b.at - a.at)
  }

  return {
    list: async () => (await all()).filter((name) => name.stateVersion === stateVersion),
    load: async ({ name }) => {
      const bytes = await objects.get(name)
      return bytes && decodeSnapshot(bytes, logId, codec)
    },
    remove: ({ name }) => objects.remove(name),
    save: async (followed, at) => {
      const bytes = await encodeSnapshot({ family, partition, logId, stateVersion }, followed, codec)
      try {
        await objects.put(snapshotName(logId, family, partition, followed.counted, at, stateVersion), bytes)
      } catch (error) {
        if (!(error instanceof ObjectExists)) throw error
      }
      for (const { name } of superfluous(await all())) await objects.remove(name)
    },
  }
}

const keptAlways = 3
const dayMs = 86_400_000

/** All but the newest three, and the last one of each day (UTC). */
export const superfluous = (newestFirst: readonly SnapshotName[]): readonly SnapshotName[] => {
  const days = new Set<number>()
  return newestFirst.filter(({ at }, index) => {
    const day = Math.floor(at / dayMs)
    const lastOfDay = !days.has(day)
    days.add(day)
    return index >= keptAlways && !lastOfDay
  })
}
