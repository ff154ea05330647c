import { EngineRefused, type RefusalReason, reasonOf } from '#libs/config/refusal.ts'
import { untilReached } from '#libs/config/until-reached.ts'
import { openPostgres } from './open.ts'

/** What an operator reads; what the client or the server said follows in brackets. */
const sentences: Readonly<Record<RefusalReason, string>> = {
  unreachable: 'Postgres does not answer. Check host and port of DATABASE_URL',
  connection_closed: 'Postgres closed the connection. It may speak no TLS: check sslmode in DATABASE_URL',
  tls_refused: 'What answers speaks no TLS. Check sslmode, host and port of DATABASE_URL',
  credentials_refused: 'Postgres refuses the login. Check user, password and sslmode of DATABASE_URL',
  certificate_untrusted:
    "Postgres's certificate is of an authority that is not trusted here. Check sslrootcert in DATABASE_URL",
  certificate_expired: "Postgres's certificate is not valid now. Renew it, or set this machine's clock",
  certificate_of_another: "Postgres's certificate is for other names. Check the host of DATABASE_URL, or renew it",
  client_certificate_refused:
    'Postgres wants a certificate of a client that it trusts. Check sslcert and sslkey in DATABASE_URL',
  database_missing: 'Postgres has no such database. Make it, or check the end of DATABASE_URL',
}

/** SQLSTATEs that a server answers a connection with (PostgreSQL 18 documentation, appendix A). */
const states: Readonly<Record<string, RefusalReason>> = {
  '28000': 'credentials_refused',
  '28P01': 'credentials_refused',
  '3D000': 'database_missing',
  '53300': 'unreachable',
  '57P03': 'unreachable',
}

const ask = async (databaseUrl: string): Promise<void> => {
  const sql = openPostgres(databaseUrl, { max: 1, connect_timeout: 3 })
  try {
    await sql`select 1`
  } catch (caught) {
    const error = caught as Error & { readonly code?: unknown }
    const code = String(error.code ?? '')
    const reason = states[code] ?? reasonOf(code)
    if (reason === undefined) throw caught
    throw new EngineRefused('postgres', reason, `${sentences[reason]} [${error.message}].`, { cause: caught })
  } finally {
    await sql.end({ timeout: 0 })
  }
}

/**
 * Resolves once the server of the address answers a query.
 * @throws EngineRefused `postgres.…` by its reason: at once where it refuses, after `withinMs` where it does not answer
 */
export const reachPostgres = (
  databaseUrl: string,
  waiting: { readonly withinMs: number; readonly signal?: AbortSignal | undefined },
): Promise<void> => untilReached(() => ask(databaseUrl), waiting)
