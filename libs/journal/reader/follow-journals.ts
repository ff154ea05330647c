import { type Pauses, pauses } from '../backoff.ts'
import { type Family, families } from '../families.ts'
import type { Log } from '../log.ts'
import { LogError } from '../log-error.ts'
import type { Meta } from '../meta.ts'
import type { OutcomeRecord, Position } from '../outcome.ts'
import type { JournalReader } from '../reader.ts'
import { openJournalReader } from './journal-reader.ts'

export type FollowOptions = {
  readonly log: Log
  readonly meta: Meta
  /** All by default. */
  readonly families?: readonly Family[]
  /** Where each partition is read from; those that are not named, from the beginning. */
  readonly starts: readonly { readonly family: Family; readonly partition: number; readonly position: Position }[]
  readonly gatherMs?: number
  readonly onOutcomes: (
    family: Family,
    partition: number,
    outcomes: readonly OutcomeRecord[],
    position: Position,
  ) => void | Promise<void>
  /** The partition is read from the beginning. */
  readonly onPositionInvalid: (family: Family, partition: number) => void
  /** A reader has failed, or could not be opened; the next one is on its way. */
  readonly onError: (error: unknown) => void
}

/**
 * Journals followed for as long as a process lives, by whoever keeps nothing of its own that stands on a position: a
 * reader that has failed is replaced by one that goes on where it stood, and what comes twice is the follower's to pass
 * over.
 */
export type Following = {
  /** Resolves when the end of every partition as it was at the start has been reached; rejects once closed. */
  readonly untilCaughtUp: () => Promise<void>
  /** Resolves when the end of every partition as it is at the call has been handed over; rejects where no reader is there. */
  readonly untilNow: () => Promise<void>
  /** Whether that end was reached, and a reader is there. */
  readonly isLive: () => boolean
  readonly hasCaughtUp: () => boolean
  readonly lag: JournalReader['lag']
  readonly close: () => Promise<void>
}

/** Between readers that fail, and between readings of a partition that cannot be read from its beginning either. */
const AGAIN_MS = { firstMs: 50, mostMs: 5_000 }

/** Rejects where the first reader cannot be opened. */
export const followJournals = async (options: FollowOptions): Promise<Following> => {
  const { log, meta, starts, gatherMs, onOutcomes, onPositionInvalid, onError } = options
  const followed = options.families ?? families
  const placeOf = (family: Family, partition: number): string => `${family}/${partition}`
  const reached = new Map(starts.map(({ family, partition, position }) => [placeOf(family, partition), position]))
  const closing = new AbortController()
  const caughtUp = Promise.withResolvers<void>()
  caughtUp.promise.catch(() => {})
  const reopenings = pauses(AGAIN_MS)
  const beginnings = new Map<string, Pauses>()
  let reader: JournalReader | undefined
  let hasCaughtUp = false

  const open = async (): Promise<void> => {
    let mine: JournalReader | undefined
    let failed = false
    const opened = await openJournalReader({
      log,
      logId: meta.logId,
      families: followed,
      ...(gatherMs !== undefined && { gatherMs }),
      onOutcomes: async (family, partition, outcomes, position) => {
        await onOutcomes(family, partition, outcomes, position)
        reached.set(placeOf(family, partition), position)
      },
      onPositionInvalid: (family, partition) => {
        onPositionInvalid(family, partition)
        const place = placeOf(family, partition)
        reached.delete(place)
        const begin = (): void => {
          if (reader === opened) opened.read(family, partition, 'beginning')
        }
        // At once; later where the beginning is not there either.
        const between = beginnings.get(place)
        if (between) setTimeout(begin, between.next()).unref()
        else queueMicrotask(begin)
        beginnings.set(place, between ?? pauses(AGAIN_MS))
      },
      onError: (error) => {
        onError(error)
        failed = true
        if (mine) void replace(mine)
      },
    })
    if (closing.signal.aborted) return opened.close()
    mine = opened
    reader = opened
    for (const family of followed)
      for (let partition = 0; partition < meta.partitions[family]; partition++)
        opened.read(family, partition, reached.get(placeOf(family, partition)) ?? 'beginning')
    const arrived = (): void => {
      hasCaughtUp = true
      caughtUp.resolve()
    }
    // What kept it from there is told as an error of the reader.
    opened.caughtUp(closing.signal).then(arrived, () => {})
    // It failed while it was being opened.
    if (failed) void replace(opened)
  }

  /** One failure is told once: whoever is replaced already is let go of by the first that saw it. */
  const replace = async (failed: JournalReader): Promise<void> => {
    if (reader !== failed || closing.signal.aborted) return
    reader = undefined
    await failed.close().catch(() => {})
    while (!reader && !closing.signal.aborted) {
      await new Promise((resolve) => setTimeout(resolve, reopenings.next()).unref())
      if (!closing.signal.aborted) await open().catch(onError)
    }
  }

  await open()
  return {
    untilCaughtUp: () => caughtUp.promise,
    untilNow: async () => {
      if (!reader) throw new LogError('log.closed', 'the journals are not read right now')
      await reader.caughtUp(closing.signal)
    },
    isLive: () => hasCaughtUp && reader !== undefined,
    hasCaughtUp: () => hasCaughtUp,
    lag: () => reader?.lag() ?? [],
    close: async () => {
      closing.abort()
      caughtUp.reject(new Error('the journals are not followed any more'))
      await reader?.close()
    },
  }
}
