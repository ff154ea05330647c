/**
 * What a log's methods reject with.
 *
 * - `log.timeout`: no answer in time; the records may be there, or appear later
 * - `log.append-failed`: the broker or the connection refused; the records may be there all the same
 * - `log.appender-spent`: an earlier append on this appender failed, so it takes no more
 * - `log.closed`: the log, appender or tail was closed
 * - `log.unknown-topic`: there is no such topic or partition
 * - `log.hole`: offsets are missing in the log itself, read after read
 * - `log.unavailable`: the engine does not answer
 * - `log.fenced`: another publisher of the same transactional id has been opened
 * - `log.out-of-range`: the offset has aged out, or lies beyond the end
 */
export type LogErrorCode =
  | 'log.timeout'
  | 'log.append-failed'
  | 'log.appender-spent'
  | 'log.closed'
  | 'log.unknown-topic'
  | 'log.hole'
  | 'log.unavailable'
  | 'log.fenced'
  | 'log.out-of-range'

export class LogError extends Error {
  readonly code: LogErrorCode

  constructor(code: LogErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** What was thrown, as an error. */
export const asError = (thrown: unknown): Error => (thrown instanceof Error ? thrown : new Error(String(thrown)))
