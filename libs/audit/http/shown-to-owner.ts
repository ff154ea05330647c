import { isPerson } from '#libs/access/principal.ts'
import { timestamp } from '#libs/http/ids.ts'
import type { AuditRow, Details } from '../queries.ts'

type OpenedRow = AuditRow & { readonly details: Details }

const byWhom = ({ actor, target, impersonator }: AuditRow): 'you' | 'staff' | 'platform' => {
  if (impersonator !== null) return 'staff'
  if (actor === target) return 'you'
  return isPerson(actor) ? 'staff' : 'platform'
}

/** Ids of staff stay with staff. */
const hidden: ReadonlySet<string> = new Set(['accountId', 'actor', 'impersonator'])

const without = (names: ReadonlySet<string>, details: Details): Record<string, unknown> =>
  Object.fromEntries(Object.entries(details).filter(([name]) => !names.has(name)))

/** What happened to an account, as its owner is told it. */
export const shownToOwner = (row: OpenedRow) => ({
  at: timestamp(row.at),
  kind: row.kind,
  by: byWhom(row),
  asYou: row.impersonator !== null,
  details: without(hidden, row.details),
})

/** What somebody did, as they are told it themselves. */
export const shownToActor = (row: OpenedRow) => ({
  at: timestamp(row.at),
  kind: row.kind,
  to: row.target,
  channel: row.channel,
  wasDoneByStaff: row.impersonator !== null,
  refused: row.code,
  details: row.details,
})
