import { createHash, randomBytes, randomUUID } from 'node:crypto'
import type { Sql, TransactionSql } from 'postgres'
import type { OneTimeToken, Vault } from './vault.ts'
import type { Wrapping } from './wrapping.ts'

const SECRET_BYTES = 32

type Row = {
  readonly token_hash: Buffer
  readonly purpose: OneTimeToken['purpose']
  readonly account_id: string
  readonly group_id: string
  readonly wrapped_detail: Buffer
  readonly expires_at: Date
}

/** The secret has 256 random bits, so a plain hash of it cannot be searched. */
const hashOf = (secret: string): Buffer => createHash('sha256').update(secret).digest()

/** A detail is bound to its token. */
export const oneTimeName = (hash: Buffer): string => `one-time token ${hash.toString('base64url')}`

/** Makes `Vault.oneTime`. */
export const createOneTime = (sql: Sql, wrapping: Wrapping): Vault['oneTime'] => {
  const insert = async (token: OneTimeToken, within: Sql | TransactionSql = sql): Promise<void> => {
    const { hash, purpose, accountId, group, detail, expiresAt } = token
    const wrapped = await wrapping.wrap(oneTimeName(hash), Buffer.from(JSON.stringify(detail)))
    await within`
      insert into vault.one_time_tokens (token_hash, purpose, account_id, group_id, wrapped_detail, expires_at)
      values (${hash}, ${purpose}, ${accountId}, ${group}, ${wrapped}, ${new Date(expiresAt)})
      on conflict do nothing`
  }

  const tokenOf = async (row: Row): Promise<OneTimeToken> => ({
    hash: row.token_hash,
    purpose: row.purpose,
    accountId: row.account_id,
    group: row.group_id,
    detail: JSON.parse((await wrapping.unwrap(oneTimeName(row.token_hash), row.wrapped_detail)).toString()),
    expiresAt: row.expires_at.getTime(),
  })

  return {
    issue: async ({ purpose, accountId, lifetimeMs, group = randomUUID(), detail = {} }) => {
      const secret = randomBytes(SECRET_BYTES).toString('base64url')
      await sql`delete from vault.one_time_tokens where expires_at <= ${new Date()}`
      await insert({ hash: hashOf(secret), purpose, accountId, group, detail, expiresAt: Date.now() + lifetimeMs })
      return secret
    },
    take: async (purpose, secret, commandId) =>
      await sql.begin(async (transaction) => {
        const hash = hashOf(secret)
        // All of the group are locked in one order, so of two that are taken at once one is the last.
        const rows = await transaction<Row[]>`
          select * from vault.one_time_tokens
          where expires_at > ${new Date()} and purpose = ${purpose}
            and (taken_by is null or (token_hash = ${hash} and taken_by = ${commandId ?? null}))
            and group_id in (select group_id from vault.one_time_tokens where token_hash = ${hash})
          order by token_hash for update`
        const row = rows.find(({ token_hash }) => token_hash.equals(hash))
        if (!row) return undefined
        if (commandId === undefined) await transaction`delete from vault.one_time_tokens where token_hash = ${hash}`
        else await transaction`update vault.one_time_tokens set taken_by = ${commandId} where token_hash = ${hash}`
        return { ...(await tokenOf(row)), left: rows.length - 1 }
      }),
    putBack: async (token, commandId) => {
      if (commandId === undefined) await insert(token)
      else
        await sql`
          update vault.one_time_tokens set taken_by = null where token_hash = ${token.hash} and taken_by = ${commandId}`
    },
    drop: async (accountId, purpose) => {
      await sql`
        delete from vault.one_time_tokens
        where account_id = ${accountId} and (${purpose ?? null}::text is null or purpose = ${purpose ?? null})`
    },
  }
}
