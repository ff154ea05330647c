import type { ISql, Sql } from 'postgres'
import { openPostgres } from '#libs/postgres/open.ts'
import { VaultError } from './errors.ts'
import { rotateEvidence } from './evidence.ts'
import { checkValueOf, type MasterKey, masterKeyOf } from './master-key.ts'
import { migrate } from './migrate.ts'
import { type RewrapOptions, rewrapAll } from './rewrap.ts'
import { createWrapping, fixedKeys } from './wrapping.ts'
import { addWrappingKey, keepCopy, lockKeys, openWrapping, REREAD_MS, readWrappingKeys } from './wrapping-keys.ts'

/** So long after a rotation every process that runs has read the new keys. */
export const RETIRE_AFTER_MS = 5 * REREAD_MS

export type RotationOptions = RewrapOptions & {
  readonly databaseUrl: string
  /** The one that opens the vault, 32 bytes in base64. */
  readonly masterKey: string
}

/** The check values of the master keys that open the vault, in the order in which they came. */
const masterKeys = async (from: ISql): Promise<readonly Buffer[]> => {
  const rows = await from<{ check_value: Buffer }[]>`
    select check_value from vault.master_key order by added_at, check_value`
  return rows.map((row) => row.check_value)
}

/** Lets a new master key open the vault too, with new keys beneath it. Does nothing where that was begun before. */
const addMasterKey = async (transaction: ISql, present: MasterKey, next: MasterKey): Promise<void> => {
  await lockKeys(transaction)
  const known = await masterKeys(transaction)
  if (known.length > 1 && known.at(-1)?.equals(checkValueOf(next))) return
  if (known.length > 1 || known.some((value) => value.equals(checkValueOf(next))))
    throw new VaultError(
      'vault.rotation_unfinished',
      known.length > 1
        ? 'Another master key takes the place of the former one already. End that first: whiply vault retire'
        : 'The new master key is the one that the vault has.',
    )
  await transaction`
    insert into vault.master_key (check_value, added_at) values (${checkValueOf(next)}, clock_timestamp())`
  for (const key of await readWrappingKeys(transaction, present)) await keepCopy(transaction, next, key)
  await addWrappingKey(transaction, [present, next])
  await rotateEvidence(transaction, createWrapping(fixedKeys(await readWrappingKeys(transaction, next))))
}

const withVault = async <T>(databaseUrl: string, work: (sql: Sql) => Promise<T>): Promise<T> => {
  const sql = openPostgres(databaseUrl, { max: 3 })
  try {
    await migrate(sql)
    return await work(sql)
  } finally {
    await sql.end({ timeout: 5 })
  }
}

const newestKey = async (
  sql: Sql,
): Promise<{ readonly id: number; readonly madeAt: number; readonly ageMs: number }> => {
  const [row] = await sql<{ id: number; made_at: Date; age_ms: number }[]>`
    select key_id as id, created_at as made_at,
      (extract(epoch from clock_timestamp() - created_at) * 1000)::float as age_ms
    from vault.wrapping_keys order by key_id desc limit 1`
  if (!row) throw new Error('a vault that is open has a wrapping key')
  return { id: row.id, madeAt: row.made_at.getTime(), ageMs: row.age_ms }
}

/**
 * Lets another master key open the vault, beside the one that does; makes a new wrapping key and a new evidence key, and
 * wraps everything anew. Whatever runs goes on. Run again with the same keys it goes on where it ended.
 * @returns from when on `retireMasterKeys` may be run
 * @throws VaultError `vault.master_key_wrong`, `vault.rotation_unfinished`
 */
export const rotateVault = (options: RotationOptions & { readonly newMasterKey: string }): Promise<number> =>
  withVault(options.databaseUrl, async (sql) => {
    const [present, next] = [masterKeyOf(options.masterKey), masterKeyOf(options.newMasterKey)]
    await openWrapping(sql, present)
    await sql.begin((transaction) => addMasterKey(transaction, present, next))
    const newest = await newestKey(sql)
    await rewrapAll(sql, await openWrapping(sql, next), newest.id, options)
    return newest.madeAt + RETIRE_AFTER_MS
  })

/**
 * Takes every other master key away, and the wrapping keys before the newest, once nothing is wrapped by them.
 * @throws VaultError `vault.master_key_wrong`, `vault.rotation_unfinished` where a master key came after this one, or
 * where processes that run may still wrap by a former key.
 */
export const retireMasterKeys = (options: RotationOptions): Promise<void> =>
  withVault(options.databaseUrl, async (sql) => {
    const own = masterKeyOf(options.masterKey)
    const wrapping = await openWrapping(sql, own)
    if (!(await masterKeys(sql)).at(-1)?.equals(checkValueOf(own)))
      throw new VaultError(
        'vault.rotation_unfinished',
        'A newer master key opens the vault. Put that in the place of this one, start with it, and try again.',
      )
    const { id, ageMs } = await newestKey(sql)
    if (id > 0 && ageMs < RETIRE_AFTER_MS)
      throw new VaultError(
        'vault.rotation_unfinished',
        `Processes that run may not have read the new keys yet. Try again in ${Math.ceil((RETIRE_AFTER_MS - ageMs) / 1000)} s.`,
      )
    await rewrapAll(sql, wrapping, id, options)
    await sql.begin(async (transaction) => {
      await lockKeys(transaction)
      await transaction`delete from vault.master_key where check_value <> ${checkValueOf(own)}`
      await transaction`delete from vault.wrapping_keys where key_id < ${id}`
    })
  })
