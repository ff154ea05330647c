import type { Sightings } from '#libs/addresses/sightings.ts'
import type { RecordAuditRead } from '#libs/contracts/generated/identity.ts'
import type { Caller } from '#libs/http/route.ts'
import type { PersonalKeys } from '#libs/vault/vault.ts'
import type { Asked, AuditRow } from '../queries.ts'

/** What the routes of the audit stand on. */
export type AuditEdge = {
  readonly rows: (asked: Asked) => Promise<readonly AuditRow[]>
  readonly keys: Pick<PersonalKeys, 'prefetch' | 'open'>
  /** How people are called; those erased are called nothing. */
  readonly namesOf: (accountIds: readonly string[]) => Promise<ReadonlyMap<string, { readonly handle: string | null }>>
  /** Has the journal say what somebody reads of the audit; while it cannot, nothing is read. */
  readonly noteRead: (
    reader: { readonly caller: Caller; readonly traceparent: string | undefined },
    read: Omit<RecordAuditRead, 'type'>,
  ) => Promise<void>
  readonly sightings: Pick<Sightings, 'keysOf' | 'accountsAt'>
}
