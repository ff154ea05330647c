import type { Offset, StoredRecord } from './log.ts'

/** How often a tail reads the same hole again before it holds the log itself to be broken. */
export const HOLE_READS = 20

/** The part of a fetched run that a reader may use, and whether it must read again from behind that part. */
export type Taken = { readonly records: readonly StoredRecord[]; readonly again: boolean }

/**
 * Takes the contiguous records that begin at `expected`. What lies before it was handed over already and is dropped; at
 * a hole the run ends, and has to be read again from there: offsets of a journal have no holes, so what is missing was
 * lost on its way (I3).
 */
export const takeContiguous = (expected: Offset, fetched: readonly StoredRecord[]): Taken => {
  const first = fetched.findIndex((record) => record.offset >= expected)
  if (first === -1) return { records: [], again: false }
  let next = expected
  for (let index = first; index < fetched.length; index++) {
    if (fetched[index]?.offset !== next) return { records: fetched.slice(first, index), again: true }
    next++
  }
  return { records: first === 0 ? fetched : fetched.slice(first), again: false }
}
