import { readdirSync, readFileSync } from 'node:fs'
import type { Sql } from 'postgres'
import { VaultError } from './errors.ts'

const folder = new URL('migrations/', import.meta.url)

/** A number of the vault's own among Postgres's advisory locks: the bytes of `whiply`. */
const MIGRATION_LOCK = 0x776869706c79

const migrations = (): readonly string[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.sql'))
    .sort()

/**
 * Brings the schema `vault` to this release, in one transaction; of processes that start at once the first does it and
 * the others wait.
 * @throws VaultError `vault.newer_release` where a newer release has been here before.
 */
export const migrate = async (sql: Sql): Promise<void> => {
  await sql.begin(async (transaction) => {
    await transaction`select pg_advisory_xact_lock(${MIGRATION_LOCK})`
    await transaction`create schema if not exists vault`
    await transaction`
      create table if not exists vault.migrations (name text primary key, applied_at timestamptz not null default now())`
    const applied = (await transaction<{ name: string }[]>`select name from vault.migrations`).map(({ name }) => name)
    const known = migrations()
    const unknown = applied.find((name) => !known.includes(name))
    if (unknown !== undefined)
      throw new VaultError('vault.newer_release', `The vault was written by a newer release of whiply (${unknown}).`)
    for (const name of known.filter((migration) => !applied.includes(migration))) {
      await transaction.unsafe(readFileSync(new URL(name, folder), 'utf8'))
      await transaction`insert into vault.migrations (name) values (${name})`
    }
  })
}
