import { createHash, randomBytes, randomUUID } from 'node:crypto'
import type { Sql } from 'postgres'
import type { AccountId, Session, Vault } from './vault.ts'

const SECRET_BYTES = 32

type Row = {
  readonly session_id: string
  readonly account_id: AccountId
  readonly created_at: Date
  readonly expires_at: Date
}

/** The secret has 256 random bits, so a plain hash of it cannot be searched. */
const hashOf = (secret: string): Buffer => createHash('sha256').update(secret).digest()

const sessionOf = (row: Row): Session => ({
  sessionId: row.session_id,
  accountId: row.account_id,
  createdAt: row.created_at.getTime(),
  expiresAt: row.expires_at.getTime(),
})

/** Sessions by the hash of their secret. Those that have expired are not found, and go when the next one is opened. */
export const createSessions = (sql: Sql): Vault['sessions'] => ({
  open: async (accountId, lifetimeMs) => {
    const secret = randomBytes(SECRET_BYTES).toString('base64url')
    const createdAt = Date.now()
    const session: Session = { sessionId: randomUUID(), accountId, createdAt, expiresAt: createdAt + lifetimeMs }
    await sql`
      with expired as (delete from vault.sessions where expires_at <= ${new Date(createdAt)})
      insert into vault.sessions (session_id, secret_hash, account_id, created_at, expires_at)
      values (${session.sessionId}, ${hashOf(secret)}, ${accountId}, ${new Date(createdAt)}, ${new Date(session.expiresAt)})`
    return { session, secret }
  },
  find: async (secret) => {
    const [row] = await sql<Row[]>`
      select session_id, account_id, created_at, expires_at from vault.sessions
      where secret_hash = ${hashOf(secret)} and expires_at > ${new Date()}`
    return row && sessionOf(row)
  },
  isOpen: async (sessionId) => {
    const rows = await sql`
      select 1 from vault.sessions where session_id = ${sessionId} and expires_at > ${new Date()}`
    return rows.length > 0
  },
  close: async (sessionId) => {
    await sql`delete from vault.sessions where session_id = ${sessionId}`
  },
  idsOf: async (accountId) => {
    const rows = await sql<Row[]>`
      select session_id from vault.sessions where account_id = ${accountId} and expires_at > ${new Date()}`
    return rows.map((row) => row.session_id)
  },
  closeAll: async (accountId) => {
    const rows = await sql<Row[]>`
      delete from vault.sessions where account_id = ${accountId} returning session_id`
    return rows.map((row) => row.session_id)
  },
})
