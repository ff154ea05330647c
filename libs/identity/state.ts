import type { EvolveContext } from '#libs/journal/decider.ts'
import type { IdentityEvent } from './events.ts'
import { evolveSecurity, newSecurity, type Security } from './security/state.ts'

/** Nothing has happened by this key, or the handle was given back. */
export type Unused = { readonly kind: 'none'; readonly key: string }

/** A handle that is held, for ever unless it is given back; the key is its hash. */
export type HeldHandle = {
  readonly kind: 'handle'
  readonly key: string
  readonly holderKind: 'account' | 'channel'
  readonly holderId: string
}

/** An account; the key is its id. */
export type Account = Security & {
  readonly kind: 'account'
  readonly key: string
  readonly erased: boolean
  /** How many addresses were confirmed. */
  readonly emailRevision: number
}

/** The family `account` holds accounts by id, and handles by hash; which one a key is shows by its form. */
export type IdentityState = Unused | HeldHandle | Account

export const initial = (key: string): IdentityState => ({ kind: 'none', key })

export const evolve = (state: IdentityState, event: IdentityEvent, _context: EvolveContext): IdentityState => {
  const { key } = state
  switch (event.type) {
    case 'HandleClaimed':
      return { kind: 'handle', key, holderKind: event.holderKind, holderId: event.holderId }
    case 'HandleReleased':
      return { kind: 'none', key }
    case 'AccountOpened':
      return {
        kind: 'account',
        key,
        platformRole: event.platformRole,
        erased: false,
        emailRevision: 0,
        ...newSecurity,
      }
    case 'AccountErased':
      return state.kind === 'account' ? { ...state, erased: true } : state
    case 'EmailConfirmed':
      return state.kind === 'account' ? { ...state, emailRevision: event.revision } : state
    // Passwords and sessions stand in the vault; edges and managers act on their events.
    default:
      return state.kind === 'account' ? evolveSecurity(state, event) : state
  }
}
