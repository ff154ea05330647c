import { HttpProblem } from '#libs/http/problem.ts'
import type { Instant, Offset } from '#libs/journal/log.ts'
import { type Filter, partitionsOf } from './filter.ts'
import type { Offsets } from './position.ts'
import { isWithin, type Tail } from './tail.ts'
import { type TopicSource, withReader } from './topic-reader.ts'

/** From where on a client wants a topic. */
export type Begin =
  | { readonly kind: 'earliest' | 'latest' }
  | { readonly kind: 'time'; readonly at: Instant }
  | { readonly kind: 'position'; readonly token: string }

const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+ -]\d\d:\d\d)$/

/**
 * Reads `from`: a word, a time (RFC 3339), or else a position. Undefined for a time that there is not. A `+` that was not
 * encoded comes as a space, and is taken for what was meant.
 */
export const parseBegin = (text: string): Begin | undefined => {
  if (text === 'earliest' || text === 'latest') return { kind: text }
  if (!time.test(text)) return { kind: 'position', token: text }
  const at = Date.parse(text.replace(' ', '+'))
  return Number.isNaN(at) ? undefined : { kind: 'time', at }
}

type Partition = { readonly partition: number; readonly start: Offset; readonly end: Offset }

/**
 * The position at which a stream begins.
 * @throws HttpProblem `integration.invalid_position`, `integration.position_gone`; LogError
 */
export const beginAt = async (
  begin: Begin,
  {
    source,
    tail,
    filter,
    retentionMs,
    brokerTime,
  }: {
    readonly source: TopicSource
    readonly tail: Tail
    readonly filter: Filter
    readonly retentionMs: number
    /** The clock by which what is older than `retentionMs` goes; that of this machine may be days ahead. */
    readonly brokerTime: () => Promise<Instant>
  },
): Promise<Offsets> => {
  const head = tail.ring.head()
  if (begin.kind === 'latest') return head
  const asked = begin.kind === 'position' ? source.positions.decode(begin.token) : undefined
  if (begin.kind === 'position' && asked === undefined) throw new HttpProblem('integration.invalid_position')
  if (asked && isWithin(tail, asked)) return asked

  const wanted = partitionsOf(filter, source.partitions)
  const bounds: readonly Partition[] = (await source.log.bounds(source.topic)).map((bound, partition) => ({
    partition,
    ...bound,
  }))
  const earliest = bounds.map(({ start }) => start)
  const goneFrom = (): HttpProblem =>
    new HttpProblem('integration.position_gone', { detail: { earliest: source.positions.encode(earliest) } })

  if (begin.kind === 'time') {
    const hasLost = bounds.some(({ partition, start }) => wanted.has(partition) && start > 0)
    if (hasLost && begin.at < (await brokerTime()) - retentionMs) throw goneFrom()
    const numbers = bounds.map(({ partition }) => partition)
    const found = await withReader(source, (reader) => reader.offsetsAt(source.topic, numbers, begin.at))
    return head.map((end, partition) => Math.min(end, found.get(partition) ?? end))
  }
  if (asked === undefined) return earliest
  for (const { partition, start, end } of bounds) {
    const offset = asked[partition] ?? 0
    if (offset > end) throw new HttpProblem('integration.invalid_position')
    if (offset < start && wanted.has(partition)) throw goneFrom()
  }
  return asked
}
