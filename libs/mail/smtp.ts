import { MailError, type MailErrorCode, type Mailer } from './mailer.ts'
import { message } from './message.ts'

export type SmtpOptions = {
  /** `smtp://user:password@host:port`, or `smtps://` for TLS from the first byte. */
  readonly url: string
  readonly from: string
  readonly timeoutMs?: number
}

/** What nodemailer says where a server took us, but not this receiver, or not this text. */
const ofTheMail: readonly string[] = ['EENVELOPE', 'EMESSAGE']

/** The server is about to close the connection, whatever was asked (RFC 5321, 3.8). */
const CLOSING = 421

/** By its reply a server says whether to come again: 4xx yes, 5xx no (RFC 5321, 4.2.1). */
const meaningOf = (code: string, reply: number): MailErrorCode => {
  if (reply >= 500) return 'mail.refused'
  return reply >= 400 && reply !== CLOSING && ofTheMail.includes(code) ? 'mail.deferred' : 'mail.away'
}

/** Mail by SMTP, over a few connections that are kept. Speaks TLS wherever the server offers it. */
export const smtpMailer = ({ url, from, timeoutMs = 10_000 }: SmtpOptions): Mailer => {
  const open = async () =>
    (await import('nodemailer')).createTransport({
      url,
      pool: true,
      maxConnections: 2,
      connectionTimeout: timeoutMs,
      greetingTimeout: timeoutMs,
      socketTimeout: timeoutMs,
    })
  // Loaded with the first mail: it takes 6 MiB.
  let transport: ReturnType<typeof open> | undefined
  return {
    send: async (mail) => {
      try {
        transport ??= open()
        await (await transport).sendMail(message(from, mail))
      } catch (error) {
        // The server's own words may hold the address.
        const { code = 'none', responseCode = 0 } = error as { readonly code?: string; readonly responseCode?: number }
        throw new MailError(
          meaningOf(code, responseCode),
          `The mail server did not take a mail (${code}, reply ${responseCode}).`,
        )
      }
    },
    forget: async () => {},
    close: async () => (await transport)?.close(),
  }
}
