import type { Cells } from '../../cells.ts'
import type { JournalEntry } from '../../envelope.ts'
import type { Offset } from '../../log.ts'
import { ObjectStoreError } from '../../objects.ts'
import type { SnapshotName } from '../../snapshots/format.ts'
import type { Snapshots } from '../../snapshots/store.ts'
import type { Followed } from '../follow.ts'

/**
 * Finds where to begin: the newest snapshot whose position holds, else the journal's beginning. The first record read is
 * the one that the snapshot names, and is held against it (I3). Snapshots that lie at the journal's end or behind it tell
 * that the journal has lost records: they are removed before others come to stand there.
 */
export type Restore = {
  readonly begin: () => void
  readonly cancel: () => void
  /** From the beginning up to the moment at which a snapshot was taken, or there is none left. */
  readonly busy: () => boolean
  /** A record that was read while busy: the one that a snapshot names, or one that came before a change of mind. */
  readonly check: (offset: Offset, entry: JournalEntry) => void
  /** The snapshot's position is not in the log; false where none was tried. */
  readonly outOfRange: () => boolean
  /** Over a new tail. */
  readonly again: () => void
}

export type RestoreHandlers<State> = {
  readonly read: (from: Offset) => void
  /** @throws LogError */
  readonly journalEnd: () => Promise<Offset>
  /** The journal does not reach a snapshot's place. */
  readonly onLost: () => void
  /** The record at a snapshot's place is another. */
  readonly onElsewhere: () => void
  /** Whether the owner took the snapshot. */
  readonly take: (snapshot: Followed<Cells<State>>, found: JournalEntry) => boolean
  /** A snapshot is there and cannot be read; an older one is only slower. */
  readonly onUnreadable: (error: unknown) => void
  /** The object store is away, and is asked again. */
  readonly onAway: (error: unknown) => void
}

const retryMs = 1_000

export const openRestore = <State>(
  snapshots: Snapshots<State>,
  { read, journalEnd, onLost, onElsewhere, take, onUnreadable, onAway }: RestoreHandlers<State>,
): Restore => {
  let run = 0
  let busy = false
  let left: readonly SnapshotName[] = []
  let candidate: Followed<Cells<State>> | undefined

  const loadNext = async (current: number): Promise<Followed<Cells<State>> | undefined> => {
    while (current === run && left.length > 0) {
      const [newest, ...older] = left
      try {
        const loaded = newest && (await snapshots.load(newest))
        if (current !== run) return undefined
        left = older
        if (loaded) return loaded
      } catch (error) {
        // To wait for the store is quicker than to read the journal from its beginning.
        if (error instanceof ObjectStoreError) throw error
        if (current !== run) return undefined
        left = older
        onUnreadable(error)
      }
    }
    return undefined
  }

  /** Does it again, after a while each time, for as long as the store is away. */
  const untilDone = async (current: number, work: () => Promise<void>): Promise<void> => {
    try {
      await work()
    } catch (error) {
      if (current !== run) return
      onAway(error)
      setTimeout(() => current === run && untilDone(current, work), retryMs)
    }
  }

  const tryNext = (current: number): Promise<void> =>
    untilDone(current, async () => {
      const loaded = await loadNext(current)
      if (current !== run) return
      candidate = loaded
      busy = loaded !== undefined
      read(loaded?.counted ?? 0)
    })

  /** A log that is away is no fault of the object store, and its owner reads nothing before it is back. */
  const endOnceKnown = async (current: number): Promise<Offset> => {
    while (current === run) {
      const end = await journalEnd().catch(() => undefined)
      if (end !== undefined) return end
      await new Promise((resolve) => setTimeout(resolve, retryMs))
    }
    return 0
  }

  const list = (current: number): Promise<void> =>
    untilDone(current, async () => {
      const found = await snapshots.list()
      const end = await endOnceKnown(current)
      if (current !== run) return
      const lost = found.filter(({ offset }) => offset >= end)
      if (lost.length > 0) onLost()
      for (const name of lost) await snapshots.remove(name)
      if (current !== run) return
      left = found.filter(({ offset }) => offset < end)
      await tryNext(current)
    })

  return {
    begin: () => {
      busy = true
      candidate = undefined
      void list(++run)
    },
    cancel: () => {
      run++
      busy = false
      candidate = undefined
    },
    busy: () => busy,
    check: (offset, entry) => {
      if (!candidate || offset !== candidate.counted) return
      const snapshot = candidate
      candidate = undefined
      if (take(snapshot, entry)) busy = false
      else {
        onElsewhere()
        void tryNext(run)
      }
    },
    outOfRange: () => {
      if (!busy) return false
      candidate = undefined
      void tryNext(run)
      return true
    },
    again: () => {
      if (candidate) read(candidate.counted)
    },
  }
}
