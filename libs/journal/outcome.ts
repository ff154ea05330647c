import type { ManagerSource } from './command.ts'
import type { Family } from './families.ts'
import type { Instant, Offset } from './log.ts'

/** An event as bytes: Avro of the schema compiled in for (type, version). */
export type EncodedEvent = { readonly type: string; readonly version: number; readonly bytes: Buffer }

/** What a command came to (I2). `detail` and `summary` are small JSON objects without personal text. */
export type Outcome =
  | { readonly kind: 'accepted'; readonly events: readonly EncodedEvent[]; readonly summary: Detail }
  | { readonly kind: 'rejected'; readonly code: string; readonly detail: Detail }
  | { readonly kind: 'repeated'; readonly firstN: number; readonly summary: RepeatedSummary }

export type Detail = Readonly<Record<string, string | number | boolean>>

/** What the first outcome was, at most 256 bytes as JSON. */
export type RepeatedSummary =
  | { readonly kind: 'accepted'; readonly summary: Detail }
  | { readonly kind: 'rejected'; readonly code: string; readonly detail: Detail }

/**
 * What the sender of a command is told that it came to. Where the summary of an accepted one names a code as `refused`,
 * it is told as that rejection: something has happened (a rule timed the author out), but not what was asked for.
 */
export const answerOf = (outcome: Outcome): RepeatedSummary => {
  const first = outcome.kind === 'repeated' ? outcome.summary : outcome
  if (first.kind === 'rejected') return first
  const { refused, ...detail } = first.summary
  return typeof refused === 'string' ? { kind: 'rejected', code: refused, detail } : first
}

/** A valid outcome record of a journal, as every reader sees it. */
export type OutcomeRecord = {
  readonly family: Family
  readonly partition: number
  readonly offset: Offset
  readonly claim: Offset
  /** Gap-free in the partition. */
  readonly n: number
  /** Aggregate key. */
  readonly key: string
  readonly at: Instant
  readonly commandOffset: Offset
  readonly commandId: string
  readonly commandType: string
  readonly principal: string
  readonly origin: string
  readonly stateVersion: number
  /** Keyed hash of the command's type and payload: the same id with another one is refused (I7). */
  readonly fingerprint: string
  /** For a manager's command: where it came from. */
  readonly manager?: ManagerSource
  readonly outcome: Outcome
  readonly traceparent?: string
  readonly correlation?: string
  /** The account of staff that acted as the principal. */
  readonly impersonator?: string
}

/** A place in a journal partition that can be checked (I3). */
export type Position = {
  readonly logId: string
  /** Of the last record that counted, a claim or a valid one: void ones behind it are read again. -1 before the first. */
  readonly offset: Offset
  /** The latest claim at that place (its own offset, where the record is a claim), -1 where there is none. */
  readonly claim: Offset
  /** `n` of the last valid record, 0 where there is none. */
  readonly n: number
}

/**
 * An event's id: what its sealed fields are bound to, and what a copy names as its origin.
 * A message's id is the id of the command that posted it.
 */
export const eventId = (commandId: string, index: number): string => `${commandId}/${index}`

/** The token that a query's `min-position` takes: `<family>.<partition>.<n>`. */
export const positionToken = (record: Pick<OutcomeRecord, 'family' | 'partition' | 'n'>): string =>
  `${record.family}.${record.partition}.${record.n}`
