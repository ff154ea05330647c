import type { EvolveContext } from '#libs/journal/decider.ts'
import type { Instant } from '#libs/journal/log.ts'
import { evolveOwn, newOwn, type Own } from './account/state.ts'
import { type BannedAddress, evolveAddress } from './addresses/state.ts'
import type { IdentityEvent } from './events.ts'
import { evolveFactors, type Factors, newFactors } from './factors/state.ts'
import { evolveName, type HeldName } from './names/state.ts'
import { evolveSecurity, newSecurity, type Security } from './security/state.ts'

/** Nothing has happened by this key, or the handle was given back. */
export type Unused = { readonly kind: 'none'; readonly key: string }

/** A handle that is held, until it is given back or its retirement is over; the key is its hash. */
export type HeldHandle = {
  readonly kind: 'handle'
  readonly key: string
  readonly holderKind: 'account' | 'channel'
  readonly holderId: string
  readonly ownerId: string
  /** Key of the name that it looks like; null where none is kept for it. */
  readonly nameKey: string | null
  /** Not in use any more, and kept until then for who had it. */
  readonly retiredUntil: Instant | null
}

/** An account; the key is its id. */
export type Account = Security &
  Own &
  Factors & {
    readonly kind: 'account'
    readonly key: string
    readonly erased: boolean
  }

/** The family `account` holds accounts by id, handles and names by hash; whether it is an account a key shows by its form. */
export type IdentityState = Unused | HeldHandle | HeldName | BannedAddress | Account

export const initial = (key: string): IdentityState => ({ kind: 'none', key })

const evolveAccount = (account: Account, event: IdentityEvent, at: Instant): Account =>
  event.type === 'AccountErased'
    ? { ...account, erased: true, eraseAt: null }
    : // Secrets and sessions stand in the vault; edges and managers act on their events.
      (evolveOwn(account, event, at) ?? evolveFactors(account, event) ?? evolveSecurity(account, event))

export const evolve = (state: IdentityState, event: IdentityEvent, { at }: EvolveContext): IdentityState => {
  const { key } = state
  switch (event.type) {
    case 'HandleClaimed': {
      const { holderKind, holderId, ownerId, nameKey } = event
      return { kind: 'handle', key, holderKind, holderId, ownerId, nameKey, retiredUntil: null }
    }
    case 'HandleTaken': {
      const { holderId, nameKey } = event
      const held = state.kind === 'handle' ? state.nameKey : nameKey
      return {
        kind: 'handle',
        key,
        holderKind: 'account',
        holderId,
        ownerId: holderId,
        nameKey: held,
        retiredUntil: null,
      }
    }
    case 'HandleRetired':
      return state.kind === 'handle' ? { ...state, retiredUntil: event.until } : state
    case 'HandleReleased':
      return { kind: 'none', key }
    case 'AccountOpened':
      return {
        kind: 'account',
        key,
        platformRole: event.platformRole,
        erased: false,
        ...newSecurity,
        ...newOwn,
        ...newFactors,
        handleKey: event.handleKey,
        displayNameKey: event.displayNameKey,
        termsVersion: event.termsVersion,
      }
    case 'AddressBanned':
    case 'AddressBanLifted':
      return evolveAddress(key, event) ?? state
    default:
      if (state.kind === 'account') return evolveAccount(state, event, at)
      return state.kind === 'handle' || state.kind === 'address' ? state : (evolveName(state, event) ?? state)
  }
}
