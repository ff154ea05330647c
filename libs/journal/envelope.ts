import avro from 'avsc'
import { avroBytes } from '#libs/contracts/avro-bytes.ts'
import { readSchema } from '#libs/contracts/schema.ts'
import type { CommandEnvelope, ManagerSource, ReceivedCommand } from './command.ts'
import type { Family } from './families.ts'
import type { NewRecord, Offset, RecordHeaders, StoredRecord } from './log.ts'
import type { Detail, EncodedEvent, Outcome, OutcomeRecord, RepeatedSummary } from './outcome.ts'

/**
 * The envelopes around commands and journal records. A value is one byte with the envelope's version, then Avro; in a
 * journal that Avro is the union of claim, outcome and attempt. Trace context travels in the record's headers.
 */

/** Commands that had gone from their topic before anyone decided them: `from` inclusive, `to` exclusive. */
export type CommandRange = { readonly from: Offset; readonly to: Offset }

export type ClaimEntry = {
  readonly kind: 'claim'
  readonly nonce: string
  readonly owner: string
  readonly stateVersion: number
  readonly logId: string
  readonly partitions: number
  readonly agedOut?: CommandRange
}

export type AttemptEntry = {
  readonly kind: 'attempt'
  readonly claim: Offset
  readonly n: number
  readonly commandOffset: Offset
  readonly commandId: string
  readonly attempt: number
}

/** What a reader is handed of an outcome, less the place where it was read. */
export type OutcomeEntry = { readonly kind: 'outcome' } & Omit<OutcomeRecord, 'family' | 'partition' | 'offset'>

/** Bytes that are no record of this journal: void, wherever they came from. */
export type UnreadableEntry = { readonly kind: 'unreadable' }

export type WrittenEntry = ClaimEntry | AttemptEntry | OutcomeEntry
export type JournalEntry = WrittenEntry | UnreadableEntry

/** A newer release wrote this: who cannot read a partition gives it up, rather than take its records for void. */
export class EnvelopeVersionUnknown extends Error {
  readonly code = 'journal.version_unknown'
  readonly version: number
  constructor(version: number) {
    super(`cannot read version ${version} of the envelope`)
    this.version = version
  }
}

const version = 1

/** Bytes that later releases may begin with; anything beyond is no envelope at all. */
const lastVersion = 15

/** @throws EnvelopeVersionUnknown */
const readable = (bytes: Buffer): boolean => {
  const first = bytes[0] ?? 0
  if (first > version && first <= lastVersion) throw new EnvelopeVersionUnknown(first)
  return first === version
}

const schemaOf = (name: string): avro.Type => avro.Type.forSchema(readSchema(`journal/${name}`) as avro.Schema)

const commandType = schemaOf('Command.v1')
/** In the order of the union's branches, which is part of the format. */
const entryTypes = [schemaOf('Claim.v1'), schemaOf('Outcome.v1'), schemaOf('Attempt.v1')] as const
const entryKinds = ['claim', 'outcome', 'attempt'] as const

/** What is no matter of the rules: the trace, and who of staff acts as the principal. */
const headersOf = (value: Pick<ReceivedCommand, 'traceparent' | 'correlation' | 'impersonator'>): RecordHeaders => ({
  ...(value.traceparent !== undefined && { traceparent: value.traceparent }),
  ...(value.correlation !== undefined && { correlation: value.correlation }),
  ...(value.impersonator !== undefined && { impersonator: value.impersonator }),
})

/** Drops a property rather than set it to undefined, so that what is decoded equals what was encoded. */
const present = <Name extends string, Value>(name: Name, value: Value | null | undefined) =>
  (value === null || value === undefined ? {} : { [name]: value }) as { readonly [Key in Name]?: Value }

/** A command that would be read back as another: it is refused before anything is written. */
export class CommandUnencodable extends Error {
  readonly code = 'command.malformed'
}

