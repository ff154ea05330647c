import { type Cells, noCells } from '../cells.ts'
import { decodeEntry, type OutcomeEntry } from '../envelope.ts'
import { journalTopic } from '../families.ts'
import type { Instant, Log, Offset, StoredRecord } from '../log.ts'
import type { ObjectStore } from '../objects.ts'
import { beginning, type Followed, follow, placeOf } from '../owner/follow.ts'
import { ownerRules } from '../owner/rules.ts'
import { type FamilyRules, foldOutcome } from '../turn.ts'
import { holdsAt } from '../validity.ts'
import { decodeCell, openSnapshot, parseSnapshotName, type SnapshotName, snapshotPrefix } from './format.ts'

/** As it was behind the record at `offset`, behind the record numbered `n`, or at a moment of the owner's time. */
export type AsOf = { readonly offset: Offset } | { readonly n: number } | { readonly time: Instant }

export type StateAt<State> =
  | {
      readonly kind: 'state'
      readonly state: State
      /** `n` of the last record that changed it, 0 where it had not been written to. */
      readonly changedN: number
      /** The last valid record that was taken into account. */
      readonly n: number
      readonly at: Instant
    }
  /** More than `mostRecords` would have to be read from the nearest snapshot: a job for later. */
  | { readonly kind: 'far'; readonly records: number }
  /** The journal does not reach so far yet. */
  | { readonly kind: 'future' }
  /** The journal has lost its beginning, and no snapshot stands in for it. */
  | { readonly kind: 'gone' }

export type StateAtOptions<State, Command extends { type: string }, Event extends { type: string }> = {
  readonly log: Pick<Log, 'bounds' | 'tail'>
  readonly objects: ObjectStore
  readonly logId: string
  readonly rules: FamilyRules<State, Command, Event>
  readonly partition: number
  readonly key: string
  readonly asOf: AsOf
  /** 100,000 by default: a second or so. */
  readonly mostRecords?: number
  /** Told after each run of records how many have been read, and how many there are at most. The next run waits for it. */
  readonly onProgress?: (read: number, ofAtMost: number) => void | Promise<void>
  readonly signal?: AbortSignal
}

/** How much the broker's time of a record and the owner's may differ. */
const clocksMs = 10_000

/**
 * One aggregate as it was: replayed from the nearest snapshot before, with the rules of today. Snapshots whose position
 * does not hold are passed over.
 */
export const stateAt = async <State, Command extends { type: string }, Event extends { type: string }>(
  options: StateAtOptions<State, Command, Event>,
): Promise<StateAt<State>> => {
  const { log, rules, partition, key, asOf, mostRecords = 100_000, signal } = options
  const end = (await log.bounds(journalTopic(rules.decider.family)))[partition]?.end ?? 0
  if ('offset' in asOf && asOf.offset >= end) return { kind: 'future' }
  // There is at most one record of a number for each offset.
  if ('n' in asOf && asOf.n > end) return { kind: 'future' }
  for (const from of await candidates(options)) {
    const followed = from ? await loadOne(options, from) : beginning(noCells<State>())
    if (!followed) continue
    const last = 'offset' in asOf ? asOf.offset : end - 1
    const records = last - followed.counted
    const least = 'offset' in asOf ? records : 'n' in asOf ? Math.min(asOf.n - followed.n, records) : 0
    if (least > mostRecords) return { kind: 'far', records }
    const replayed = await replay(options, followed, end, mostRecords)
    signal?.throwIfAborted()
    if (replayed === 'elsewhere') continue
    if (replayed === 'far') return { kind: 'far', records }
    if ('n' in asOf && replayed.n < asOf.n) return { kind: 'future' }
    const cell = replayed.fold.byKey.get(key)
    const state = cell ? cell.state : rules.decider.initial(key)
    return { kind: 'state', state, changedN: cell?.n ?? 0, n: replayed.n, at: replayed.at }
  }
  return { kind: 'gone' }
}

