import type { Cells } from '../../cells.ts'
import type { Instant } from '../../log.ts'
import type { Snapshots } from '../../snapshots/store.ts'
import type { Followed } from '../follow.ts'
import type { OwnerTimings } from './options.ts'

/** Writes a snapshot of what was read back, every so many records or so many minutes; one at a time. */
export type Snapshotter<State> = {
  /** A snapshot up to `n` was restored, so the next one is due that much later. */
  readonly restored: (n: number) => void
  /** `timestamp` is the broker's, of the record read last. */
  readonly look: (followed: Followed<Cells<State>>, timestamp: Instant) => void
}

export const openSnapshotter = <State>(
  snapshots: Snapshots<State>,
  { snapshotRecords, snapshotMs }: Pick<OwnerTimings, 'snapshotRecords' | 'snapshotMs'>,
  now: () => Instant,
  onError: (error: unknown) => void,
): Snapshotter<State> => {
  let savedN = 0
  let savedAt = now()
  let saving = false

  const due = (n: number): boolean => n - savedN >= snapshotRecords || (n > savedN && now() - savedAt >= snapshotMs)

  return {
    restored: (n) => {
      savedN = n
    },
    look: (followed, timestamp) => {
      if (saving || !due(followed.n)) return
      saving = true
      // Even where it fails, the next is tried no sooner: the journal has it all.
      savedN = followed.n
      savedAt = now()
      snapshots
        .save(followed, timestamp)
        .catch(onError)
        .finally(() => {
          saving = false
        })
    },
  }
}
