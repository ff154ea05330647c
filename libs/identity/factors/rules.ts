import type { Rejection } from '#libs/journal/decider.ts'
import { reject } from '../errors.ts'
import type { Account } from '../state.ts'
import type { Factor } from './state.ts'

/** More devices than anybody has. */
export const maxPasskeys = 20

const maxResetDelayMs = 90 * 24 * 60 * 60_000

const passkeysOf = (account: Account): readonly Factor[] => account.factors.filter(({ factor }) => factor === 'passkey')

export const unfitFactor = (account: Account, { factor, factorId }: Factor): Rejection | undefined => {
  const isThere = account.factors.some(
    (each) => each.factorId === factorId || (each.factor === factor && factor === 'totp'),
  )
  if (isThere) return reject('identity.factor_exists')
  return factor === 'passkey' && passkeysOf(account).length >= maxPasskeys
    ? reject('identity.too_many_factors', { max: maxPasskeys })
    : undefined
}

export const noSuchFactor = (account: Account, factor: Factor['factor'], factorId?: string): Rejection | undefined =>
  account.factors.some((each) => each.factor === factor && (factorId === undefined || each.factorId === factorId))
    ? undefined
    : reject('identity.factor_unknown')

/** Codes by time are a second factor: with them alone nobody logs in. */
export const lastFactor = (account: Account, removed: Factor): Rejection | undefined => {
  const left = passkeysOf(account).filter(({ factorId }) => factorId !== removed.factorId)
  return account.passwordless && left.length === 0 ? reject('identity.last_factor') : undefined
}

export const withoutPasskey = (account: Account): Rejection | undefined =>
  passkeysOf(account).length === 0 ? reject('identity.last_factor') : undefined

export const nothingToReset = (account: Account): Rejection | undefined =>
  account.factors.length === 0 ? reject('identity.factor_unknown') : undefined

/** Without a wait nobody could say that it was not they who asked. */
export const unfitResetDelay = (delayMs: number): Rejection | undefined =>
  delayMs > 0 && delayMs <= maxResetDelayMs ? undefined : reject('identity.delay_invalid', { max: maxResetDelayMs })

export const noResetScheduled = (account: Account): Rejection | undefined =>
  account.factorResetAt === null ? reject('identity.factor_reset_not_scheduled') : undefined
