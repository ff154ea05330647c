import { createHash } from 'node:crypto'
import type { Sql } from 'postgres'
import { newTokenText } from './token-text.ts'
import type { AccessToken, AccessTokenDetails, AccessTokenKind, Vault } from './vault.ts'
import type { Wrapping } from './wrapping.ts'

/** How often the last use of a token is written down, however often it is used. */
export const LAST_USE_MS = 10 * 60_000

/** One that has expired is shown to its owner for so long. */
const EXPIRED_KEPT_MS = 30 * 24 * 3_600_000

type Row = {
  readonly token_id: string
  readonly account_id: string
  readonly kind: AccessTokenKind
  readonly scopes: readonly string[]
  readonly expires_at: Date | null
  readonly blocked_until: Date | null
}

type DetailRow = Row & { readonly wrapped_name: Buffer; readonly created_at: Date; readonly last_used_at: Date | null }

/** The secret has 256 random bits, so a plain hash of it cannot be searched. */
const hashOf = (secret: string): Buffer => createHash('sha256').update(secret).digest()

const tokenOf = (row: Row): AccessToken => ({
  tokenId: row.token_id,
  accountId: row.account_id,
  kind: row.kind,
  scopes: row.scopes,
  expiresAt: row.expires_at?.getTime() ?? null,
  blockedUntil: row.blocked_until?.getTime() ?? null,
})

/** A name is bound to its token. */
export const accessTokenName = (tokenId: string): string => `name of access token ${tokenId}`

/** For good: the last day of which every part of this can write the year. */
const FOR_GOOD = Date.UTC(9999, 11, 31)

/** Makes `Vault.accessTokens`. `now` is for tests. */
export const createAccessTokens = (
  sql: Sql,
  wrapping: Wrapping,
  now: () => number = Date.now,
): Vault['accessTokens'] => ({
  issue: async ({ tokenId, accountId, kind, name, scopes, expiresAt }) => {
    const secret = newTokenText(kind)
    const until = expiresAt === null ? null : new Date(expiresAt)
    const wrapped = await wrapping.wrap(accessTokenName(tokenId), Buffer.from(name))
    await sql`delete from vault.access_tokens where expires_at < ${new Date(now() - EXPIRED_KEPT_MS)}`
    const made = await sql`
      insert into vault.access_tokens (token_hash, token_id, account_id, kind, wrapped_name, scopes, created_at, expires_at)
      values (${hashOf(secret)}, ${tokenId}, ${accountId}, ${kind}, ${wrapped}, ${sql.json([...scopes])},
        ${new Date(now())}, ${until})
      on conflict (token_id) do nothing returning token_id`
    return made.length > 0 ? secret : undefined
  },
  find: async (secret) => {
    const at = now()
    const [row] = await sql<Row[]>`
      with found as (select * from vault.access_tokens where token_hash = ${hashOf(secret)}),
      used as (
        update vault.access_tokens set last_used_at = ${new Date(at)}
        where token_hash in (
          select token_hash from found
          where (last_used_at is null or last_used_at <= ${new Date(at - LAST_USE_MS)})
            and (expires_at is null or expires_at > ${new Date(at)})))
      select token_id, account_id, kind, scopes, expires_at, blocked_until from found`
    return row && tokenOf(row)
  },
  listOf: async (accountId) => {
    const rows = await sql<DetailRow[]>`
      select token_id, account_id, kind, scopes, expires_at, blocked_until, wrapped_name, created_at, last_used_at
      from vault.access_tokens where account_id = ${accountId} order by created_at desc, token_id`
    return Promise.all(
      rows.map(
        async (row): Promise<AccessTokenDetails> => ({
          ...tokenOf(row),
          name: (await wrapping.unwrap(accessTokenName(row.token_id), row.wrapped_name)).toString(),
          createdAt: row.created_at.getTime(),
          lastUsedAt: row.last_used_at?.getTime() ?? null,
        }),
      ),
    )
  },
  remove: async (tokenIds) => {
    if (tokenIds.length > 0) await sql`delete from vault.access_tokens where token_id in ${sql(tokenIds)}`
  },
  block: async (accountId, until) => {
    await sql`
      update vault.access_tokens set blocked_until = ${new Date(Math.min(until ?? FOR_GOOD, FOR_GOOD))}
      where account_id = ${accountId}`
  },
  unblock: async (accountId) => {
    await sql`update vault.access_tokens set blocked_until = null where account_id = ${accountId}`
  },
  dropAll: async (accountId) => {
    await sql`delete from vault.access_tokens where account_id = ${accountId}`
  },
})
