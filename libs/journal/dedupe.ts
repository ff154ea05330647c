import { Map as ImmutableMap } from 'immutable'
import type { ManagerSource } from './command.ts'
import { type CommandErrorCode, rejectionsOfTheId } from './errors.ts'
import { isUuidv7, uuidv7Time } from './ids.ts'
import type { Instant } from './log.ts'
import type { Detail, Outcome, RepeatedSummary } from './outcome.ts'

/**
 * What an aggregate keeps to know a command that comes again (I7). An immutable value: an owner holds the one that was
 * read back beside the one that its turns in flight will lead to.
 *
 * Ids of clients are kept by the time in them, in buckets of 5 s, down to a floor that only rises: 10 min below the
 * newest id seen, or higher where 50,000 ids are kept. Below the floor nobody could tell whether an id is new, so it is
 * refused. Managers have no window: of each source the highest `n` is kept, with the ids of that `n`; of the clock, whose
 * moments have no such order (see `checkDue`), the last one.
 */
export type DedupeWindow = {
  readonly newest: Instant
  readonly floor: Instant
  readonly size: number
  readonly buckets: ImmutableMap<number, ImmutableMap<string, SeenCommand>>
  readonly sources: ImmutableMap<string, SeenSource>
}

export type SeenCommand = { readonly fingerprint: string; readonly n: number; readonly summary: RepeatedSummary }

export type SeenSource = { readonly n: number; readonly ids: ImmutableMap<string, SeenCommand> }

/** A command as the window knows it. */
export type CommandIdentity = {
  readonly id: string
  readonly principal: string
  readonly fingerprint: string
  readonly manager?: ManagerSource
}

export type DedupeAnswer =
  | { readonly kind: 'new' }
  /** `firstN` is 0 where a manager's source has moved on, so that what its command came to, if it ever came, is not kept. */
  | { readonly kind: 'repeated'; readonly firstN: number; readonly summary: RepeatedSummary }
  | { readonly kind: 'rejected'; readonly code: CommandErrorCode; readonly detail: Detail }

export const windowMs = 10 * 60_000
export const windowIds = 50_000
export const aheadMs = 60_000
const bucketMs = 5_000

export const emptyWindow: DedupeWindow = {
  newest: 0,
  floor: 0,
  size: 0,
  buckets: ImmutableMap(),
  sources: ImmutableMap(),
}

const bucketOf = (time: Instant): number => Math.floor(time / bucketMs)
const clientKey = (command: CommandIdentity): string => `${command.principal}:${command.id}`
const sourceKey = (source: ManagerSource): string => `${source.name}/${source.partition}`

/** Whether the command is new to the aggregate, by the owner's time `at`. */
export const checkCommand = (window: DedupeWindow, command: CommandIdentity, at: Instant): DedupeAnswer =>
  command.manager ? checkManager(window, command, command.manager) : checkClient(window, command, at)

const checkClient = (window: DedupeWindow, command: CommandIdentity, at: Instant): DedupeAnswer => {
  if (!isUuidv7(command.id)) return { kind: 'rejected', code: 'command.malformed', detail: {} }
  const time = uuidv7Time(command.id)
  if (time < window.floor) return { kind: 'rejected', code: 'command.too_old', detail: { serverTime: at } }
  const seen = window.buckets.get(bucketOf(time))?.get(clientKey(command))
  if (seen) return answerSeen(seen, command)
  if (time > at + aheadMs) return { kind: 'rejected', code: 'command.too_new', detail: { serverTime: at } }
  return { kind: 'new' }
}

const checkManager = (window: DedupeWindow, command: CommandIdentity, manager: ManagerSource): DedupeAnswer => {
  const source = window.sources.get(sourceKey(manager))
  if (!source || manager.n > source.n) return { kind: 'new' }
  if (manager.n < source.n) return { kind: 'repeated', firstN: 0, summary: { kind: 'accepted', summary: {} } }
  const seen = source.ids.get(command.id)
  return seen ? answerSeen(seen, command) : { kind: 'new' }
}

/** The outcome that the window still keeps of a manager's command. */
export const recall = (
  window: DedupeWindow,
  { id, manager }: CommandIdentity & { readonly manager: ManagerSource },
): SeenCommand | undefined => window.sources.get(sourceKey(manager))?.ids.get(id)

const answerSeen = (seen: SeenCommand, command: CommandIdentity): DedupeAnswer =>
  seen.fingerprint === command.fingerprint
    ? { kind: 'repeated', firstN: seen.n, summary: seen.summary }
    : { kind: 'rejected', code: 'command.id_reused', detail: {} }

/**
 * The window after the outcome, a function of the journal record alone: a follower keeps the same ids as the owner.
 * Repetitions are not kept, since the first outcome is; nor are rejections of the id.
 */
export const rememberCommand = (
  window: DedupeWindow,
  command: CommandIdentity,
  n: number,
  outcome: Outcome,
): DedupeWindow => {
  if (outcome.kind === 'repeated' || (outcome.kind === 'rejected' && rejectionsOfTheId.has(outcome.code))) return window
  const seen: SeenCommand = { fingerprint: command.fingerprint, n, summary: summaryOf(outcome) }
  return command.manager
    ? rememberManager(window, command, command.manager, seen)
    : rememberClient(window, command, seen)
}

