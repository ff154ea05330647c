import { meters } from '#libs/telemetry/instruments.ts'
import { type Family, journalTopic } from '../families.ts'
import type { Bounds, Tail } from '../log.ts'
import { LogError } from '../log-error.ts'
import type { Position } from '../outcome.ts'
import type { JournalReader, JournalReaderOptions } from '../reader.ts'
import { countVoid } from '../void-records.ts'
import { type PartitionReader, partitionReader } from './partition.ts'

const boundsMaxAgeMs = 1_000

const nowhere: Bounds = { start: 0, end: 0 }

/** Opens a reader over the families' journals; it reads nothing until `read` is called. See `JournalReader`. */
export const openJournalReader = async (options: JournalReaderOptions): Promise<JournalReader> => {
  const { log, logId } = options
  const familyOf = new Map(options.families.map((family) => [journalTopic(family), family]))
  const partitions = new Map<string, PartitionReader>()
  const waiting = new Set<{ readonly check: () => void; readonly fail: (reason: unknown) => void }>()
  const ends = new Map<Family, readonly Bounds[]>()
  let endsAt = 0
  let refreshing = false
  let asked: Promise<Map<Family, readonly Bounds[]>> | undefined
  let failure: Error | undefined

  const keyOf = (family: Family, partition: number) => `${family}/${partition}`

  const invalid = (
    { family, partition, from }: Pick<PartitionReader, 'family' | 'partition' | 'from'>,
    bounds: Bounds,
  ) => {
    stop(family, partition)
    meters().alarms.add(1, { code: 'journal.position_invalid' })
    options.onPositionInvalid(family, partition, from, bounds)
  }

  const tail: Tail = await log.tail(
    [...familyOf.keys()],
    {
      onRecords: async (topic, partition, records) => {
        const family = familyOf.get(topic)
        const reader = family && partitions.get(keyOf(family, partition))
        if (!family || !reader) return
        const read = reader.take(records)
        if (read === 'mismatch') return invalid(reader, nowhere)
        for (const notice of read.notices) {
          if (notice.kind === 'void') countVoid({ logId, family, partition, offset: notice.offset })
          options.onNotice?.({ ...notice, family, partition })
        }
        if (read.outcomes.length > 0) await options.onOutcomes(family, partition, read.outcomes, read.position)
        reader.handled(records)
        checkWaiting()
      },
      onOutOfRange: (topic, partition, _expected, bounds) => {
        const family = familyOf.get(topic)
        const reader = family && partitions.get(keyOf(family, partition))
        if (reader) invalid(reader, bounds)
      },
      onError: (error) => fail(error),
    },
    { gatherMs: options.gatherMs },
  )

  const checkWaiting = () => {
    for (const { check } of [...waiting]) check()
  }

  const fail = (error: Error) => {
    failure = error
    for (const waiter of [...waiting]) waiter.fail(error)
    options.onError(error)
  }

  const stop = (family: Family, partition: number) => {
    partitions.delete(keyOf(family, partition))
    tail.stop(journalTopic(family), partition)
    checkWaiting()
  }

  const askBounds = async () => {
    const bounds = new Map<Family, readonly Bounds[]>()
    for (const family of options.families) bounds.set(family, await log.bounds(journalTopic(family)))
    return bounds
  }

  /** Readers of one tick share an answer, since all partitions are begun at once. */
  const askBoundsOnce = () => {
    asked ??= new Promise((resolve) => setImmediate(resolve)).then(() => {
      asked = undefined
      return askBounds()
    })
    return asked
  }

  /** A position right at the end names a record that is gone; the tail alone would wait there for the next one. */
  const checkEnd = async (reader: PartitionReader) => {
    const { family, partition, from } = reader
    const bounds = (await askBoundsOnce()).get(family)?.[partition] ?? nowhere
    const current = partitions.get(keyOf(family, partition)) === reader
    if (current && !reader.proven() && bounds.end <= from.offset) invalid(reader, bounds)
  }

  const refreshEnds = async () => {
    if (refreshing || Date.now() - endsAt < boundsMaxAgeMs) return
    refreshing = true
    try {
      for (const [family, bounds] of await askBounds()) ends.set(family, bounds)
      endsAt = Date.now()
    } catch {
      // An engine that is away leaves the numbers as they were; whoever reads the log is told by `onError`.
    } finally {
      refreshing = false
    }
  }

  return {
    read: (family, partition, from) => {
      const position: Position = from === 'beginning' ? { logId, offset: -1, claim: -1, n: 0 } : from
      if (position.logId !== logId) return invalid({ family, partition, from: position }, nowhere)
      const reader = partitionReader(family, partition, position)
      partitions.set(keyOf(family, partition), reader)
      tail.read(journalTopic(family), partition, reader.next())
      if (!reader.proven()) checkEnd(reader).catch(fail)
    },
    stop,
    caughtUp: async (signal) => {
      const targets = await askBounds()
      const behind = () =>
        [...partitions.values()].some((reader) => {
          const end = targets.get(reader.family)?.[reader.partition]?.end ?? 0
          return !reader.proven() || reader.next() < end
        })
      await new Promise<void>((resolve, reject) => {
        const waiter = {
          check: () => {
            if (!behind()) settle(resolve)
          },
          fail: (reason: unknown) => settle(() => reject(reason)),
        }
        const abort = () => waiter.fail(signal?.reason)
        const settle = (end: () => void) => {
          waiting.delete(waiter)
          signal?.removeEventListener('abort', abort)
          end()
        }
        if (failure) return waiter.fail(failure)
        if (signal?.aborted) return abort()
        waiting.add(waiter)
        signal?.addEventListener('abort', abort)
        waiter.check()
      })
    },
    lag: () => {
      void refreshEnds()
      return [...partitions.values()].map((reader) => {
        const { family, partition } = reader
        const end = ends.get(family)?.[partition]?.end ?? 0
        const records = Math.max(0, end - reader.next())
        const seconds = records === 0 ? 0 : Math.max(0, (Date.now() - reader.lastRead()) / 1000)
        return { family, partition, records, seconds: reader.lastRead() === 0 ? 0 : seconds }
      })
    },
    close: async () => {
      failure ??= new LogError('log.closed', 'the reader is closed')
      for (const waiter of [...waiting]) waiter.fail(failure)
      await tail.close()
    },
  }
}
