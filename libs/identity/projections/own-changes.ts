import type { TransactionSql } from 'postgres'
import { codecs } from '#libs/contracts/codecs.ts'
import type { IdentityEvent } from '#libs/contracts/generated/identity.ts'
import type { Opened } from '#libs/contracts/sealed.ts'
import { type ReaderKeys, vacuumedSoon } from '#libs/readmodel/erased.ts'
import { type Happened, storable } from '#libs/readmodel/events.ts'

/** What people change of their accounts: rare events, applied one by one in their order. */
export const ownChangeTypes = [
  'EmailConfirmed',
  'HandleChanged',
  'TermsAccepted',
  'ProfileChanged',
  'AccountBlocked',
  'AccountUnblocked',
  'AccountDeactivated',
  'AccountReactivated',
  'ErasureScheduled',
  'ErasureCancelled',
] as const

export type OwnChange = Extract<IdentityEvent, { readonly type: (typeof ownChangeTypes)[number] }>

export const ownTables = `
create table handle_history (
  account_id bigint not null,
  since bigint not null,
  until bigint,
  handle text not null,
  n bigint not null,
  primary key (account_id, since)
) ${vacuumedSoon};
create table blocks (
  account_id bigint not null,
  blocked_id bigint not null,
  blocked_at bigint not null,
  n bigint not null,
  primary key (account_id, blocked_id)
);
`

export const ownHashed = [
  { table: 'handle_history', key: ['account_id', 'since'] },
  { table: 'blocks', key: ['account_id', 'blocked_id'] },
] as const

const isOwnChange = (happened: Happened<IdentityEvent>): happened is Happened<OwnChange> =>
  (ownChangeTypes as readonly string[]).includes(happened.event.type)

type At = { readonly at: number; readonly n: number }

const changeHandle = async (sql: TransactionSql, event: Opened<OwnChange>, { at, n }: At): Promise<void> => {
  if (event.type !== 'HandleChanged') return
  const { accountId, handleKey } = event
  const handle = storable(event.handle)
  await sql`
    update accounts set handle = ${handle}, handle_key = ${handleKey}, handle_changed_at = ${at}, n = ${n}
    where account_id = ${accountId}`
  await sql`update handle_history set until = ${at}, n = ${n} where account_id = ${accountId} and until is null`
  // Of an erased person no name is written down.
  if (handle !== null)
    await sql`insert into handle_history (account_id, since, handle, n) values (${accountId}, ${at}, ${handle}, ${n})`
}

const apply = async (sql: TransactionSql, event: Opened<OwnChange>, when: At): Promise<void> => {
  const { at, n } = when
  const { accountId } = event
  const state = (to: string) => sql`update accounts set state = ${to}, n = ${n} where account_id = ${accountId}`
  switch (event.type) {
    case 'EmailConfirmed': {
      const email = storable(event.email)
      await sql`
        update accounts set email = ${email}, email_verified = ${email !== null}, email_revision = ${event.revision},
          n = ${n}
        where account_id = ${accountId}`
      return
    }
    case 'HandleChanged':
      return changeHandle(sql, event, when)
    case 'TermsAccepted':
      await sql`update accounts set terms_version = ${event.version}, n = ${n} where account_id = ${accountId}`
      return
    case 'ProfileChanged': {
      // Undefined is what cannot be opened any more, null what has not changed, and empty what was taken away.
      const { colour, avatar } = event
      const displayName = storable(event.displayName)
      const bio = storable(event.bio)
      await sql`
        update accounts set display_name = coalesce(${displayName}, display_name),
          bio = nullif(coalesce(${bio}, bio), ''), colour = nullif(coalesce(${colour}, colour), ''),
          avatar = nullif(coalesce(${avatar}, avatar), ''), n = ${n}
        where account_id = ${accountId}`
      return
    }
    case 'AccountBlocked':
      await sql`
        insert into blocks (account_id, blocked_id, blocked_at, n) values (${accountId}, ${event.blocked}, ${at}, ${n})
        on conflict do nothing`
      return
    case 'AccountUnblocked':
      await sql`delete from blocks where account_id = ${accountId} and blocked_id = ${event.blocked}`
      return
    case 'AccountDeactivated':
      await state('deactivated')
      return
    case 'AccountReactivated':
      await state('open')
      return
    case 'ErasureScheduled':
      await sql`update accounts set erase_at = ${event.eraseAt}, n = ${n} where account_id = ${accountId}`
      return
    case 'ErasureCancelled':
      await sql`update accounts set erase_at = null, n = ${n} where account_id = ${accountId}`
  }
}

/** Behind the openings of the same records, and before erasures. */
export const applyOwnChanges = async (
  sql: TransactionSql,
  keys: ReaderKeys,
  happened: readonly Happened<IdentityEvent>[],
): Promise<void> => {
  const changes = happened.filter(isOwnChange)
  if (changes.length === 0) return
  await keys.prefetch(new Set(changes.flatMap(({ event }) => codecs.account.subjectsOf(event))))
  for (const { record, eventId, event } of changes)
    await apply(sql, codecs.account.openEvent(event, eventId, keys.open) as Opened<OwnChange>, record)
}
