import { withBackoff } from '../backoff.ts'
import type { Bounds, Log, Offset, StoredRecord, Tail, TailOptions } from '../log.ts'
import { LogError } from '../log-error.ts'
import { type Recent, recentRecords } from './recent.ts'

/** How far before the end reading begins: those who stopped a moment ago find their place. */
const LOOK_BACK = 100

/** A partition that is read for many. */
export type Place = {
  /** Undefined until it is known where reading begins. */
  readonly recent: () => Recent | undefined
  readonly leave: () => void
}

/** One tail of a topic's end, for all who read there. */
export type Source = {
  /** `onMore` is called when `recent` has changed. */
  readonly join: (partition: number, onMore: () => void) => Place
  /** Aborted, with the error, when it has failed for good. */
  readonly failed: AbortSignal
}

type Followed = { recent: Recent | undefined; readonly readers: Set<() => void> }

export type SourceOptions = {
  readonly log: Pick<Log, 'tail' | 'bounds'>
  readonly topic: string
  readonly gather: TailOptions
}

/** Rejects where the topic cannot be read. It lives as long as the log. */
export const openSource = async ({ log, topic, gather }: SourceOptions): Promise<Source> => {
  const partitions = new Map<number, Followed>()
  const failed = new AbortController()
  let asked: Promise<readonly Bounds[]> | undefined

  const fail = (error: unknown): void => {
    failed.abort(error)
    void tail.close()
  }

  /** Partitions that are joined in one tick share an answer. */
  const askBounds = (): Promise<readonly Bounds[]> => {
    asked ??= new Promise((resolve) => setImmediate(resolve)).then(() => {
      asked = undefined
      return log.bounds(topic)
    })
    return asked
  }

  const beginAt = (partition: number, followed: Followed, { start, end }: Bounds): void => {
    const from: Offset = Math.max(start, end - LOOK_BACK)
    followed.recent = recentRecords(from, end)
    tail.read(topic, partition, from)
    for (const onMore of [...followed.readers]) onMore()
  }

  const begin = async (partition: number, followed: Followed): Promise<void> => {
    const bounds = await withBackoff(askBounds, { retryable: isAway, signal: failed.signal })
    const own = bounds[partition]
    // A partition that is not there is never read, as by any tail.
    if (own && partitions.get(partition) === followed) beginAt(partition, followed, own)
  }

  const tail: Tail = await log.tail(
    [topic],
    {
      onRecords: (_topic, partition, records: readonly StoredRecord[]) => {
        const followed = partitions.get(partition)
        if (!followed) return
        followed.recent?.add(records)
        for (const onMore of [...followed.readers]) onMore()
      },
      onOutOfRange: (_topic, partition, _expected, bounds) => {
        const followed = partitions.get(partition)
        if (followed) beginAt(partition, followed, bounds)
      },
      onError: fail,
    },
    gather,
  )

  return {
    failed: failed.signal,
    join: (partition, onMore) => {
      const followed: Followed = partitions.get(partition) ?? { recent: undefined, readers: new Set() }
      followed.readers.add(onMore)
      if (!partitions.has(partition)) {
        partitions.set(partition, followed)
        begin(partition, followed).catch(fail)
      }
      return {
        recent: () => followed.recent,
        leave: () => {
          followed.readers.delete(onMore)
          if (followed.readers.size > 0 || partitions.get(partition) !== followed) return
          partitions.delete(partition)
          tail.stop(topic, partition)
        },
      }
    },
  }
}

/** A log that may answer later; a tail tells of it meanwhile. */
const isAway = (error: unknown): boolean =>
  error instanceof LogError ? error.code === 'log.unavailable' : (error as { retriable?: unknown }).retriable === true
