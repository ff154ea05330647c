import { isNumericId } from '#libs/access/principal.ts'
import type { Rejection } from '#libs/journal/decider.ts'
import { reject } from '../errors.ts'
import type { IdentityState } from '../state.ts'

/** Hashes of handles are never decimal numbers below 2^53: they have 43 characters. */
export const notAHandleKey = ({ key }: IdentityState): Rejection | undefined =>
  isNumericId(key) ? reject('identity.wrong_aggregate') : undefined

export const notAnAccountKey = ({ key }: IdentityState): Rejection | undefined =>
  isNumericId(key) ? undefined : reject('identity.wrong_aggregate')

export const handleTaken = (state: IdentityState): Rejection | undefined =>
  state.kind === 'handle' ? reject('identity.handle_taken') : undefined

export const handleNotHeld = (state: IdentityState, holderId: string): Rejection | undefined =>
  state.kind === 'handle' && state.holderId === holderId ? undefined : reject('identity.handle_not_held')

export const accountExists = (state: IdentityState): Rejection | undefined => {
  if (state.kind !== 'account') return undefined
  return reject(state.erased ? 'identity.account_erased' : 'identity.account_exists')
}

export const accountNotOpen = (state: IdentityState): Rejection | undefined => {
  if (state.kind !== 'account') return reject('identity.account_unknown')
  return state.erased ? reject('identity.account_erased') : undefined
}
