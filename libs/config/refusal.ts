/**
 * Why an engine of one's own cannot be used.
 *
 * - `unreachable`: nobody answers at its address
 * - `connection_closed`: it ended the connection without a word, as one does that speaks TLS to one that does not
 * - `tls_refused`: what answers speaks no TLS, or none that both sides know
 * - `credentials_refused`: user or password are wrong, or may not do this
 * - `certificate_untrusted`: its certificate is of an authority that is not trusted here
 * - `certificate_expired`: its certificate is not valid now
 * - `certificate_of_another`: its certificate is for another name than the one by which it was called
 * - `client_certificate_refused`: it wants a certificate of this side, and got none or one that it does not trust
 * - `database_missing`: the server has no such database
 */
export type RefusalReason =
  | 'unreachable'
  | 'connection_closed'
  | 'tls_refused'
  | 'credentials_refused'
  | 'certificate_untrusted'
  | 'certificate_expired'
  | 'certificate_of_another'
  | 'client_certificate_refused'
  | 'database_missing'

/** An engine that the settings name and that cannot be used; the message is for the operator and ends with the code. */
export class EngineRefused extends Error {
  override readonly name = 'EngineRefused'
  /** `kafka.certificate_expired`, `postgres.unreachable` and so on. */
  readonly code: string
  readonly reason: RefusalReason

  constructor(engine: 'kafka' | 'postgres', reason: RefusalReason, message: string, options?: ErrorOptions) {
    super(`${message} (${engine}.${reason})`, options)
    this.code = `${engine}.${reason}`
    this.reason = reason
  }
}

/** Codes of `node:net`, `node:dns`, `node:tls` and OpenSSL's verification, by what they mean here. */
const reasons: readonly (readonly [RegExp, RefusalReason])[] = [
  [/^(CERT_HAS_EXPIRED|CERT_NOT_YET_VALID)$/, 'certificate_expired'],
  [/^ERR_TLS_CERT_ALTNAME/, 'certificate_of_another'],
  [/^(UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|CERT_|INVALID_CA|HOSTNAME_MISMATCH)/, 'certificate_untrusted'],
  [/^ERR_SSL_.*ALERT.*(CERTIFICATE|UNKNOWN_CA)/, 'client_certificate_refused'],
  [/^(ERR_SSL_|EPROTO)/, 'tls_refused'],
  [/^(ECONNRESET|EPIPE|CONNECTION_CLOSED|CONNECTION_ENDED)$/, 'connection_closed'],
  [/^(ECONNREFUSED|ENOTFOUND|EAI_\w+|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|CONNECT_TIMEOUT)$/, 'unreachable'],
]

/** @returns undefined for a code that says nothing of the connection */
export const reasonOf = (code: string): RefusalReason | undefined =>
  reasons.find(([pattern]) => pattern.test(code))?.[1]
