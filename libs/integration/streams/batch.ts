import type { StoredRecord } from '#libs/journal/log.ts'
import type { CommittedRun } from '#libs/journal/publisher.ts'
import type { Decoder } from './decode.ts'
import { type Filter, passes, passesAll, type Sorted, sortedOf } from './filter.ts'
import { cloudEventJson, type FormatName, formats } from './format.ts'
import type { Offsets, PositionCodec } from './position.ts'

/** An event of a topic, decoded, with the place where it stands. */
export type Entry = Sorted & { readonly partition: number; readonly offset: number; readonly json: string }

/** Events in the order in which everybody gets them, from one position to another. */
export type Batch = {
  readonly entries: readonly Entry[]
  readonly before: Offsets
  readonly after: Offsets
  /** What it is counted as towards bounds. */
  readonly bytes: number
  /** All of it, or what of it passes, as it goes over the wire: made once, for whoever asks first. */
  readonly encoded: (format: FormatName, filter: Filter) => Buffer
}

/** Makes the event of a record. A value that its schema does not read is told, and stands there without its data. */
export const entryOf = (
  record: StoredRecord,
  partition: number,
  decode: Decoder['decode'],
  onUnreadable: (partition: number, offset: number) => void,
): Entry => {
  let data: unknown = null
  try {
    data = decode(record.value)
  } catch {
    onUnreadable(partition, record.offset)
  }
  return { ...sortedOf(record), partition, offset: record.offset, json: cloudEventJson(record, data) }
}

/** Bytes of all events in a format, one behind the other, and where each ends. */
type Encoded = { readonly bytes: Buffer; readonly ends: readonly number[] }

const encode = (
  entries: readonly Entry[],
  before: Offsets,
  after: Offsets,
  format: FormatName,
  { encode: token }: PositionCodec,
): Encoded => {
  const { event } = formats[format]
  const position = [...before]
  const parts: Buffer[] = []
  const ends: number[] = []
  let end = 0
  for (const [index, { partition, offset, json }] of entries.entries()) {
    position[partition] = offset + 1
    // Behind the last one, ends of transactions and aborted records are passed as well.
    const part = Buffer.from(event(json, token(index === entries.length - 1 ? after : position)))
    parts.push(part)
    end += part.length
    ends.push(end)
  }
  return { bytes: Buffer.concat(parts, end), ends }
}

/** The parts of those that pass; neighbours are one part. */
const selected = ({ bytes, ends }: Encoded, entries: readonly Entry[], filter: Filter): Buffer => {
  const parts: Buffer[] = []
  let from = 0
  let to = 0
  for (const [index, entry] of entries.entries()) {
    const [start, end] = [ends[index - 1] ?? 0, ends[index] ?? 0]
    if (!passes(filter, entry)) continue
    if (start !== to) {
      if (to > from) parts.push(bytes.subarray(from, to))
      from = start
    }
    to = end
  }
  if (to > from) parts.push(bytes.subarray(from, to))
  return parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts)
}

export const batchOf = (
  entries: readonly Entry[],
  before: Offsets,
  after: Offsets,
  positions: PositionCodec,
): Batch => {
  const made = new Map<FormatName, Encoded>()
  const whole = (format: FormatName): Encoded => {
    const encoded = made.get(format) ?? encode(entries, before, after, format, positions)
    made.set(format, encoded)
    return encoded
  }
  return {
    entries,
    before,
    after,
    bytes: entries.reduce((sum, { json }) => sum + json.length, 0),
    encoded: (format, filter) => (passesAll(filter) ? whole(format).bytes : selected(whole(format), entries, filter)),
  }
}

/**
 * What of a batch is new to somebody who is at `position`, as a batch of its own. Whoever comes from a catch-up has read
 * some partitions further than others, and further than those who were there before.
 */
export const newTo = (batch: Batch, position: Offsets, positions: PositionCodec): Batch => {
  if (batch.before.every((offset, partition) => (position[partition] ?? 0) <= offset)) return batch
  const entries = batch.entries.filter(({ partition, offset }) => offset >= (position[partition] ?? 0))
  const after = batch.after.map((offset, partition) => Math.max(offset, position[partition] ?? 0))
  return batchOf(entries, position, after, positions)
}

const ENTRIES_AT_ONCE = 200

/** Runs of several partitions as batches of bounded size, by partition, each from the position where the last one ended. */
export const batchesOf = (
  runs: ReadonlyMap<number, CommittedRun>,
  from: Offsets,
  positions: PositionCodec,
  entryFor: (record: StoredRecord, partition: number) => Entry | undefined,
): readonly Batch[] => {
  const batches: Batch[] = []
  let before = from
  for (const [partition, { records, next }] of runs) {
    for (let at = 0; at === 0 || at < records.length; at += ENTRIES_AT_ONCE) {
      const slice = records.slice(at, at + ENTRIES_AT_ONCE)
      const last = slice.at(-1)
      const end = at + ENTRIES_AT_ONCE >= records.length || last === undefined ? next : last.offset + 1
      if (end === before[partition]) continue
      const after = before.with(partition, end)
      const entries = slice.flatMap((record) => entryFor(record, partition) ?? [])
      batches.push(batchOf(entries, before, after, positions))
      before = after
    }
  }
  return batches
}