const rememberManager = (
  window: DedupeWindow,
  command: CommandIdentity,
  manager: ManagerSource,
  seen: SeenCommand,
): DedupeWindow => {
  const key = sourceKey(manager)
  const source = window.sources.get(key)
  const ids = source?.n === manager.n ? source.ids : ImmutableMap<string, SeenCommand>()
  return { ...window, sources: window.sources.set(key, { n: manager.n, ids: ids.set(command.id, seen) }) }
}

const rememberClient = (window: DedupeWindow, command: CommandIdentity, seen: SeenCommand): DedupeWindow => {
  if (!isUuidv7(command.id)) return window
  const key = clientKey(command)
  const time = uuidv7Time(command.id)
  const bucket = bucketOf(time)
  const ids = window.buckets.get(bucket) ?? ImmutableMap<string, SeenCommand>()
  const newest = Math.max(window.newest, time)
  return raiseFloor({
    ...window,
    newest,
    size: window.size + (ids.has(key) ? 0 : 1),
    buckets: window.buckets.set(bucket, ids.set(key, seen)),
  })
}

const raiseFloor = (window: DedupeWindow): DedupeWindow => {
  const floor = Math.max(window.floor, window.newest - windowMs)
  const lowered = bucketOf(floor) > bucketOf(window.floor) ? dropBelow(window, floor) : { ...window, floor }
  return lowered.size > windowIds ? dropOldest(lowered) : lowered
}

const dropBelow = (window: DedupeWindow, floor: Instant): DedupeWindow => {
  const buckets = window.buckets.filter((_, bucket) => bucket >= bucketOf(floor))
  return { ...window, floor, buckets, size: sizeOf(buckets) }
}

const dropOldest = (window: DedupeWindow): DedupeWindow => {
  const oldest = Math.min(...window.buckets.keys())
  return dropBelow(window, (oldest + 1) * bucketMs)
}

const sizeOf = (buckets: DedupeWindow['buckets']): number => buckets.reduce((sum, ids) => sum + ids.size, 0)

/** What a command that comes again is told of its first outcome, at most 256 bytes as JSON; a larger one without its detail. */
export const summaryOf = (outcome: Exclude<Outcome, { kind: 'repeated' }>): RepeatedSummary =>
  outcome.kind === 'accepted'
    ? bounded({ kind: 'accepted', summary: outcome.summary }, { kind: 'accepted', summary: {} })
    : bounded(
        { kind: 'rejected', code: outcome.code, detail: outcome.detail },
        { kind: 'rejected', code: outcome.code, detail: {} },
      )

const summaryBytes = 256

const bounded = (summary: RepeatedSummary, without: RepeatedSummary): RepeatedSummary =>
  Buffer.byteLength(JSON.stringify(summary)) <= summaryBytes ? summary : without

/** The window as plain JSON, for snapshots. */
export type EncodedWindow = {
  readonly newest: Instant
  readonly floor: Instant
  readonly ids: readonly (readonly [key: string, fingerprint: string, n: number, summary: RepeatedSummary])[]
  readonly sources: readonly {
    readonly source: string
    readonly n: number
    readonly ids: readonly (readonly [id: string, fingerprint: string, n: number, summary: RepeatedSummary])[]
  }[]
}

const encodeOne = ([key, { fingerprint, n, summary }]: readonly [
  string,
  SeenCommand,
]): EncodedWindow['ids'][number] => [key, fingerprint, n, summary]

/** Ids in one piece of text, which take a fraction of a ms. */
const pieceIds = 250

/**
 * The window as JSON text of an `EncodedWindow`, in pieces of `pieceIds` at most: that of a busy aggregate takes tens of
 * ms as a whole, in which an owner would decide nothing.
 */
export const encodeWindow = function* (window: DedupeWindow): Generator<string> {
  const { newest, floor } = window
  const sources = [...window.sources].map(([source, { n, ids }]) => ({ source, n, ids: [...ids].map(encodeOne) }))
  yield `${JSON.stringify({ newest, floor, sources }).slice(0, -1)},"ids":[`
  let piece: string[] = []
  let separator = ''
  for (const ids of window.buckets.values())
    for (const entry of ids) {
      piece.push(JSON.stringify(encodeOne(entry)))
      if (piece.length < pieceIds) continue
      yield `${separator}${piece.join(',')}`
      separator = ','
      piece = []
    }
  yield piece.length > 0 ? `${separator}${piece.join(',')}]}` : ']}'
}

const decodeSeen = (ids: EncodedWindow['ids']): ImmutableMap<string, SeenCommand> =>
  ImmutableMap(ids.map(([key, fingerprint, n, summary]) => [key, { fingerprint, n, summary }]))

/** Gives back the window whose encoded text was parsed. */
export const decodeWindow = (encoded: EncodedWindow): DedupeWindow => {
  const byBucket = Map.groupBy(encoded.ids, ([key]) => bucketOf(uuidv7Time(key.slice(-36))))
  return {
    newest: encoded.newest,
    floor: encoded.floor,
    size: encoded.ids.length,
    buckets: ImmutableMap([...byBucket].map(([bucket, ids]) => [bucket, decodeSeen(ids)])),
    sources: ImmutableMap(encoded.sources.map(({ source, n, ids }) => [source, { n, ids: decodeSeen(ids) }])),
  }
}
