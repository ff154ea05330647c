import type { TransactionSql } from 'postgres'
import { codecs } from '#libs/contracts/codecs.ts'
import type { IdentityEvent } from '#libs/contracts/generated/identity.ts'
import { type ReaderKeys, vacuumedSoon } from '#libs/readmodel/erased.ts'
import { eventsIn, type Happened, hasEvent, storable } from '#libs/readmodel/events.ts'
import type { Projection } from '#libs/readmodel/projection.ts'
import { applyOwnChanges, ownChangeTypes, ownHashed, ownTables } from './own-changes.ts'
import { applySuspensions, suspensionTypes } from './suspensions.ts'

const tables = `
create table accounts (
  account_id bigint primary key,
  state text not null,
  handle text,
  display_name text,
  email text,
  email_verified boolean not null,
  email_revision int not null,
  platform_role text not null,
  colour text,
  bio text,
  avatar text,
  terms_version text,
  handle_key text,
  handle_changed_at bigint,
  erase_at bigint,
  opened_at bigint not null,
  suspended_until bigint,
  n bigint not null
) ${vacuumedSoon};
create index accounts_email on accounts (md5(lower(email)));
create table handles (
  handle_hash text primary key,
  holder_kind text not null,
  holder_id bigint not null,
  retired_until bigint,
  n bigint not null
);
create index handles_holder on handles (holder_id);
${ownTables}`

const types = [
  'HandleClaimed',
  'HandleTaken',
  'HandleRetired',
  'HandleReleased',
  'AccountOpened',
  'PlatformRoleAssigned',
  ...suspensionTypes,
  ...ownChangeTypes,
  'AccountErased',
] as const
type Relevant = Extract<IdentityEvent, { readonly type: (typeof types)[number] }>

type AccountRow = {
  readonly account_id: string
  readonly state: 'open' | 'erased'
  readonly handle: string | null
  readonly display_name: string | null
  readonly email: string | null
  readonly platform_role: string
  readonly terms_version: string | null
  readonly handle_key: string | null
  readonly opened_at: number
  readonly n: number
}

type HandleRow = {
  readonly handle_hash: string
  readonly holder_kind: string | null
  readonly holder_id: string
  readonly retired_until: number | null
  readonly n: number
}

/** What holds it is as it was. */
const unchanged = 'unchanged'

/** What a record says of its handle; without a kind it is free again. */
const wordOn = (event: Relevant): Omit<HandleRow, 'handle_hash' | 'n'> | undefined => {
  switch (event.type) {
    case 'HandleClaimed':
      return { holder_kind: event.holderKind, holder_id: event.holderId, retired_until: null }
    case 'HandleTaken':
      return { holder_kind: 'account', holder_id: event.holderId, retired_until: null }
    case 'HandleRetired':
      return { holder_kind: unchanged, holder_id: event.holderId, retired_until: event.until }
    case 'HandleReleased':
      return { holder_kind: null, holder_id: event.holderId, retired_until: null }
    default:
      return undefined
  }
}

/** The last word on each handle. */
const handleRows = (happened: readonly Happened<Relevant>[]): readonly HandleRow[] => {
  const rows = new Map<string, HandleRow>()
  for (const { record, event } of happened) {
    const word = wordOn(event)
    if (!word) continue
    const holder_kind =
      word.holder_kind === unchanged ? (rows.get(record.key)?.holder_kind ?? unchanged) : word.holder_kind
    rows.set(record.key, { handle_hash: record.key, n: record.n, ...word, holder_kind })
  }
  return [...rows.values()]
}

const changeHandles = async (sql: TransactionSql, rows: readonly HandleRow[]): Promise<void> => {
  const json = sql.json([...rows])
  await sql`
    delete from handles using jsonb_to_recordset(${json}) as free (handle_hash text, holder_kind text)
    where free.holder_kind is null and handles.handle_hash = free.handle_hash`
  await sql`
    insert into handles (handle_hash, holder_kind, holder_id, retired_until, n)
    select handle_hash, holder_kind, holder_id, retired_until, n
    from jsonb_to_recordset(${json})
      as held (handle_hash text, holder_kind text, holder_id bigint, retired_until bigint, n bigint)
    where holder_kind is not null
    on conflict (handle_hash) do update
      set holder_kind = case excluded.holder_kind when ${unchanged} then handles.holder_kind else excluded.holder_kind end,
        holder_id = excluded.holder_id, retired_until = excluded.retired_until,
        n = excluded.n`
}

