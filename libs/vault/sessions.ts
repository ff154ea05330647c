import { createHash, randomBytes, randomUUID } from 'node:crypto'
import type { ISql, Sql } from 'postgres'
import { gathered } from './gather.ts'
import { sweeper } from './sweep.ts'
import type { AccountId, Renewal, Session, SessionDetails, Vault } from './vault.ts'

const SECRET_BYTES = 32

/** For so long after a secret was used, the same may come once more: its answer may have been lost on the way. */
export const RENEWAL_GRACE_MS = 60_000

/** A session whose token nobody has renewed for so long is over, whatever its time. */
export const IDLE_MS = 14 * 24 * 3_600_000

/** One that was used is known for so long; later it is refused like any other that nobody knows. */
const USED_KEPT_MS = 7 * 24 * 3_600_000

/** How often those that are over are looked for, which takes a look at all. */
const SWEEP_MS = 60_000

/** What is shown of a device; who sends more is not shown better. */
const DEVICE_CHARACTERS = 200

type Row = {
  readonly session_id: string
  readonly account_id: AccountId
  readonly created_at: Date
  readonly expires_at: Date
  readonly authenticated_at: Date
  readonly second_factor: boolean
}

type RenewalRow = Row & {
  readonly token_generation: number
  readonly generation: number
  readonly renewed_at: Date | null
  readonly retried: boolean
}

type DetailRow = Row & { readonly device: string | null; readonly last_used_at: Date }

/** A row of `vault.sessions`, and the hash of its first secret. */
type Opened = {
  readonly session_id: string
  readonly account_id: AccountId
  readonly created_at: Date
  readonly expires_at: Date
  readonly device: string | null
  readonly second_factor: boolean
  readonly secret_hash: string
}

const newSecret = (): string => randomBytes(SECRET_BYTES).toString('base64url')

/** The secret has 256 random bits, so a plain hash of it cannot be searched. */
const hashOf = (secret: string): Buffer => createHash('sha256').update(secret).digest()

const sessionOf = (row: Row): Session => ({
  sessionId: row.session_id,
  accountId: row.account_id,
  createdAt: row.created_at.getTime(),
  expiresAt: row.expires_at.getTime(),
  authenticatedAt: row.authenticated_at.getTime(),
  secondFactor: row.second_factor,
})

/** What a secret that was sent means: the next in its turn, one more try, or one that was used before. */
const meaningOf = (row: RenewalRow, at: number): 'next' | 'retry' | 'reused' => {
  const { token_generation: own, generation, renewed_at: renewed, retried } = row
  if (own === generation) return 'next'
  const isFresh = renewed !== null && at - renewed.getTime() <= RENEWAL_GRACE_MS
  return own === generation - 1 && isFresh && !retried ? 'retry' : 'reused'
}

/**
 * Sessions by the hashes of their secrets. Those that have expired, or were left unused, are not found, and go when one is
 * opened a minute later. `now` is for tests.
 */
