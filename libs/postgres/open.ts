import postgres, { type Options, type Sql } from 'postgres'
import { readAddress } from './address.ts'

export type PostgresOptions = Pick<
  Options<Record<string, never>>,
  'max' | 'connection' | 'idle_timeout' | 'connect_timeout'
>

/**
 * An attempt that nobody answers is given up after so long, in seconds; the library would wait for 30. One that begins
 * while a killed server is started again was seen to hang, though the server answered others.
 */
const CONNECT_TIMEOUT_SECONDS = 4

/** The longest pause between two attempts to connect. */
const LONGEST_PAUSE_SECONDS = 0.5

/**
 * The pause before the next attempt, in seconds, half of it by chance. By default postgres.js 3.4 waits up to 20 s, and
 * failures of all connections of a pool count together: a server that was away for three seconds would be missed for
 * twenty.
 */
const pauseSeconds = (failures: number): number =>
  Math.min(LONGEST_PAUSE_SECONDS, 0.02 * 2 ** failures) * (0.5 + Math.random() / 2)

/**
 * Opens a pool of connections, the only way in which whiply does. Nothing is connected before the first query. A server
 * that goes away rejects the queries under way, and never ends the process; one that is back is found within half a
 * second.
 *
 * Array types are not looked up, so no array is ever a parameter; lists go as JSON: the library does that look-up at each
 * connect, and a failure of it would reach nobody but `uncaughtException`.
 */
export const openPostgres = (databaseUrl: string, options: PostgresOptions = {}): Sql => {
  const { url, ssl } = readAddress(databaseUrl)
  const sql = postgres(url, {
    connect_timeout: CONNECT_TIMEOUT_SECONDS,
    ...options,
    connection: { application_name: 'whiply', ...options.connection },
    ...(ssl !== undefined && { ssl }),
    fetch_types: false,
    backoff: pauseSeconds,
    onnotice: () => {},
  }) as Sql
  const begin = sql.begin.bind(sql) as (...args: unknown[]) => Promise<unknown>
  const guarded = (...args: readonly unknown[]) => {
    const work = args.at(-1) as (transaction: unknown) => unknown
    return begin(...args.slice(0, -1), (transaction: unknown) => untilClosed(() => work(transaction)))
  }
  return Object.assign(sql, { begin: guarded as Sql['begin'] })
}

const connectionLost = new Set(['CONNECTION_CLOSED', 'CONNECTION_DESTROYED', 'CONNECTION_ENDED', 'ECONNRESET', 'EPIPE'])

/**
 * When a connection is lost within a transaction, postgres.js 3.4 rejects the transaction by itself; but it also sends a
 * rollback over the connection that is gone, which throws where nobody can catch it. So work that failed for want of its
 * connection is not heard of again, and the library's own rejection is what the caller gets.
 */
const untilClosed = async (work: () => unknown): Promise<unknown> => {
  try {
    return await work()
  } catch (error) {
    if (connectionLost.has((error as { code?: string }).code ?? '')) await new Promise(() => {})
    throw error
  }
}
