import { randomBytes } from 'node:crypto'
import type { ISql, Sql } from 'postgres'
import { VaultError } from './errors.ts'
import { checkValueOf, type MasterKey } from './master-key.ts'
import { createWrapping, decrypt, encrypt, FIRST_KEY, type Wrapping, type WrappingKey } from './wrapping.ts'

/** Processes read the keys again before they wrap by one that they read so long ago. */
export const REREAD_MS = 60_000

const KEY_BYTES = 32

/** A number of the vault's own among Postgres's advisory locks: who changes master and wrapping keys does it alone. */
const KEYS_LOCK = 0x6b657973

export const lockKeys = async (transaction: ISql): Promise<void> => {
  await transaction`select pg_advisory_xact_lock(${KEYS_LOCK})`
}

const nameOf = (id: number): Buffer => Buffer.from(`wrapping key ${id}`)

/** Keeps a wrapping key for who has this master key. */
export const keepCopy = async (into: ISql, masterKey: MasterKey, { id, key }: WrappingKey): Promise<void> => {
  const wrapped = encrypt(masterKey.derive('keys'), nameOf(id), key)
  await into`
    insert into vault.wrapping_key_copies (key_id, check_value, wrapped)
    values (${id}, ${checkValueOf(masterKey)}, ${wrapped}) on conflict do nothing`
}

/** All that this master key opens, by their numbers. */
export const readWrappingKeys = async (from: ISql, masterKey: MasterKey): Promise<readonly WrappingKey[]> => {
  const rows = await from<{ key_id: number; wrapped: Buffer }[]>`
    select key_id, wrapped from vault.wrapping_key_copies
    where check_value = ${checkValueOf(masterKey)} order by key_id`
  return rows.map(({ key_id: id, wrapped }) => {
    const key = decrypt(masterKey.derive('keys'), nameOf(id), wrapped)
    if (!key)
      throw new VaultError('vault.secret_unreadable', `The vault's wrapping key ${id} is not as it was written.`)
    return { id, key }
  })
}

/** Makes the next wrapping key, and keeps it for each of these master keys. */
export const addWrappingKey = async (into: ISql, masterKeys: readonly MasterKey[]): Promise<void> => {
  const [row] = await into<{ key_id: number }[]>`
    insert into vault.wrapping_keys (key_id, created_at)
    select max(key_id) + 1, now() from vault.wrapping_keys returning key_id`
  if (!row) throw new Error('an insert returns its row')
  const made = { id: row.key_id, key: randomBytes(KEY_BYTES) }
  for (const masterKey of masterKeys) await keepCopy(into, masterKey, made)
}

const wrong = (): VaultError =>
  new VaultError(
    'vault.master_key_wrong',
    'The master key is not one that opens this vault. Put the right one back from your backup; ' +
      'with another one nothing in the vault could be read.',
  )

/** A vault belongs to the master key that opens it first, and to those that were added since. */
const begin = async (transaction: ISql, masterKey: MasterKey): Promise<void> => {
  await lockKeys(transaction)
  const checkValue = checkValueOf(masterKey)
  const known = await transaction<{ check_value: Buffer }[]>`select check_value from vault.master_key`
  if (known.length > 0 && !known.some((row) => row.check_value.equals(checkValue))) throw wrong()
  await transaction`insert into vault.master_key (check_value) values (${checkValue}) on conflict do nothing`
  const [any] = await transaction`select from vault.wrapping_keys limit 1`
  if (any) return
  await transaction`insert into vault.wrapping_keys (key_id, created_at) values (${FIRST_KEY}, now())`
  await keepCopy(transaction, masterKey, { id: FIRST_KEY, key: masterKey.derive('wrap') })
}

/**
 * Opens the wrapping keys of a vault. A process that runs reads new ones by itself; once its master key was taken away it
 * wraps nothing more.
 * @throws VaultError `vault.master_key_wrong`
 */
export const openWrapping = async (sql: Sql, masterKey: MasterKey, now: () => number = Date.now): Promise<Wrapping> => {
  await sql.begin((transaction) => begin(transaction, masterKey))
  const known = new Map<number, Buffer>()
  let newest: WrappingKey | undefined
  let readAt = Number.NEGATIVE_INFINITY

  const read = async (): Promise<void> => {
    const at = now()
    const keys = await readWrappingKeys(sql, masterKey)
    for (const { id, key } of keys) known.set(id, key)
    newest = keys.at(-1)
    readAt = at
  }

  await read()
  return createWrapping({
    newest: async () => {
      if (now() - readAt > REREAD_MS) await read()
      if (!newest) throw wrong()
      return newest
    },
    find: async (id) => {
      // Numbers follow one another: of others it is known without a look that there is no such key.
      if (!known.has(id) && newest && id > newest.id && id < newest.id + 16) await read()
      return known.get(id)
    },
  })
}
