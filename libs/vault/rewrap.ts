import type { Sql } from 'postgres'
import { accessTokenName } from './access-tokens.ts'
import { passwordHashName } from './credentials.ts'
import { evidenceNames } from './evidence.ts'
import { oneTimeName } from './one-time.ts'
import { personalKeyName } from './personal-keys.ts'
import { requestName } from './requests.ts'
import { signingKeyName } from './signing.ts'
import { totpSecretName } from './totp-secrets.ts'
import { headerOf, type Wrapping } from './wrapping.ts'

/** A column of wrapped secrets. */
type Wrapped = {
  readonly table: string
  readonly column: string
  /** What a row is found by again. */
  readonly key: string
  /** The name that a secret is bound to, by that key. */
  readonly name: (key: string) => string
  /** Where the key is bytes, which come as hex. */
  readonly isBytes?: true
}

/** Everything that wrapping keys wrap (a test asks for every such column). */
export const wrappedColumns: readonly Wrapped[] = [
  { table: 'secrets', column: 'wrapped', key: 'name', name: (name) => name },
  { table: 'signing_keys', column: 'wrapped', key: 'kid', name: signingKeyName },
  { table: 'evidence_keys', column: 'wrapped_private', key: 'key_id', name: evidenceNames.private },
  { table: 'evidence_keys', column: 'wrapped_public', key: 'key_id', name: evidenceNames.public },
  { table: 'totp', column: 'wrapped_secret', key: 'account_id', name: totpSecretName },
  { table: 'access_tokens', column: 'wrapped_name', key: 'token_id', name: accessTokenName },
  {
    table: 'one_time_tokens',
    column: 'wrapped_detail',
    key: 'token_hash',
    name: (hex) => oneTimeName(Buffer.from(hex, 'hex')),
    isBytes: true,
  },
  { table: 'requests', column: 'wrapped_kept', key: 'command_id', name: requestName },
  { table: 'credentials', column: 'wrapped_hash', key: 'account_id', name: passwordHashName },
  { table: 'personal_keys', column: 'wrapped', key: 'subject', name: personalKeyName },
]

export type RewrapOptions = {
  /** Rows that are written at once, 1,000 by default. */
  readonly batch?: number
  /** Told after each batch of how many rows of the pass were written. */
  readonly onProgress?: (rows: number) => void
  readonly signal?: AbortSignal
}

type Row = { readonly key: string; readonly wrapped: Buffer }

/** A row that changed in the meantime stays as it is: above all a key that was destroyed. */
const replace = async (sql: Sql, { table, column, key, isBytes }: Wrapped, rows: readonly object[]): Promise<void> => {
  const place = isBytes ? sql`decode(r.key, 'hex')` : sql`r.key`
  const found = isBytes ? sql(key) : sql`${sql(key)}::text`
  await sql`
    update ${sql(`vault.${table}`)} as t set ${sql(column)} = decode(r.after, 'base64')
    from jsonb_to_recordset(${sql.json(rows as never)}) as r (key text, before text, after text)
    where t.${found} = ${place} and t.${sql(column)} = decode(r.before, 'base64')`
}

const rewrapColumn = async (sql: Sql, wrapping: Wrapping, newest: number, what: Wrapped, options: RewrapOptions) => {
  const { table, column, key, isBytes } = what
  const { batch = 1_000, onProgress, signal } = options
  let count = 0
  const shown = isBytes ? sql`encode(${sql(key)}, 'hex')` : sql`${sql(key)}::text`
  const rows = sql<Row[]>`
    select ${shown} as key, ${sql(column)} as wrapped from ${sql(`vault.${table}`)}
    where ${sql(column)} is not null and substring(${sql(column)} from 1 for 5) <> ${headerOf(newest)}`
  for await (const some of rows.cursor(batch)) {
    signal?.throwIfAborted()
    const rewrapped = await Promise.all(
      some.map(async ({ key: found, wrapped }) => {
        const name = what.name(found)
        const after = await wrapping.wrap(name, await wrapping.unwrap(name, wrapped))
        return { key: found, before: wrapped.toString('base64'), after: after.toString('base64') }
      }),
    )
    await replace(sql, what, rewrapped)
    count += some.length
    onProgress?.(count)
  }
  return count
}

/**
 * Wraps by the newest key what others wrapped, until nothing is left. It may end at any moment, and goes on where it was
 * when it is run again; the connections must be two at least.
 */
export const rewrapAll = async (
  sql: Sql,
  wrapping: Wrapping,
  newest: number,
  options: RewrapOptions,
): Promise<void> => {
  for (const what of wrappedColumns) while ((await rewrapColumn(sql, wrapping, newest, what, options)) > 0);
}
