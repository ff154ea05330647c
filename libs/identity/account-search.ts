import type { Sql } from 'postgres'
import type { PlatformRole } from '#libs/access/platform.ts'
import { literally } from '#libs/postgres/like.ts'
import type { AccountView } from './account-view.ts'
import { FOR_GOOD } from './projections/suspensions.ts'

/** What accounts are looked for by; what is left out does not matter. */
export type AccountsAsked = {
  /** The beginning of a handle, without case. */
  readonly handle?: string | undefined
  /** The whole address, without case. */
  readonly email?: string | undefined
  /** Only these. */
  readonly ids?: readonly string[] | undefined
  readonly state?: 'open' | 'deactivated' | 'erased' | 'suspended' | undefined
  readonly role?: PlatformRole | undefined
  /** Opened not before, and before: milliseconds since 1970. */
  readonly from?: number | undefined
  readonly to?: number | undefined
  /** The id of an account: only those behind it. */
  readonly after?: string | undefined
  readonly limit: number
  /** For whether a suspension is over. */
  readonly at: number
}

/** An account as staff see it. */
export type FoundAccount = Pick<
  AccountView,
  'accountId' | 'state' | 'handle' | 'displayName' | 'email' | 'emailVerified' | 'platformRole' | 'openedAt' | 'eraseAt'
> & {
  /** Whether it is suspended now, and until when; null for good. */
  readonly suspended: { readonly until: number | null } | null
}

type Row = Omit<FoundAccount, 'openedAt' | 'eraseAt' | 'suspended'> & {
  readonly openedAt: string
  readonly eraseAt: string | null
  readonly suspendedUntil: string | null
}

const suspensionOf = (text: string | null, at: number): FoundAccount['suspended'] => {
  const until = text === null ? 0 : Number(text)
  return until > at ? { until: until === FOR_GOOD ? null : until } : null
}

/** Accounts in the order of their ids, which is that in which they were made. */
export const searchAccounts = async (sql: Sql, asked: AccountsAsked): Promise<readonly FoundAccount[]> => {
  const { handle, email, ids, state, role, from, to, after, limit, at } = asked
  const none = sql``
  const rows = await sql<Row[]>`
    select account_id::text as "accountId", state, handle, display_name as "displayName", email,
      email_verified as "emailVerified", platform_role as "platformRole", opened_at as "openedAt", erase_at as "eraseAt",
      suspended_until as "suspendedUntil"
    from readmodel.accounts where true
      ${handle === undefined ? none : sql`and lower(handle) like ${`${literally(handle.toLowerCase())}%`}`}
      ${email === undefined ? none : sql`and md5(lower(email)) = md5(lower(${email})) and lower(email) = lower(${email})`}
      ${ids === undefined ? none : sql`and account_id in (select jsonb_array_elements_text(${sql.json([...ids])})::bigint)`}
      ${state === undefined || state === 'suspended' ? none : sql`and state = ${state}`}
      ${state === 'suspended' ? sql`and suspended_until > ${at}` : none}
      ${role === undefined ? none : sql`and platform_role = ${role}`}
      ${from === undefined ? none : sql`and opened_at >= ${from}`}
      ${to === undefined ? none : sql`and opened_at < ${to}`}
      ${after === undefined ? none : sql`and account_id > ${after}`}
    order by account_id limit ${limit}`
  return rows.map(({ openedAt, eraseAt, suspendedUntil, ...row }) => ({
    ...row,
    openedAt: Number(openedAt),
    eraseAt: eraseAt === null ? null : Number(eraseAt),
    suspended: suspensionOf(suspendedUntil, at),
  }))
}
