import type { Offset, StoredRecord, Tail, TailHandlers } from '../log.ts'
import type { Place, Source } from './source.ts'

export type FollowerOptions = {
  readonly topic: string
  readonly partition: number
  readonly source: Source
  /** For what the source does not hold any more. */
  readonly own: Tail
  readonly handlers: Pick<TailHandlers, 'onRecords' | 'onOutOfRange'>
  readonly onFailure: (error: unknown) => void
}

/**
 * One partition of one tail that shares a source. What the source holds is taken from there; before that, and where a
 * slow handler has fallen behind it, a tail of its own reads on until the source holds its position.
 *
 * It lives as long as the tail, so that calls of the handler never overlap, whatever is stopped and read again.
 */
export type Follower = {
  readonly move: (to: Offset | undefined) => void
  /** Takes what the tail of its own has read; resolves when that is handled, or of no use any more. */
  readonly take: (records: readonly StoredRecord[]) => Promise<void>
  readonly outOfRange: TailHandlers['onOutOfRange']
}

type Fetched = { readonly records: readonly StoredRecord[]; readonly done: () => void }

export const startFollower = (options: FollowerOptions): Follower => {
  const { topic, partition, source, own, handlers, onFailure } = options
  let next: Offset | undefined
  let place: Place | undefined
  let alone = false
  let fetched: Fetched | undefined
  let busy = false

  const dropFetched = (): void => {
    fetched?.done()
    fetched = undefined
  }

  const join = (): void => {
    if (!alone) return
    alone = false
    own.stop(topic, partition)
    dropFetched()
  }

  /** What to hand over next; undefined while that is not there yet. */
  const nextRun = (from: Offset): Fetched | undefined => {
    const recent = place?.recent()
    if (recent?.holds(from)) {
      join()
      const records = recent.from(from)
      return records.length === 0 ? undefined : { records, done: () => {} }
    }
    if (recent && !alone) {
      alone = true
      own.read(topic, partition, from)
    }
    const run = fetched
    fetched = undefined
    return run
  }

  const drain = async (): Promise<void> => {
    if (busy) return
    busy = true
    try {
      while (next !== undefined) {
        const run = nextRun(next)
        if (!run) break
        next += run.records.length
        try {
          const handled = handlers.onRecords(topic, partition, run.records)
          // One that answers at once is not waited for.
          if (handled) await handled
        } finally {
          run.done()
        }
      }
    } catch (error) {
      move(undefined)
      onFailure(error)
    } finally {
      busy = false
    }
  }

  const onMore = (): void => void drain()

  const move = (to: Offset | undefined): void => {
    join()
    next = to
    if (to === undefined) {
      place?.leave()
      place = undefined
      return
    }
    place ??= source.join(partition, onMore)
    onMore()
  }

  return {
    move,
    take: async (records) => {
      if (!alone || records[0]?.offset !== next) return
      const { promise, resolve } = Promise.withResolvers<void>()
      fetched = { records, done: resolve }
      onMore()
      await promise
    },
    outOfRange: (_topic, _partition, expected, bounds) => {
      if (!alone || expected !== next) return
      move(undefined)
      handlers.onOutOfRange(topic, partition, expected, bounds)
    },
  }
}
