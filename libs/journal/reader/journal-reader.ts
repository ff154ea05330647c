import { meters } from '#libs/telemetry/instruments.ts'
import { type Family, families, journalTopic } from '../families.ts'
import type { Bounds, Tail } from '../log.ts'
import type { Position } from '../outcome.ts'
import type { JournalReader, JournalReaderOptions } from '../reader.ts'
import { type PartitionReader, partitionReader } from './partition.ts'

const boundsMaxAgeMs = 1_000

const nowhere: Bounds = { start: 0, end: 0 }

/** Opens a reader over the families' journals; it reads nothing until `read` is called. See `JournalReader`. */
export const openJournalReader = async (options: JournalReaderOptions): Promise<JournalReader> => {
  const { log, logId } = options
  const familyOf = new Map(options.families.map((family) => [journalTopic(family), family]))
  const partitions = new Map<string, PartitionReader>()
  const waiting = new Set<() => void>()
  const ends = new Map<Family, readonly Bounds[]>()
  let endsAt = 0
  let refreshing = false

  const keyOf = (family: Family, partition: number) => `${family}/${partition}`

  const invalid = (
    { family, partition, from }: Pick<PartitionReader, 'family' | 'partition' | 'from'>,
    bounds: Bounds,
  ) => {
    stop(family, partition)
    meters().alarms.add(1, { code: 'journal.position_invalid' })
    options.onPositionInvalid(family, partition, from, bounds)
  }

  const tail: Tail = await log.tail([...familyOf.keys()], {
    onRecords: async (topic, partition, records) => {
      const family = familyOf.get(topic)
      const reader = family && partitions.get(keyOf(family, partition))
      if (!family || !reader) return
      const read = reader.take(records)
      if (read === 'mismatch') return invalid(reader, nowhere)
      for (const notice of read.notices) {
        if (notice.kind === 'void') meters().voidRecords.add(1, { family, partition })
        options.onNotice?.({ ...notice, family, partition })
      }
      if (read.outcomes.length > 0) await options.onOutcomes(family, partition, read.outcomes, read.position)
      for (const check of [...waiting]) check()
    },
    onOutOfRange: (topic, partition, _expected, bounds) => {
      const family = familyOf.get(topic)
      const reader = family && partitions.get(keyOf(family, partition))
      if (reader) invalid(reader, bounds)
    },
    onError: options.onError,
  })

  const stop = (family: Family, partition: number) => {
    partitions.delete(keyOf(family, partition))
    tail.stop(journalTopic(family), partition)
    for (const check of [...waiting]) check()
  }

  const refreshEnds = async () => {
    if (refreshing || Date.now() - endsAt < boundsMaxAgeMs) return
    refreshing = true
    try {
      for (const family of options.families) ends.set(family, await log.bounds(journalTopic(family)))
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
    },
    stop,
    caughtUp: async (signal) => {
      const targets = new Map<string, number>()
      for (const family of families.filter((candidate) => options.families.includes(candidate))) {
        const bounds = await log.bounds(journalTopic(family))
        for (const [partition, { end }] of bounds.entries()) targets.set(keyOf(family, partition), end)
      }
      const behind = () => [...partitions].some(([key, reader]) => reader.next() < (targets.get(key) ?? 0))
      await new Promise<void>((resolve, reject) => {
        const check = () => {
          if (!behind()) settle(resolve)
        }
        const abort = () => settle(() => reject(signal?.reason))
        const settle = (end: () => void) => {
          waiting.delete(check)
          signal?.removeEventListener('abort', abort)
          end()
        }
        if (signal?.aborted) return abort()
        waiting.add(check)
        signal?.addEventListener('abort', abort)
        check()
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
    close: tail.close,
  }
}
