import type { Instant } from '#libs/journal/log.ts'
import type { IdentityEvent } from '../events.ts'

export type Factor = { readonly factor: 'totp' | 'passkey'; readonly factorId: string }

/** By what an account is logged in to, as far as later rules need it: secrets and public keys stand in the vault. */
export type Factors = {
  /** Beside the password. */
  readonly factors: readonly Factor[]
  /** The password was taken away: passkeys are all there is. */
  readonly passwordless: boolean
  readonly factorResetAt: Instant | null
}

export const newFactors = { factors: [], passwordless: false, factorResetAt: null } as const

/** Undefined where the event is none of these. */
export const evolveFactors = <Account extends Factors>(account: Account, event: IdentityEvent): Account | undefined => {
  switch (event.type) {
    case 'FactorAdded': {
      const { factor, factorId } = event
      return { ...account, factors: [...account.factors, { factor, factorId }] }
    }
    case 'FactorRemoved':
      return { ...account, factors: account.factors.filter(({ factorId }) => factorId !== event.factorId) }
    case 'PasswordRemoved':
      return { ...account, passwordless: true }
    case 'PasswordChanged':
      return { ...account, passwordless: false }
    case 'FactorResetScheduled':
      return { ...account, factorResetAt: event.resetAt }
    case 'FactorResetCancelled':
      return { ...account, factorResetAt: null }
    case 'FactorsReset':
      return { ...account, factors: [], factorResetAt: null }
    default:
      return undefined
  }
}