/** Who reads an Avro map sets this name on an object as any other; what it does there is not to add a property. */
const unreadableFact = '__proto__'

/** The record of a command, for the partition of its key. @throws CommandUnencodable */
export const encodeCommandRecord = (
  command: CommandEnvelope & Pick<ReceivedCommand, 'key' | 'traceparent' | 'correlation' | 'impersonator'>,
): NewRecord => {
  if (Object.hasOwn(command.facts, unreadableFact))
    throw new CommandUnencodable(`no fact can be named ${unreadableFact}`)
  return {
    key: Buffer.from(command.key),
    value: avroBytes(
      commandType,
      {
        ...command,
        expiresAt: command.expiresAt ?? null,
        manager: command.manager ?? null,
        expectedVersion: command.expectedVersion ?? null,
      },
      [version],
    ),
    headers: headersOf(command),
  }
}

type CommandFields = Omit<CommandEnvelope, 'expiresAt' | 'manager' | 'expectedVersion'> & {
  readonly expiresAt: number | null
  readonly manager: ManagerSource | null
  readonly expectedVersion: number | null
}

/** A command as read; undefined where the bytes are none. @throws EnvelopeVersionUnknown */
export const decodeCommandRecord = (record: StoredRecord): ReceivedCommand | undefined => {
  const fields = readable(record.value) && decoded<CommandFields>(commandType, record.value, 1)
  if (!fields) return undefined
  return {
    key: record.key?.toString() ?? '',
    offset: record.offset,
    id: fields.id,
    principal: fields.principal,
    type: fields.type,
    version: fields.version,
    payload: fields.payload,
    facts: { ...fields.facts },
    ...present('expiresAt', fields.expiresAt),
    ...present('manager', plainSource(fields.manager)),
    ...present('expectedVersion', fields.expectedVersion),
    origin: fields.origin,
    ...present('traceparent', record.headers.traceparent),
    ...present('correlation', record.headers.correlation),
    ...present('impersonator', record.headers.impersonator),
  }
}

/** The record of a claim, an attempt or an outcome. */
export const encodeEntry = (entry: WrittenEntry): NewRecord => {
  switch (entry.kind) {
    case 'claim':
      return { key: null, value: framedEntry(0, { ...entry, agedOut: entry.agedOut ?? null }), headers: {} }
    case 'outcome':
      return {
        key: Buffer.from(entry.key),
        value: framedEntry(1, { ...entry, manager: entry.manager ?? null, outcome: outcomeFields(entry.outcome) }),
        headers: headersOf(entry),
      }
    case 'attempt':
      return { key: null, value: framedEntry(2, entry), headers: {} }
  }
}

const framedEntry = (branch: 0 | 1 | 2, value: unknown): Buffer =>
  // A union's branch is an Avro int: 0, 1 and 2 are one byte each, twice their value.
  avroBytes(entryTypes[branch], value, [version, branch * 2])

const outcomeFields = (outcome: Outcome): unknown => {
  switch (outcome.kind) {
    case 'accepted':
      return {
        'whiply.journal.Accepted': { events: outcome.events, summary: JSON.stringify(outcome.summary) },
      }
    case 'rejected':
      return { 'whiply.journal.Rejected': { code: outcome.code, detail: JSON.stringify(outcome.detail) } }
    case 'repeated':
      return { 'whiply.journal.Repeated': { firstN: outcome.firstN, summary: JSON.stringify(outcome.summary) } }
  }
}

type ClaimFields = Omit<ClaimEntry, 'agedOut'> & { readonly agedOut: CommandRange | null }

type OutcomeFields = Omit<OutcomeEntry, 'outcome' | 'manager'> & {
  readonly manager: ManagerSource | null
  readonly outcome: {
    readonly 'whiply.journal.Accepted'?: { readonly events: readonly EncodedEvent[]; readonly summary: string }
    readonly 'whiply.journal.Rejected'?: { readonly code: string; readonly detail: string }
    readonly 'whiply.journal.Repeated'?: { readonly firstN: number; readonly summary: string }
  }
}