/** Snapshots that are surely not behind the moment, newest first; then none, for the journal's beginning. */
const candidates = async <State, Command extends { type: string }, Event extends { type: string }>({
  objects,
  logId,
  rules,
  partition,
  asOf,
}: StateAtOptions<State, Command, Event>): Promise<readonly (SnapshotName | undefined)[]> => {
  const { family, stateVersion } = rules.decider
  const names = await objects.list(snapshotPrefix(logId, family, partition))
  const before = names
    .flatMap((name) => parseSnapshotName(name) ?? [])
    .filter((name) => name.stateVersion === stateVersion && isBefore(name, asOf))
    .sort((a, b) => b.offset - a.offset)
  return [...before, undefined]
}

/** There are at most `offset + 1` valid records up to an offset. */
const isBefore = ({ offset, at }: SnapshotName, asOf: AsOf): boolean => {
  if ('offset' in asOf) return offset <= asOf.offset
  return 'n' in asOf ? offset < asOf.n : at + clocksMs <= asOf.time
}

/** The snapshot with the one aggregate that is asked for. */
const loadOne = async <State, Command extends { type: string }, Event extends { type: string }>(
  { objects, logId, rules, key }: StateAtOptions<State, Command, Event>,
  { name }: SnapshotName,
): Promise<Followed<Cells<State>> | undefined> => {
  const bytes = await objects.get(name)
  if (!bytes) return undefined
  const { header, lines } = await openSnapshot(bytes, logId)
  const prefix = `[${JSON.stringify(key)},`
  const line = lines.find((each) => each.startsWith(prefix))
  const none = noCells<State>()
  const [, cell] = line === undefined ? [] : decodeCell(line, rules.decider)
  return { ...header.followed, fold: cell ? { ...none, byKey: none.byKey.set(key, cell) } : none }
}

type Replayed<State> = Followed<Cells<State>> | 'elsewhere' | 'far'

/** Reads on from `start`, whose record is held against its position first, up to the moment or the journal's end. */
const replay = async <State, Command extends { type: string }, Event extends { type: string }>(
  { log, rules, partition, key, asOf, onProgress, signal }: StateAtOptions<State, Command, Event>,
  start: Followed<Cells<State>>,
  end: Offset,
  mostRecords: number,
): Promise<Replayed<State>> => {
  const from = Math.max(0, start.counted)
  if (from >= end) return start.counted < 0 ? start : 'elsewhere'
  const fold = foldOutcome(rules)
  const evolve = (cells: Cells<State>, entry: OutcomeEntry): Cells<State> =>
    entry.key === key ? fold(cells, entry) : cells
  let followed = start
  let read = 0

  const take = (record: StoredRecord): Replayed<State> | undefined => {
    const entry = decodeEntry(record)
    if (record.offset === start.counted) {
      if (!holdsAt(placeOf(start), entry)) return 'elsewhere'
    } else {
      const next = follow(followed, record.offset, entry, evolve, ownerRules).followed
      if (isPast(next, asOf)) return followed
      followed = next
      read++
      if (read > mostRecords) return 'far'
    }
    return record.offset >= end - 1 ? followed : undefined
  }
  const told = onProgress && (() => onProgress(read, end - 1 - start.counted))
  return readUntil(log, journalTopic(rules.decider.family), partition, from, take, told, signal)
}

const isPast = ({ next, n, at }: Followed<unknown>, asOf: AsOf): boolean => {
  if ('offset' in asOf) return next > asOf.offset + 1
  return 'n' in asOf ? n > asOf.n : at > asOf.time
}

/** Hands records over one by one until there is an answer. */
const readUntil = async <State>(
  log: Pick<Log, 'tail'>,
  topic: string,
  partition: number,
  from: Offset,
  take: (record: StoredRecord) => Replayed<State> | undefined,
  told: (() => void | Promise<void>) | undefined,
  signal: AbortSignal | undefined,
): Promise<Replayed<State>> => {
  const done = Promise.withResolvers<Replayed<State>>()
  let answer: Replayed<State> | undefined
  const tail = await log.tail([topic], {
    onRecords: (_topic, _partition, records) => {
      for (const record of records) if (answer === undefined) answer = take(record)
      if (answer !== undefined) done.resolve(answer)
      return told?.()
    },
    onOutOfRange: () => done.resolve('elsewhere'),
    onError: done.reject,
  })
  const abort = (): void => done.reject(signal?.reason)
  signal?.addEventListener('abort', abort, { once: true })
  try {
    tail.read(topic, partition, from)
    return await done.promise
  } finally {
    signal?.removeEventListener('abort', abort)
    await tail.close()
  }
}
