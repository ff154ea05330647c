import type { Instant } from '#libs/journal/log.ts'
import type { IdentityEvent } from '../events.ts'

/** What an account is to its owner, as far as later rules need it. */
export type Own = {
  /** How many addresses were confirmed. */
  readonly emailRevision: number
  /** Null where the account was opened before handles were told to it. */
  readonly handleKey: string | null
  readonly handleChangedAt: Instant | null
  /** Null where nothing is kept for the name shown. */
  readonly displayNameKey: string | null
  readonly termsVersion: string | null
  readonly blocked: readonly string[]
  readonly deactivated: boolean
  readonly eraseAt: Instant | null
  /** When its owner was handed all about it last. */
  readonly exportedAt: Instant | null
}

export const newOwn = {
  emailRevision: 0,
  handleChangedAt: null,
  blocked: [],
  deactivated: false,
  eraseAt: null,
  exportedAt: null,
} as const

/** Undefined where the event is none of these. */
export const evolveOwn = <Account extends Own>(
  account: Account,
  event: IdentityEvent,
  at: Instant,
): Account | undefined => {
  switch (event.type) {
    case 'EmailConfirmed':
      return { ...account, emailRevision: event.revision }
    case 'HandleChanged':
      return { ...account, handleKey: event.handleKey, handleChangedAt: at }
    case 'TermsAccepted':
      return { ...account, termsVersion: event.version }
    case 'ProfileChanged':
      return { ...account, displayNameKey: event.displayNameKey ?? account.displayNameKey }
    case 'AccountBlocked':
      return { ...account, blocked: [...account.blocked, event.blocked] }
    case 'AccountUnblocked':
      return { ...account, blocked: account.blocked.filter((blocked) => blocked !== event.blocked) }
    case 'AccountDeactivated':
      return { ...account, deactivated: true }
    case 'AccountReactivated':
      return { ...account, deactivated: false }
    case 'ErasureScheduled':
      return { ...account, eraseAt: event.eraseAt }
    case 'ErasureCancelled':
      return { ...account, eraseAt: null }
    case 'PersonalDataExported':
      return event.actor === event.accountId ? { ...account, exportedAt: at } : account
    default:
      return undefined
  }
}
