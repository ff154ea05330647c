import type { Sql } from 'postgres'
import { sweeper } from './sweep.ts'
import type { AccountId, OneTimeToken } from './vault.ts'

export type Registration = {
  readonly accountId: AccountId
  readonly fingerprint: string
  /** The one that was used for it. */
  readonly invitation: Invitation | undefined
}

/** As it is put back. */
export type Invitation = Omit<OneTimeToken, 'detail'>

/**
 * Which account a registration is for, by the id of its command, at whichever edge it arrives: one that is sent again
 * because its answer was lost finds its own account, and not a handle that is taken. Known for a day.
 */
export type Registrations = {
  readonly find: (commandId: string) => Promise<Registration | undefined>
  /** Takes part in one that was found. False where it was forgotten since. */
  readonly join: (commandId: string) => Promise<boolean>
  /** Whether an account came of one, as far as they are known still. */
  readonly has: (accountId: AccountId) => Promise<boolean>
  /** Begins one for an account whose secrets are kept. False where another was quicker. */
  readonly begin: (commandId: string, registration: Registration) => Promise<boolean>
  /** For who took part and failed. @returns what is forgotten then, since that was the last: nobody needs its secrets */
  readonly leave: (commandId: string) => Promise<Registration | undefined>
  readonly drop: (accountId: AccountId) => Promise<void>
}

/** Far longer than a command may be sent again. */
const KEPT_MS = 24 * 3_600_000

/** How often those that are older are looked for. */
const SWEEP_MS = 60_000

type Row = {
  readonly account_id: AccountId
  readonly fingerprint: string
  readonly invitation: (Omit<Invitation, 'hash'> & { readonly hash: string }) | null
}

const registrationOf = ({ account_id, fingerprint, invitation }: Row): Registration => ({
  accountId: account_id,
  fingerprint,
  invitation: invitation ? { ...invitation, hash: Buffer.from(invitation.hash, 'base64url') } : undefined,
})

const jsonOf = ({ hash, ...invitation }: Invitation) => ({ ...invitation, hash: hash.toString('base64url') })

/** `now` is for tests. */
export const createRegistrations = (sql: Sql, now: () => number = Date.now): Registrations => {
  const sweep = sweeper(
    now,
    SWEEP_MS,
    (at) => sql`delete from vault.registrations where begun_at < ${new Date(at - KEPT_MS)}`,
  )

  return {
    find: async (commandId) => {
      const [row] = await sql<Row[]>`
        select account_id, fingerprint, invitation from vault.registrations where command_id = ${commandId}`
      return row && registrationOf(row)
    },
    join: async (commandId) => {
      const joined = await sql`
        update vault.registrations set under_way = under_way + 1 where command_id = ${commandId} returning 1`
      return joined.length > 0
    },
    has: async (accountId) => {
      const rows = await sql`select 1 from vault.registrations where account_id = ${accountId}`
      return rows.length > 0
    },
    begin: async (commandId, { accountId, fingerprint, invitation }) => {
      await sweep()
      const begun = await sql`
        insert into vault.registrations (command_id, account_id, fingerprint, invitation, begun_at)
        values (${commandId}, ${accountId}, ${fingerprint}, ${invitation ? sql.json(jsonOf(invitation)) : null},
          ${new Date(now())})
        on conflict do nothing returning 1`
      return begun.length > 0
    },
    leave: async (commandId) => {
      await sql`update vault.registrations set under_way = under_way - 1 where command_id = ${commandId}`
      // Whoever joins in between keeps it.
      const [gone] = await sql<Row[]>`
        delete from vault.registrations where command_id = ${commandId} and under_way <= 0
        returning account_id, fingerprint, invitation`
      return gone && registrationOf(gone)
    },
    drop: async (accountId) => {
      await sql`delete from vault.registrations where account_id = ${accountId}`
    },
  }
}