export const createSessions = (sql: Sql, now: () => number = Date.now): Vault['sessions'] => {
  const isOver = (at: Date) => sql`(expires_at <= ${at} or last_used_at <= ${new Date(at.getTime() - IDLE_MS)})`

  const keep = (into: ISql, sessionId: string, secret: string, generation: number, at: Date) => into`
    insert into vault.refresh_tokens (secret_hash, session_id, generation, made_at)
    values (${hashOf(secret)}, ${sessionId}, ${generation}, ${at})`

  const renew = async (transaction: ISql, secret: string): Promise<Renewal | undefined> => {
    const at = new Date(now())
    // The row is locked: of two renewals at once the second sees what the first has done.
    const [row] = await transaction<RenewalRow[]>`
      select session_id, account_id, created_at, expires_at, authenticated_at, second_factor, sessions.generation, renewed_at, retried,
        refresh_tokens.generation as token_generation
      from vault.sessions join vault.refresh_tokens using (session_id)
      where secret_hash = ${hashOf(secret)} and not ${isOver(at)}
      for update of sessions`
    if (!row) return undefined
    const meaning = meaningOf(row, at.getTime())
    const session = sessionOf(row)
    if (meaning === 'reused') return { kind: 'reused', session }
    const generation = meaning === 'next' ? row.generation + 1 : row.generation
    const next = newSecret()
    await keep(transaction, session.sessionId, next, generation, at)
    await transaction`
      update vault.sessions set last_used_at = ${at}, generation = ${generation}, retried = ${meaning === 'retry'},
        renewed_at = ${meaning === 'next' ? at : row.renewed_at}
      where session_id = ${session.sessionId}`
    await transaction`
      delete from vault.refresh_tokens
      where session_id = ${session.sessionId} and made_at < ${new Date(at.getTime() - USED_KEPT_MS)}
        and generation < ${generation}`
    return { kind: 'renewed', session, secret: next }
  }

  const sweep = sweeper(now, SWEEP_MS, (at) => sql`delete from vault.sessions where ${isOver(new Date(at))}`)

  /** Sessions that are opened at once are one statement, and one write of the log of Postgres. */
  const insert = gathered<Opened>(async (opened) => {
    await sweep()
    const json = sql.json(opened as never)
    await sql`
      with rows as (
        select * from jsonb_to_recordset(${json}) as r
          (session_id uuid, account_id text, created_at timestamptz, expires_at timestamptz, device text,
            second_factor boolean, secret_hash text)),
      opened as (
        insert into vault.sessions
          (session_id, account_id, created_at, expires_at, authenticated_at, last_used_at, device, second_factor)
        select session_id, account_id, created_at, expires_at, created_at, created_at, device, second_factor from rows)
      insert into vault.refresh_tokens (secret_hash, session_id, generation, made_at)
      select decode(secret_hash, 'hex'), session_id, 0, created_at from rows`
  })

  return {
    open: async (accountId, lifetimeMs, { device, secondFactor = false } = {}) => {
      const secret = newSecret()
      const createdAt = now()
      const expiresAt = createdAt + lifetimeMs
      const times = { createdAt, expiresAt, authenticatedAt: createdAt }
      const session: Session = { sessionId: randomUUID(), accountId, ...times, secondFactor }
      await insert({
        session_id: session.sessionId,
        account_id: accountId,
        created_at: new Date(createdAt),
        expires_at: new Date(expiresAt),
        device: device?.slice(0, DEVICE_CHARACTERS).replaceAll('\0', '') ?? null,
        second_factor: secondFactor,
        secret_hash: hashOf(secret).toString('hex'),
      })
      return { session, secret }
    },
    find: async (secret) => {
      const at = now()
      const [row] = await sql<RenewalRow[]>`
        select session_id, account_id, created_at, expires_at, authenticated_at, second_factor, sessions.generation, renewed_at, retried,
          refresh_tokens.generation as token_generation
        from vault.sessions join vault.refresh_tokens using (session_id)
        where secret_hash = ${hashOf(secret)} and not ${isOver(new Date(at))}`
      return row && meaningOf(row, at) !== 'reused' ? sessionOf(row) : undefined
    },
    renew: (secret) => sql.begin((transaction) => renew(transaction, secret)) as Promise<Renewal | undefined>,
    isOpen: async (sessionId) => {
      const rows = await sql`
        select 1 from vault.sessions where session_id = ${sessionId} and expires_at > ${new Date(now())}`
      return rows.length > 0
    },
    authenticate: async (sessionId, secondFactor, shownAt) => {
      const at = new Date(now())
      const secret = newSecret()
      // No grace for the secret before: it may be a thief's, and must not come by what its owner has shown now.
      const [row] = await sql<Row[]>`
        with shown as (
          update vault.sessions set authenticated_at = greatest(authenticated_at, ${new Date(shownAt)}), second_factor = second_factor or ${secondFactor},
            generation = generation + 1, renewed_at = ${at}, retried = true, last_used_at = ${at}
          where session_id = ${sessionId} and not ${isOver(at)}
          returning *),
        kept as (
          insert into vault.refresh_tokens (secret_hash, session_id, generation, made_at)
          select ${hashOf(secret)}, session_id, generation, ${at} from shown)
        select session_id, account_id, created_at, expires_at, authenticated_at, second_factor from shown`
      return row && { session: sessionOf(row), secret }
    },
    close: async (sessionId) => {
      await sql`delete from vault.sessions where session_id = ${sessionId}`
    },
    idsOf: async (accountId) => {
      const rows = await sql<Row[]>`
        select session_id from vault.sessions where account_id = ${accountId} and not ${isOver(new Date(now()))}`
      return rows.map((row) => row.session_id)
    },
    listOf: async (accountId) => {
      const rows = await sql<DetailRow[]>`
        select session_id, account_id, created_at, expires_at, authenticated_at, second_factor, device, last_used_at
        from vault.sessions
        where account_id = ${accountId} and not ${isOver(new Date(now()))}
        order by last_used_at desc, session_id`
      return rows.map(
        (row): SessionDetails => ({ ...sessionOf(row), device: row.device, lastUsedAt: row.last_used_at.getTime() }),
      )
    },
    closeAll: async (accountId, openedBy) => {
      const end = openedBy === undefined ? null : new Date(openedBy)
      const rows = await sql<Row[]>`
        delete from vault.sessions
        where account_id = ${accountId} and (${end}::timestamptz is null or created_at <= ${end})
        returning session_id`
      return rows.map((row) => row.session_id)
    },
  }
}
