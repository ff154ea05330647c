import type { Sql } from 'postgres'
import type { AccountReads, AccountView } from './http/edge.ts'

/** An account by its id, erased ones too: with nothing of theirs but the fact. */
export const accountById = async (sql: Sql, accountId: string): Promise<AccountView | undefined> => {
  const [row] = await sql<(Omit<AccountView, 'openedAt'> & { readonly openedAt: string })[]>`
    select account_id::text as "accountId", state, handle, display_name as "displayName", email,
      platform_role as "platformRole", opened_at as "openedAt"
    from readmodel.accounts where account_id = ${accountId}`
  return row && { ...row, openedAt: Number(row.openedAt) }
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
})
