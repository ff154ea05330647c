import type { Sql } from 'postgres'
import type { PersonalKeys, Vault } from './vault.ts'

/** What the journals say that a restored vault may have forgotten. */
export type JournalFacts = Parameters<Vault['reconcile']>[0]

/** An event of the account journal as far as it matters here. */
export type VaultEvent =
  | { readonly type: 'AccountOpened' | 'AccountErased'; readonly accountId: string }
  | { readonly type: 'HandleClaimed'; readonly holderId: string }

/** By its type, which an encoded event shows too. */
export const isVaultEvent = (event: { readonly type: string }): boolean =>
  ['AccountOpened', 'AccountErased', 'HandleClaimed'].includes(event.type)

const idOf = (event: VaultEvent): string => (event.type === 'HandleClaimed' ? event.holderId : event.accountId)

/** Gathers from such events, in any order, what `Vault.reconcile` is told. */
export const journalFacts = (events: Iterable<VaultEvent>): JournalFacts => {
  const erased = new Set<string>()
  let highestId = 0
  for (const event of events) {
    highestId = Math.max(highestId, Number(idOf(event)))
    if (event.type === 'AccountErased') erased.add(event.accountId)
  }
  return { erased: [...erased], highestId }
}

const BATCH = 10_000

/** Those of the accounts that have a personal key, credentials, sessions or tokens. */
const stillHere = async (sql: Sql, accounts: readonly string[]): Promise<readonly string[]> => {
  const rows = await sql<{ account: string }[]>`
    select account from jsonb_array_elements_text(${sql.json(accounts)}) as account
    where exists (select from vault.personal_keys where subject = account and wrapped is not null)
      or exists (select from vault.credentials where account_id = account)
      or exists (select from vault.sessions where account_id = account)
      or exists (select from vault.one_time_tokens where account_id = account)
      or exists (select from vault.registrations where account_id = account)
      or exists (select from vault.requests where account_id = account)
      or exists (select from vault.totp where account_id = account)
      or exists (select from vault.recovery_codes where account_id = account)
      or exists (select from vault.passkeys where account_id = account)
      or exists (select from vault.known_devices where account_id = account)
      or exists (select from vault.access_tokens where account_id = account)
      or exists (select from vault.sightings where account_id = account)`
  return rows.map((row) => row.account)
}

/** Makes `Vault.reconcile`. */
export const createReconcile =
  (sql: Sql, keys: PersonalKeys): Vault['reconcile'] =>
  async ({ erased, highestId }) => {
    const back: string[] = []
    for (let from = 0; from < erased.length; from += BATCH)
      back.push(...(await stillHere(sql, erased.slice(from, from + BATCH))))
    for (const account of back) {
      await keys.erase(account)
      await sql`delete from vault.credentials where account_id = ${account}`
      await sql`delete from vault.sessions where account_id = ${account}`
      await sql`delete from vault.one_time_tokens where account_id = ${account}`
      await sql`delete from vault.registrations where account_id = ${account}`
      await sql`delete from vault.requests where account_id = ${account}`
      await sql`delete from vault.totp where account_id = ${account}`
      await sql`delete from vault.recovery_codes where account_id = ${account}`
      await sql`delete from vault.passkeys where account_id = ${account}`
      await sql`delete from vault.known_devices where account_id = ${account}`
      await sql`delete from vault.access_tokens where account_id = ${account}`
      await sql`delete from vault.sightings where account_id = ${account}`
    }
    await sql`select setval('vault.ids', ${highestId}) from vault.ids where last_value < ${highestId}`
    return back
  }
