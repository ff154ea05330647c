import type { Sql } from 'postgres'
import type { Codecs } from '#libs/contracts/codecs.ts'
import { codecs } from '#libs/contracts/codecs.ts'
import type { Open } from '#libs/contracts/sealed.ts'
import { eventId } from '#libs/journal/outcome.ts'
import type { PersonalKeys } from '#libs/vault/vault.ts'
import { type AuditedFamily, keyUses } from './audited.ts'

/** Where an entry stands among all: by its time, then by its record. */
export type Place = {
  readonly at: number
  readonly family: AuditedFamily
  readonly partition: number
  readonly n: number
  readonly index: number
}

/** What of the audit is asked for; what is left out does not matter. */
export type Asked = {
  readonly actor?: string | undefined
  readonly target?: string | undefined
  readonly channel?: string | undefined
  readonly kind?: string | undefined
  readonly family?: AuditedFamily | undefined
  /** Who did it or to whom it was done is one of these, or it was done by a stream key. */
  readonly accounts?: readonly string[] | undefined
  /** Not before, and before: milliseconds since 1970. */
  readonly from?: number | undefined
  readonly to?: number | undefined
  /** Only what comes before it. */
  readonly before?: Place | undefined
  readonly limit: number
}

/** A row: the event still as the journal has it. */
export type AuditRow = Place & {
  readonly kind: string
  readonly actor: string
  readonly impersonator: string | null
  readonly target: string | null
  readonly channel: string | null
  readonly commandId: string
  readonly commandType: string
  readonly code: string | null
  readonly eventType: string | null
  readonly eventVersion: number | null
  readonly event: Buffer | null
}

type Found = Omit<AuditRow, 'at' | 'n'> & { readonly at: string; readonly n: string }

/** The latest first. */
export const auditRows = async (sql: Sql, asked: Asked): Promise<readonly AuditRow[]> => {
  const { actor, target, channel, kind, family, accounts, from, to, before, limit } = asked
  const none = sql``
  const rows = await sql<Found[]>`
    select family, partition, n, event_index as index, at, kind, actor, impersonator, target, channel,
      command_id as "commandId", command_type as "commandType", code, event_type as "eventType",
      event_version as "eventVersion", event
    from readmodel.audit where true
      ${actor === undefined ? none : sql`and actor = ${actor}`}
      ${target === undefined ? none : sql`and target = ${target}`}
      ${channel === undefined ? none : sql`and channel = ${channel}`}
      ${kind === undefined ? none : sql`and kind = ${kind}`}
      ${family === undefined ? none : sql`and family = ${family}`}
      ${
        accounts === undefined
          ? none
          : sql`and (actor in (select jsonb_array_elements_text(${sql.json([...accounts])}))
              or target in (select jsonb_array_elements_text(${sql.json([...accounts])}))
              or kind = ${keyUses})`
      }
      ${from === undefined ? none : sql`and at >= ${from}`}
      ${to === undefined ? none : sql`and at < ${to}`}
      ${
        before === undefined
          ? none
          : sql`and (at, family, partition, n, event_index)
              < (${before.at}, ${before.family}, ${before.partition}, ${before.n}, ${before.index})`
      }
    order by at desc, family desc, partition desc, n desc, event_index desc limit ${limit}`
  return rows.map((row) => ({ ...row, at: Number(row.at), n: Number(row.n) }))
}

/** What an event says besides whom it is about, with what people wrote opened; null where it cannot be opened any more. */
export type Details = Readonly<Record<string, unknown>>

/** What is told of long lists. */
const SHOWN = 20

/** Keys are HMACs, of use to the platform alone. */
const isShown = (name: string): boolean => name !== 'type' && !/Keys?$/.test(name)

const shownValue = (value: unknown): unknown => {
  if (value === undefined || Buffer.isBuffer(value)) return null
  return Array.isArray(value) ? value.slice(0, SHOWN) : value
}

type AnyEvent = { readonly type: string }
type AnyCodecs = Pick<Codecs<AnyEvent, AnyEvent>, 'decodeEvent' | 'openEvent' | 'subjectsOf'>

/** Opens the events of rows, fetching all the keys that it takes at once. */
export const openRows = async (
  rows: readonly AuditRow[],
  keys: Pick<PersonalKeys, 'prefetch' | 'open'>,
): Promise<readonly (AuditRow & { readonly details: Details })[]> => {
  const decoded = rows.map((row) => {
    const own = codecs[row.family] as unknown as AnyCodecs
    const { eventType: type, eventVersion: version, event: bytes } = row
    const event = type && version && bytes ? own.decodeEvent({ type, version, bytes }) : undefined
    return { row, own, event }
  })
  await keys.prefetch(new Set(decoded.flatMap(({ own, event }) => (event ? own.subjectsOf(event) : []))))
  const open: Open = (...field) => keys.open(...field)
  return decoded.map(({ row, own, event }) => {
    const opened = event ? own.openEvent(event, eventId(row.commandId, row.index), open) : {}
    const details = Object.entries(opened).filter(([name]) => isShown(name))
    return { ...row, details: Object.fromEntries(details.map(([name, value]) => [name, shownValue(value)])) }
  })
}
