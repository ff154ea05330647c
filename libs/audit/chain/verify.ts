import { journalTopic } from '#libs/journal/families.ts'
import type { Offset, StoredRecord } from '#libs/journal/log.ts'
import { RangeUnreadable, readRange } from '#libs/journal/read-range.ts'
import { type Digest, noRecords, withRecord } from './digest.ts'
import { digestOf, type Head, headSequences, type Place, readHead } from './heads.ts'
import type { ChainOptions } from './keep.ts'

/** What is not as it was signed, among which records: `from` and `to` inclusive. */
export type Finding =
  | { readonly kind: 'changed' | 'reordered' | 'missing'; readonly from: Offset; readonly to: Offset }
  | { readonly kind: 'head_missing' | 'head_invalid'; readonly sequence: number }

export type Verified = {
  readonly place: Place
  /** Records that were read, and of these how many a head covers. */
  readonly records: number
  readonly covered: number
  readonly heads: number
  /** When the last head was written; undefined where there is none. */
  readonly at: number | undefined
  readonly findings: readonly Finding[]
}

/** The heads that hold, in their order, and what is wrong with the others. A head is believed only behind the one before. */
const trustedHeads = async (options: ChainOptions, place: Place) => {
  const { objects, sealing, logId } = options
  const findings: Finding[] = []
  const heads: Head[] = []
  let before: string | null = null
  let expected = 1
  for (const sequence of await headSequences(objects, logId, place)) {
    const skipped = sequence > expected
    for (; expected < sequence; expected++) findings.push({ kind: 'head_missing', sequence: expected })
    expected = sequence + 1
    const read = await readHead(objects, sealing, logId, place, sequence)
    if (read.kind === 'invalid' || (!skipped && before !== undefined && read.head.before !== before)) {
      findings.push({ kind: 'head_invalid', sequence })
      before = null
      continue
    }
    heads.push(read.head)
    before = read.hash
  }
  return { heads, findings }
}

/** Holds what was read up to a head against it. */
const compare = (digest: Digest, head: Head, from: Offset): readonly Finding[] => {
  const signed = digestOf(head)
  if (digest.chain.equals(signed.chain)) return []
  return [{ kind: digest.sum.equals(signed.sum) ? 'reordered' : 'changed', from, to: head.offset }]
}

/**
 * Reads a partition afresh from its first record, and holds it against every head that was signed. Behind a head that is
 * not met it goes on as if it had been, so that one change is told once. `stalledMs` as in `readRange`.
 */
export const verifyPlace = async (options: ChainOptions, place: Place, stalledMs?: number): Promise<Verified> => {
  const topic = journalTopic(place.family)
  const { heads, findings } = await trustedHeads(options, place)
  const found: Finding[] = [...findings]
  const bounds = (await options.log.bounds(topic))[place.partition] ?? { start: 0, end: 0 }
  const last = heads.at(-1)
  if (bounds.start > 0) found.push({ kind: 'missing', from: 0, to: bounds.start - 1 })
  if (last && bounds.end <= last.offset) found.push({ kind: 'missing', from: bounds.end, to: last.offset })

  const waiting = [...heads]
  let digest: Digest = noRecords
  let records = 0

  const take = (record: StoredRecord): void => {
    if (record.offset > digest.offset + 1)
      found.push({ kind: 'missing', from: digest.offset + 1, to: record.offset - 1 })
    digest = withRecord(digest, record)
    records++
    const [head] = waiting
    if (!head || record.offset < head.offset) return
    waiting.shift()
    const from = (heads[heads.indexOf(head) - 1]?.offset ?? -1) + 1
    const differences = compare(digest, head, from)
    found.push(...differences)
    if (differences.length > 0) digest = digestOf(head)
  }

  // A partition that begins later than its first head says cannot be met by it; that is told as missing above.
  digest = { ...digest, offset: bounds.start - 1 }
  const range = { topic, partition: place.partition, from: bounds.start, end: bounds.end }
  try {
    await readRange(options.log, range, (read) => read.forEach(take), stalledMs)
  } catch (error) {
    if (!(error instanceof RangeUnreadable)) throw error
    found.push({ kind: 'missing', from: error.at, to: bounds.end - 1 })
  }
  return {
    place,
    records,
    covered: Math.min(bounds.end, (last?.offset ?? -1) + 1),
    heads: heads.length,
    at: last?.at,
    findings: found,
  }
}
