import type { Sql } from 'postgres'
import type { AccountReads, AccountView } from './http/edge.ts'

type AccountRow = Omit<AccountView, 'openedAt'> & { readonly openedAt: string }

const columns = (sql: Sql) => sql`
  account_id::text as "accountId", state, handle, display_name as "displayName", email,
  email_verified as "emailVerified", email_revision as "emailRevision",
  platform_role as "platformRole", opened_at as "openedAt"`

const viewOf = (row: AccountRow): AccountView => ({ ...row, openedAt: Number(row.openedAt) })

/** An account by its id, erased ones too: with nothing of theirs but the fact. */
export const accountById = async (sql: Sql, accountId: string): Promise<AccountView | undefined> => {
  const [row] = await sql<AccountRow[]>`select ${columns(sql)} from readmodel.accounts where account_id = ${accountId}`
  return row && viewOf(row)
}

/** Whoever shares an address with more accounts than this hears of the first alone. */
const maxOfAddress = 5

/** Open accounts with an address, in whatever case it is written. */
export const accountsWithEmail = async (sql: Sql, email: string): Promise<readonly AccountView[]> => {
  const rows = await sql<AccountRow[]>`
    select ${columns(sql)} from readmodel.accounts
    where lower(email) = lower(${email}) and state = 'open' order by account_id limit ${maxOfAddress}`
  return rows.map(viewOf)
}

/** Who holds a handle, by its keyed hash; the account or channel itself may still be on its way. */
export const handleHolder = async (
  sql: Sql,
  handleHash: string,
): Promise<{ readonly kind: 'account' | 'channel'; readonly id: string } | undefined> => {
  const [row] = await sql<{ kind: 'account' | 'channel'; id: string }[]>`
    select holder_kind as kind, holder_id::text as id from readmodel.handles where handle_hash = ${handleHash}`
  return row && { ...row }
}

/** How somebody is called; both null once they are erased. */
export type Names = { readonly handle: string | null; readonly displayName: string | null }

/** The names of many accounts by id; those that are not there are not in the answer. */
export const accountNames = async (sql: Sql, accountIds: readonly string[]): Promise<ReadonlyMap<string, Names>> => {
  if (accountIds.length === 0) return new Map()
  const rows = await sql<(Names & { readonly accountId: string })[]>`
    select account_id::text as "accountId", handle, display_name as "displayName"
    from readmodel.accounts
    where account_id in (select jsonb_array_elements_text(${sql.json([...accountIds])})::bigint)`
  return new Map(rows.map(({ accountId, ...names }) => [accountId, names]))
}

/** What the routes of accounts read. */
export const accountReads = (sql: Sql): AccountReads => ({
  account: (accountId) => accountById(sql, accountId),
  holder: (handleHash) => handleHolder(sql, handleHash),
  withEmail: (email) => accountsWithEmail(sql, email),
})