/** A journal record as read. Bytes that are none are `unreadable`, which is void. @throws EnvelopeVersionUnknown */
export const decodeEntry = (record: StoredRecord): JournalEntry => {
  const branch = (record.value[1] ?? 1) / 2
  const type = entryTypes[branch]
  const fields = readable(record.value) && type && decoded<unknown>(type, record.value, 2)
  if (!fields) return unreadable
  switch (entryKinds[branch]) {
    case 'claim':
      return claimEntry(fields as ClaimFields)
    case 'attempt':
      return { ...(fields as AttemptEntry), kind: 'attempt' }
    default:
      return outcomeEntry(fields as OutcomeFields, record) ?? unreadable
  }
}

const unreadable: UnreadableEntry = { kind: 'unreadable' }

const claimEntry = (fields: ClaimFields): ClaimEntry => ({
  kind: 'claim',
  nonce: fields.nonce,
  owner: fields.owner,
  stateVersion: fields.stateVersion,
  logId: fields.logId,
  partitions: fields.partitions,
  ...present('agedOut', fields.agedOut && { from: fields.agedOut.from, to: fields.agedOut.to }),
})

const outcomeEntry = (fields: OutcomeFields, record: StoredRecord): OutcomeEntry | undefined => {
  const outcome = outcomeOf(fields.outcome)
  return outcome && { ...outcomeHead(fields, record), outcome }
}

const outcomeHead = (fields: OutcomeFields, record: StoredRecord): Omit<OutcomeEntry, 'outcome'> => ({
  kind: 'outcome',
  claim: fields.claim,
  n: fields.n,
  at: fields.at,
  key: record.key?.toString() ?? '',
  commandOffset: fields.commandOffset,
  commandId: fields.commandId,
  commandType: fields.commandType,
  principal: fields.principal,
  origin: fields.origin,
  stateVersion: fields.stateVersion,
  fingerprint: fields.fingerprint,
  ...present('manager', plainSource(fields.manager)),
  ...present('traceparent', record.headers.traceparent),
  ...present('correlation', record.headers.correlation),
  ...present('impersonator', record.headers.impersonator),
})

const outcomeOf = (fields: OutcomeFields['outcome']): Outcome | undefined => {
  const accepted = fields['whiply.journal.Accepted']
  if (accepted) {
    const events = accepted.events.map(({ type, version, bytes }) => ({ type, version, bytes }))
    const summary = json<Detail>(accepted.summary)
    return summary && { kind: 'accepted', events, summary }
  }
  const rejected = fields['whiply.journal.Rejected']
  if (rejected) {
    const detail = json<Detail>(rejected.detail)
    return detail && { kind: 'rejected', code: rejected.code, detail }
  }
  const repeated = fields['whiply.journal.Repeated']
  const summary = json<RepeatedSummary>(repeated?.summary ?? '')
  return summary && { kind: 'repeated', firstN: repeated?.firstN ?? 0, summary }
}

const json = <Value extends object>(text: string): Value | undefined => {
  if (text === '{}') return {} as Value
  try {
    return JSON.parse(text) as Value
  } catch {
    return undefined
  }
}

const plainSource = (source: ManagerSource | null): ManagerSource | null =>
  source && { name: source.name, partition: source.partition, n: source.n }

/** Undefined unless the bytes are one value of the type, to their end. */
const decoded = <Fields>(type: avro.Type, bytes: Buffer, from: number): Fields | undefined => {
  try {
    const { value, offset } = type.decode(bytes, from)
    return offset === bytes.length ? (value as Fields) : undefined
  } catch {
    return undefined
  }
}

/** A valid outcome as every reader hands it on. */
export const outcomeRecord = (
  family: Family,
  partition: number,
  offset: Offset,
  { kind: _, ...entry }: OutcomeEntry,
): OutcomeRecord => ({ family, partition, offset, ...entry })
