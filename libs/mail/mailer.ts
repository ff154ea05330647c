/** A mail to one person, in plain text. */
export type Mail = {
  readonly to: string
  readonly subject: string
  readonly text: string
  /** The account that it is about. */
  readonly accountId: string
}

/** The mail port: SMTP, or files where no server is named. */
export type Mailer = {
  /** Resolves once the mail is with the server, or in its file. Rejects with `MailError`. */
  readonly send: (mail: Mail) => Promise<void>
  /** Destroys the mails about an account that are still here. */
  readonly forget: (accountId: string) => Promise<void>
  readonly close: () => Promise<void>
}

/**
 * Why a mail did not leave.
 *
 * - `mail.away`: no answer, or one that says to come again: worth another try
 * - `mail.deferred`: this one the server does not take now (4xx), others it may
 * - `mail.refused`: the server will not take it, however often it is sent (5xx), or does not let us in
 */
export type MailErrorCode = 'mail.away' | 'mail.deferred' | 'mail.refused'

/** The message names neither the receiver nor the text. */
export class MailError extends Error {
  readonly code: MailErrorCode

  constructor(code: MailErrorCode, message: string) {
    super(message)
    this.code = code
  }
}
