import type { SendMailOptions } from 'nodemailer'
import type { Mail } from './mailer.ts'

/**
 * A mail as nodemailer takes it. The receiver is one address and no list: an address with a comma in it reaches nobody
 * else. No program answers it with a note of absence (RFC 3834, 5).
 */
export const message = (from: string, { to, subject, text }: Mail): SendMailOptions => ({
  from,
  to: { name: '', address: to },
  subject,
  text,
  headers: { 'Auto-Submitted': 'auto-generated' },
  disableFileAccess: true,
  disableUrlAccess: true,
})
