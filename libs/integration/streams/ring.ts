import type { Batch } from './batch.ts'
import type { Offsets } from './position.ts'

/** The newest batches of a topic, numbered from 0 on. What is older than its bound has left it. */
export type Ring = {
  readonly push: (batch: Batch) => void
  /** The batch of that number; undefined where it has left, or has not come yet. */
  readonly at: (index: number) => Batch | undefined
  /** Number of the oldest batch that is there, and of the next that comes. */
  readonly first: () => number
  readonly next: () => number
  /** The position behind the newest. */
  readonly head: () => Offsets
  /** The number from which on somebody at that position misses nothing; undefined where that has left. */
  readonly join: (position: Offsets) => number | undefined
}

const isAtOrBehind = (position: Offsets, place: Offsets): boolean =>
  place.every((offset, partition) => (position[partition] ?? 0) >= offset)

/** @param start the position at which it begins; `mostBytes` are kept, and always one batch */
export const createRing = (start: Offsets, mostBytes: number): Ring => {
  const batches = new Map<number, Batch>()
  let [first, next, bytes, head] = [0, 0, 0, start]

  const drop = (): void => {
    bytes -= batches.get(first)?.bytes ?? 0
    batches.delete(first)
    first++
  }

  return {
    push: (batch) => {
      batches.set(next, batch)
      next++
      bytes += batch.bytes
      head = batch.after
      while (bytes > mostBytes && next - first > 1) drop()
    },
    at: (index) => batches.get(index),
    first: () => first,
    next: () => next,
    head: () => head,
    join: (position) => {
      if (isAtOrBehind(position, head)) return next
      for (let index = next - 1; index >= first; index--) {
        const batch = batches.get(index)
        if (batch && isAtOrBehind(position, batch.before)) return index
      }
      return undefined
    },
  }
}
