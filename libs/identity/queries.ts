import type { Sql } from 'postgres'
import type { AccountView } from './account-view.ts'
import type { AccountReads, Block, FormerHandle, Holder, Names } from './http/edge.ts'

type AccountRow = Omit<AccountView, 'openedAt' | 'handleChangedAt' | 'eraseAt'> & {
  readonly openedAt: string
  readonly handleChangedAt: string | null
  readonly eraseAt: string | null
}

const columns = (sql: Sql) => sql`
  account_id::text as "accountId", state, handle, display_name as "displayName", email,
  email_verified as "emailVerified", email_revision as "emailRevision",
  platform_role as "platformRole", colour, bio, avatar, terms_version as "termsVersion", handle_key as "handleKey",
  handle_changed_at as "handleChangedAt", erase_at as "eraseAt", opened_at as "openedAt"`

const numberOf = (text: string | null): number | null => (text === null ? null : Number(text))

const viewOf = (row: AccountRow): AccountView => ({
  ...row,
  openedAt: Number(row.openedAt),
  handleChangedAt: numberOf(row.handleChangedAt),
  eraseAt: numberOf(row.eraseAt),
})

/** An account by its id, erased ones too: with nothing of theirs but the fact. */
export const accountById = async (sql: Sql, accountId: string): Promise<AccountView | undefined> => {
  const [row] = await sql<AccountRow[]>`select ${columns(sql)} from readmodel.accounts where account_id = ${accountId}`
  return row && viewOf(row)
}

/** Whoever shares an address with more accounts than this hears of the first alone. */
const maxOfAddress = 5

/** Open accounts with an address, in whatever case it is written. The index holds no address in clear: only vacuums clean it. */
export const accountsWithEmail = async (sql: Sql, email: string): Promise<readonly AccountView[]> => {
  const rows = await sql<AccountRow[]>`
    select ${columns(sql)} from readmodel.accounts
    where md5(lower(email)) = md5(lower(${email})) and lower(email) = lower(${email}) and state = 'open' order by account_id limit ${maxOfAddress}`
  return rows.map(viewOf)
}

/** Who holds a handle, by its keyed hash; the account or channel itself may still be on its way. */
export const handleHolder = async (sql: Sql, handleHash: string): Promise<Holder | undefined> => {
  const [row] = await sql<(Omit<Holder, 'retiredUntil'> & { readonly retiredUntil: string | null })[]>`
    select holder_kind as kind, holder_id::text as id, retired_until as "retiredUntil"
    from readmodel.handles where handle_hash = ${handleHash}`
  return row && { ...row, retiredUntil: numberOf(row.retiredUntil) }
}

/** The handles of an account, the newest first. */
export const handlesOf = async (sql: Sql, accountId: string): Promise<readonly FormerHandle[]> => {
  const rows = await sql<{ readonly handle: string; readonly since: string; readonly until: string | null }[]>`
    select handle, since, until from readmodel.handle_history
    where account_id = ${accountId} order by since desc limit 200`
  return rows.map(({ handle, since, until }) => ({ handle, since: Number(since), until: numberOf(until) }))
}

/** Whom an account blocks, the latest first; as many as an account may block. */
export const blocksOf = async (sql: Sql, accountId: string): Promise<readonly Block[]> => {
  const rows = await sql<{ readonly id: string; readonly at: string }[]>`
    select blocked_id::text as id, blocked_at as at from readmodel.blocks
    where account_id = ${accountId} order by blocked_at desc, blocked_id limit 1000`
  return rows.map(({ id, at }) => ({ id, at: Number(at) }))
}

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
  handlesOf: (accountId) => handlesOf(sql, accountId),
  blocksOf: (accountId) => blocksOf(sql, accountId),
  namesOf: (accountIds) => accountNames(sql, accountIds),
})
