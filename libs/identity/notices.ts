import type { Mail } from '#libs/mail/mailer.ts'
import type { IdentityEvent } from './events.ts'
import {
  erasureScheduledMail,
  factorFailedMail,
  factorResetCancelledMail,
  factorsChangedMail,
  factorsResetMail,
  type Notice,
  passwordChangedMail,
} from './mails.ts'

/** What owners of accounts hear of by mail, with nothing in it that stands in a vault. */
export const noticed = [
  'PasswordChanged',
  'PasswordRemoved',
  'FactorAdded',
  'FactorRemoved',
  'RecoveryCodesIssued',
  'FactorFailed',
  'FactorsReset',
  'FactorResetCancelled',
  'ErasureScheduled',
] as const satisfies IdentityEvent['type'][]

const changed =
  (what: string) =>
  (named: Notice): Mail =>
    factorsChangedMail({ ...named, what })

/** The mail to the owner that an event asks for; undefined of what asks for none. */
export const noticeOf = (event: IdentityEvent): ((named: Notice) => Mail) | undefined => {
  switch (event.type) {
    case 'PasswordChanged':
      return passwordChangedMail
    case 'PasswordRemoved':
      return changed('the password was taken away')
    case 'FactorAdded':
      return changed(event.factor === 'totp' ? 'codes of an app were set up' : 'a passkey was added')
    case 'FactorRemoved':
      return changed(event.factor === 'totp' ? 'codes of an app were taken away' : 'a passkey was removed')
    case 'RecoveryCodesIssued':
      return changed('new recovery codes were made')
    case 'FactorFailed':
      return factorFailedMail
    case 'FactorsReset':
      return factorsResetMail
    case 'FactorResetCancelled':
      return factorResetCancelledMail
    case 'ErasureScheduled':
      return (named) => erasureScheduledMail({ ...named, eraseAt: event.eraseAt })
    default:
      return undefined
  }
}
