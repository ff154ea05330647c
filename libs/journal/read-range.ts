import type { Log, Offset, StoredRecord } from './log.ts'

/** A part of a partition: `from` inclusive, `end` exclusive. */
export type Range = { readonly topic: string; readonly partition: number; readonly from: Offset; readonly end: Offset }

/** No record of a range that the log is to have has come for a while. */
export class RangeUnreadable extends Error {
  readonly code = 'journal.range_unreadable'
  /** The first that did not come. */
  readonly at: Offset
  constructor({ topic, partition }: Range, at: Offset) {
    super(`${topic}/${partition} does not hand over offset ${at}`)
    this.at = at
  }
}

/** No engine that is there takes longer over a batch. */
const STALLED_MS = 30_000

/**
 * Hands over every record of a range, in order, a batch at a time; resolves behind the last. `take` may be slow: the next
 * batch waits for it. Rejects with `RangeError` where the log does not reach so far back or so far on, and with
 * `RangeUnreadable` where nothing comes for `stalledMs`.
 */
export const readRange = async (
  log: Log,
  range: Range,
  take: (records: readonly StoredRecord[]) => void | Promise<void>,
  stalledMs: number = STALLED_MS,
): Promise<void> => {
  const { topic, partition, from, end } = range
  if (from >= end) return
  const done = Promise.withResolvers<void>()
  let next = from
  const watch = setInterval(() => {
    if (next === seen) done.reject(new RangeUnreadable(range, next))
    seen = next
  }, stalledMs)
  let seen = -1
  const tail = await log.tail([topic], {
    onRecords: async (_topic, _partition, read) => {
      const wanted = read.filter(({ offset }) => offset >= next && offset < end)
      await take(wanted)
      next = Math.max(next, (read.at(-1)?.offset ?? -1) + 1)
      if (next >= end) done.resolve()
    },
    onOutOfRange: (_topic, _partition, expected, now) =>
      done.reject(
        new RangeError(`${topic}/${partition} has no offset ${expected}: it holds ${now.start} to ${now.end}`),
      ),
    onError: done.reject,
  })
  try {
    tail.read(topic, partition, from)
    await done.promise
  } finally {
    clearInterval(watch)
    await tail.close()
  }
}
