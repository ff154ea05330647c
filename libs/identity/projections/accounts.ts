import type { TransactionSql } from 'postgres'
import { codecs } from '#libs/contracts/codecs.ts'
import type { EmailConfirmed, IdentityEvent } from '#libs/contracts/generated/identity.ts'
import type { Opened } from '#libs/contracts/sealed.ts'
import { type ReaderKeys, vacuumedSoon } from '#libs/readmodel/erased.ts'
import { eventsIn, type Happened, storable } from '#libs/readmodel/events.ts'
import type { Projection } from '#libs/readmodel/projection.ts'

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
  opened_at bigint not null,
  n bigint not null
) ${vacuumedSoon};
create index accounts_email on accounts (lower(email));
create table handles (
  handle_hash text primary key,
  holder_kind text not null,
  holder_id bigint not null,
  n bigint not null
);
create index handles_holder on handles (holder_id);
`

const types = ['HandleClaimed', 'HandleReleased', 'AccountOpened', 'EmailConfirmed', 'AccountErased'] as const
type Relevant = Extract<IdentityEvent, { readonly type: (typeof types)[number] }>

type AccountRow = {
  readonly account_id: string
  readonly state: 'open' | 'erased'
  readonly handle: string | null
  readonly display_name: string | null
  readonly email: string | null
  readonly platform_role: string
  readonly opened_at: number
  readonly n: number
}

type HandleRow = {
  readonly handle_hash: string
  readonly holder_kind: string | null
  readonly holder_id: string
  readonly n: number
}

/** The last word on each handle; without a kind it is free again. */
const handleRows = (happened: readonly Happened<Relevant>[]): readonly HandleRow[] => {
  const rows = new Map<string, HandleRow>()
  for (const { record, event } of happened) {
    if (event.type !== 'HandleClaimed' && event.type !== 'HandleReleased') continue
    const { key: handle_hash, n } = record
    const holder_kind = event.type === 'HandleClaimed' ? event.holderKind : null
    rows.set(handle_hash, { handle_hash, holder_kind, holder_id: event.holderId, n })
  }
  return [...rows.values()]
}

const changeHandles = async (sql: TransactionSql, rows: readonly HandleRow[]): Promise<void> => {
  const json = sql.json([...rows])
  await sql`
    delete from handles using jsonb_to_recordset(${json}) as free (handle_hash text, holder_kind text)
    where free.holder_kind is null and handles.handle_hash = free.handle_hash`
  await sql`
    insert into handles (handle_hash, holder_kind, holder_id, n)
    select handle_hash, holder_kind, holder_id, n
    from jsonb_to_recordset(${json}) as held (handle_hash text, holder_kind text, holder_id bigint, n bigint)
    where holder_kind is not null
    on conflict (handle_hash) do update
      set holder_kind = excluded.holder_kind, holder_id = excluded.holder_id, n = excluded.n`
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
        opened_at: record.at,
        n: record.n,
      },
    ]
  })
}

const insertAccounts = (sql: TransactionSql, rows: readonly AccountRow[]) => sql`
  insert into accounts (
    account_id, state, handle, display_name, email, email_verified, email_revision, platform_role, opened_at, n)
  select account_id, state, handle, display_name, email, false, 0, platform_role, opened_at, n from jsonb_to_recordset(${sql.json([...rows])}) as opened (
    account_id bigint, state text, handle text, display_name text, email text, platform_role text, opened_at bigint,
    n bigint)`

type EmailRow = {
  readonly account_id: string
  readonly email: string | null
  readonly revision: number
  readonly n: number
}

/** The last address of each account that was confirmed; behind its opening, in one aggregate's order. */
const confirmEmails = async (sql: TransactionSql, keys: ReaderKeys, happened: readonly Happened<Relevant>[]) => {
  const confirmed = happened.filter(({ event }) => event.type === 'EmailConfirmed')
  if (confirmed.length === 0) return
  await keys.prefetch(new Set(confirmed.flatMap(({ event }) => codecs.account.subjectsOf(event))))
  const rows = new Map<string, EmailRow>()
  for (const { record, eventId, event } of confirmed) {
    const { accountId, email, revision } = codecs.account.openEvent(event, eventId, keys.open) as Opened<EmailConfirmed>
    rows.set(accountId, { account_id: accountId, email: storable(email), revision, n: record.n })
  }
  await sql`
    update accounts set email = confirmed.email, email_verified = confirmed.email is not null,
      email_revision = confirmed.revision, n = confirmed.n
    from jsonb_to_recordset(${sql.json([...rows.values()])})
      as confirmed (account_id bigint, email text, revision int, n bigint)
    where accounts.account_id = confirmed.account_id`
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
      email_verified = false, email_revision = 0, n = erased.n
    from jsonb_to_recordset(${sql.json(rows)}) as erased (account_id bigint, n bigint)
    where accounts.account_id = erased.account_id`
}

/**
 * Accounts, and who holds which handle. A handle is found by its keyed hash; what a person wrote is opened here, and goes
 * when they are erased.
 */
export const accountsProjection = (keys: ReaderKeys): Projection => ({
  name: 'accounts',
  version: 2,
  families: ['account'],
  tables,
  hashed: [
    { table: 'accounts', key: ['account_id'] },
    { table: 'handles', key: ['handle_hash'] },
  ],
  views: ['accounts', 'handles'],
  apply: async (sql, _family, outcomes) => {
    const happened: readonly Happened<Relevant>[] = eventsIn(codecs.account, outcomes, types)
    const handles = handleRows(happened)
    if (handles.length > 0) await changeHandles(sql, handles)
    const opened = await openedRows(keys, happened)
    if (opened.length > 0) await insertAccounts(sql, opened)
    await confirmEmails(sql, keys, happened)
    await eraseAccounts(sql, keys, happened)
  },
})