const openedRows = async (
  keys: ReaderKeys,
  happened: readonly Happened<Relevant>[],
): Promise<readonly AccountRow[]> => {
  const opened = happened.filter(({ event }) => event.type === 'AccountOpened')
  await keys.prefetch(new Set(opened.flatMap(({ event }) => codecs.account.subjectsOf(event))))
  return opened.flatMap(({ record, eventId, event }): AccountRow[] => {
    const account = codecs.account.openEvent(event, eventId, keys.open)
    if (account.type !== 'AccountOpened') return []
    return [
      {
        account_id: account.accountId,
        state: 'open',
        handle: storable(account.handle),
        display_name: storable(account.displayName),
        email: storable(account.email),
        platform_role: account.platformRole,
        terms_version: account.termsVersion,
        handle_key: account.handleKey,
        opened_at: account.createdAt ?? record.at,
        n: record.n,
      },
    ]
  })
}

const insertAccounts = async (sql: TransactionSql, rows: readonly AccountRow[]): Promise<void> => {
  const json = sql.json([...rows])
  await sql`
    insert into accounts (
      account_id, state, handle, display_name, email, email_verified, email_revision, platform_role, terms_version,
      handle_key, opened_at, n)
    select account_id, state, handle, display_name, email, false, 0, platform_role, terms_version, handle_key, opened_at, n
    from jsonb_to_recordset(${json}) as opened (
      account_id bigint, state text, handle text, display_name text, email text, platform_role text, terms_version text,
      handle_key text, opened_at bigint, n bigint)`
  await sql`
    insert into handle_history (account_id, since, handle, n)
    select account_id, opened_at, handle, n
    from jsonb_to_recordset(${json}) as opened (account_id bigint, opened_at bigint, handle text, n bigint)
    where handle is not null`
}

/** The last word on each account's role. */
const assignRoles = async (sql: TransactionSql, happened: readonly Happened<Relevant>[]): Promise<void> => {
  const last = new Map(
    happened.flatMap(({ record: { n }, event }) =>
      event.type === 'PlatformRoleAssigned'
        ? [[event.accountId, { account_id: event.accountId, platform_role: event.role, n }]]
        : [],
    ),
  )
  if (last.size === 0) return
  await sql`
    update accounts set platform_role = assigned.platform_role, n = assigned.n
    from jsonb_to_recordset(${sql.json([...last.values()])}) as assigned (account_id bigint, platform_role text, n bigint)
    where accounts.account_id = assigned.account_id`
}

/** An account's events are of one aggregate, so its erasure always comes behind its opening. */
const eraseAccounts = async (sql: TransactionSql, keys: ReaderKeys, happened: readonly Happened<Relevant>[]) => {
  const rows = happened.flatMap(({ record, event }) =>
    event.type === 'AccountErased' ? [{ account_id: event.accountId, n: record.n }] : [],
  )
  if (rows.length === 0) return
  for (const { account_id } of rows) keys.forget(account_id)
  await sql`
    update accounts set state = 'erased', handle = null, display_name = null, email = null,
      email_verified = false, email_revision = 0, colour = null, bio = null, avatar = null, terms_version = null,
      handle_changed_at = null, erase_at = null, suspended_until = null, n = erased.n
    from jsonb_to_recordset(${sql.json(rows)}) as erased (account_id bigint, n bigint)
    where accounts.account_id = erased.account_id`
  const ids = sql`select account_id from jsonb_to_recordset(${sql.json(rows)}) as erased (account_id bigint)`
  await sql`delete from handle_history where account_id in (${ids})`
  await sql`delete from blocks where account_id in (${ids})`
}

/**
 * Accounts, and who holds which handle. A handle is found by its keyed hash; what a person wrote is opened here, and goes
 * when they are erased.
 */
export const accountsProjection = (keys: ReaderKeys): Projection => ({
  name: 'accounts',
  version: 3,
  families: ['account'],
  tables,
  hashed: [{ table: 'accounts', key: ['account_id'] }, { table: 'handles', key: ['handle_hash'] }, ...ownHashed],
  views: ['accounts', 'handles', 'handle_history', 'blocks'],
  concerns: hasEvent(types),
  apply: async (sql, _family, outcomes) => {
    const happened: readonly Happened<Relevant>[] = eventsIn(codecs.account, outcomes, types)
    const handles = handleRows(happened)
    if (handles.length > 0) await changeHandles(sql, handles)
    const opened = await openedRows(keys, happened)
    if (opened.length > 0) await insertAccounts(sql, opened)
    await applyOwnChanges(sql, keys, happened)
    await assignRoles(sql, happened)
    await applySuspensions(sql, happened)
    await eraseAccounts(sql, keys, happened)
  },
})
