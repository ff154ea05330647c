import { createTransport } from 'nodemailer'
import { MailError, type Mailer } from './mailer.ts'
import { message } from './message.ts'

export type SmtpOptions = {
  /** `smtp://user:password@host:port`, or `smtps://` for TLS from the first byte. */
  readonly url: string
  readonly from: string
  readonly timeoutMs?: number
}

/** By its reply a server says whether to come again: 4xx yes, 5xx no (RFC 5321, 4.2.1). */
const isRefusal = ({ responseCode = 0 }: { readonly responseCode?: number }): boolean => responseCode >= 500

/** Mail by SMTP, over a few connections that are kept. Speaks TLS wherever the server offers it. */
export const smtpMailer = ({ url, from, timeoutMs = 10_000 }: SmtpOptions): Mailer => {
  const transport = createTransport({
    url,
    pool: true,
    maxConnections: 2,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
  })
  return {
    send: async (mail) => {
      try {
        await transport.sendMail(message(from, mail))
      } catch (error) {
        // The server's own words may hold the address.
        const { code = 'none', responseCode = 0 } = error as { readonly code?: string; readonly responseCode?: number }
        throw new MailError(
          isRefusal({ responseCode }) ? 'mail.refused' : 'mail.away',
          `The mail server did not take a mail (${code}, reply ${responseCode}).`,
        )
      }
    },
    forget: async () => {},
    close: async () => transport.close(),
  }
}
