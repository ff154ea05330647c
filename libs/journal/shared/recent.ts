import type { Offset, StoredRecord } from '../log.ts'

/** The latest records of one partition, for those who read a little behind its end. */
export type Recent = {
  /** Whether whoever is to read from this offset can read here; true of the end too, where records are yet to come. */
  readonly holds: (offset: Offset) => boolean
  /** The run of records that begins at an offset held; empty where there are none yet. */
  readonly from: (offset: Offset) => readonly StoredRecord[]
  /** Adds a run that begins at the end, and lets go of the oldest runs; never of this one. */
  readonly add: (records: readonly StoredRecord[]) => void
}

type Run = { readonly records: readonly StoredRecord[]; readonly bytes: number }

const KEPT_RECORDS = 1_000
const KEPT_BYTES = 512 * 1024

/**
 * The records with bytes of their own: those that were fetched are views into the whole answer, which a few small records
 * of a quiet partition would keep alive, with all that the busy ones had in it.
 */
const apart = (records: readonly StoredRecord[]): readonly StoredRecord[] => {
  const size = records.reduce((sum, { key, value }) => sum + value.length + (key?.length ?? 0), 0)
  const bytes = Buffer.allocUnsafeSlow(size)
  let at = 0
  const copy = (from: Buffer): Buffer => {
    const begin = at
    at += from.copy(bytes, begin)
    return bytes.subarray(begin, at)
  }
  return records.map((record) => ({ ...record, key: record.key && copy(record.key), value: copy(record.value) }))
}

/** Of a partition that ended at `ended` when reading began at `began`: up to there records are on their way. */
export const recentRecords = (began: Offset, ended: Offset): Recent => {
  const runs: Run[] = []
  let [start, end] = [began, began]
  let bytes = 0

  const trim = (): void => {
    for (let oldest = runs[0]; runs.length > 1 && oldest; oldest = runs[0]) {
      if (end - start <= KEPT_RECORDS && bytes <= KEPT_BYTES) return
      runs.shift()
      start += oldest.records.length
      bytes -= oldest.bytes
    }
  }

  return {
    holds: (offset) => offset >= start && offset <= Math.max(end, ended),
    from: (offset) => {
      // Most read at the end.
      for (let index = runs.length - 1; index >= 0; index--) {
        const records = runs[index]?.records ?? []
        const first = records[0]?.offset ?? end
        if (first <= offset) return first === offset ? records : records.slice(offset - first)
      }
      return []
    },
    add: (records) => {
      const size = records.reduce((sum, { value }) => sum + value.length, 0)
      runs.push({ records: apart(records), bytes: size })
      end += records.length
      bytes += size
      trim()
    },
  }
}
