import { z } from 'zod'
import { isPerson } from '#libs/access/principal.ts'
import { NumericId, Timestamp, timestamp } from '#libs/http/ids.ts'
import { auditedFamilies } from '../audited.ts'
import { type AuditRow, type Details, openRows, type Place } from '../queries.ts'
import type { AuditEdge } from './edge.ts'

const Person = z.strictObject({ id: NumericId, handle: z.string().nullable() })

export const AuditEntry = z
  .strictObject({
    id: z.string().meta({ description: 'For `before`', examples: ['1790000000000.account.2.17.0'] }),
    at: Timestamp,
    kind: z.string().meta({ examples: ['account.account_suspended', 'channel.ban_member'] }),
    actor: z.string().meta({ description: 'Who did it: the id of an account, or a part of the platform' }),
    actorHandle: z.string().nullable(),
    impersonator: Person.nullable().meta({ description: 'Who of staff acted as the actor' }),
    target: Person.nullable().meta({ description: 'To whom it was done' }),
    channel: NumericId.nullable(),
    command: z.strictObject({ id: z.string(), type: z.string() }),
    code: z.string().nullable().meta({ description: 'Of what was refused' }),
    details: z.record(z.string(), z.unknown()).meta({ description: 'What people wrote is null once they are erased' }),
  })
  .meta({ id: 'AuditEntry' })

export type ShownEntry = z.input<typeof AuditEntry>

/** As text, from which it is read back. */
export const placeText = ({ at, family, partition, n, index }: Place): string =>
  [at, family, partition, n, index].join('.')

const place = new RegExp(`^(\\d{1,15})\\.(${auditedFamilies.join('|')})\\.(\\d{1,5})\\.(\\d{1,15})\\.(-1|\\d{1,5})$`)

/** An entry's id, from text in the query. */
export const PlaceText = z
  .string()
  .regex(place)
  .transform((text): Place => {
    const [, at, family, partition, n, index] = place.exec(text) ?? []
    const known = auditedFamilies.find((each) => each === family) ?? 'account'
    return { at: Number(at), family: known, partition: Number(partition), n: Number(n), index: Number(index) }
  })

const peopleIn = (rows: readonly AuditRow[]): readonly string[] => [
  ...new Set(
    rows.flatMap(({ actor, target, impersonator }) => [actor, target, impersonator]).filter((id) => id !== null),
  ),
]

const shown = (
  row: AuditRow & { readonly details: Details },
  person: (id: string | null) => z.input<typeof Person> | null,
): ShownEntry => ({
  id: placeText(row),
  at: timestamp(row.at),
  kind: row.kind,
  actor: row.actor,
  actorHandle: person(row.actor)?.handle ?? null,
  impersonator: person(row.impersonator),
  target: person(row.target),
  channel: row.channel,
  command: { id: row.commandId, type: row.commandType },
  code: row.code,
  details: row.details,
})

/** As `AuditEntry` has them: opened, and with how people are called now. */
export const shownEntries = async (
  { keys, namesOf }: Pick<AuditEdge, 'keys' | 'namesOf'>,
  rows: readonly AuditRow[],
): Promise<readonly ShownEntry[]> => {
  const [opened, names] = await Promise.all([openRows(rows, keys), namesOf(peopleIn(rows).filter(isPerson))])
  const person = (id: string | null) => (id === null ? null : { id, handle: names.get(id)?.handle ?? null })
  return opened.map((row) => shown(row, person))
}
