/** A query asked for a position that the read model has not reached in time (HTTP 503 with Retry-After). */
export class ReadModelBehind extends Error {
  readonly code = 'platform.behind'
  readonly retryAfterSeconds = 1
}

/** A position token is not `<family>.<partition>.<n>` (HTTP 400). */
export class MalformedToken extends Error {
  readonly code = 'readmodel.malformed_token'
}

/** Somebody else has moved the positions: this writer is late, and reads again from where they stand. */
export class PositionConflict extends Error {
  readonly code = 'readmodel.position_conflict'
}

/** The build has been switched away from, so its positions are gone. */
export class BuildRetired extends Error {
  readonly code = 'readmodel.build_retired'
}

/** The record at a stored position is not the one it names, or has gone: the build cannot be gone on with. */
export class PositionInvalid extends Error {
  readonly code = 'readmodel.position_invalid'
}

/** There is no projection of that name. */
export class UnknownProjection extends Error {
  readonly code = 'readmodel.unknown_projection'
}

/** Somebody else is rebuilding the projection. */
export class RebuildUnderWay extends Error {
  readonly code = 'readmodel.rebuild_under_way'
}

/** So much is parked that the projection itself must be at fault; it stops rather than parks the journal. */
export class TooMuchParked extends Error {
  readonly code = 'readmodel.too_much_parked'
}

const codeOf = (error: unknown): string | undefined => {
  const code = (error as { readonly code?: unknown } | null)?.code
  return typeof code === 'string' ? code : undefined
}

/** SQLSTATE classes in which the engine, not the record, is at fault: appendix A of the Postgres manual. */
const engineClasses = new Set(['08', '25', '40', '53', '55', '57', '58', 'XX'])
const connectionCodes =
  /^(CONNECTION_|CONNECT_TIMEOUT|ECONN|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENOTFOUND|EAI_AGAIN|NOT_TAGGED)/
const sqlState = /^[0-9A-Z]{5}$/

/** What else passes: a read model that is behind, a mail server that is away or takes a mail later. */
const passing = new Set(['platform.behind', 'mail.away', 'mail.deferred'])

/** The same attempt may succeed later: Postgres is away, full, or chose this transaction to give way. */
export const isTransient = (error: unknown): boolean => {
  const code = codeOf(error)
  if (code === undefined) return false
  return passing.has(code) || connectionCodes.test(code) || (sqlState.test(code) && engineClasses.has(code.slice(0, 2)))
}

/** Class 42: a table or column that is not there. Every record would fail, so it is no fault of this one. */
const isBroken = (error: unknown): boolean => {
  const code = codeOf(error)
  return code !== undefined && sqlState.test(code) && code.startsWith('42')
}

/** The record cannot be applied, now or later: it is to be parked. */
export const isPoison = (error: unknown): boolean =>
  !isTransient(error) &&
  !isBroken(error) &&
  !(error instanceof PositionConflict || error instanceof BuildRetired || error instanceof TooMuchParked)

/**
 * What may be kept of an error that a record caused: its code, and where it arose. Never its message, which may quote
 * personal text.
 */
export const redacted = (error: unknown): { readonly code: string; readonly at: string } => {
  const { name, table_name, column_name, constraint_name, stack } = (error ?? {}) as Record<string, unknown>
  const code = codeOf(error)
  const place = [table_name, column_name, constraint_name].filter((part) => typeof part === 'string').join(' ')
  const frame = /\((?:file:\/\/)?[^()]*?((?:libs|apps)\/[^()]+)\)/.exec(typeof stack === 'string' ? stack : '')?.[1]
  return {
    code: code === undefined ? String(name ?? 'Error') : sqlState.test(code) ? `postgres.${code}` : code,
    at: place || (frame ?? ''),
  }
}
