import type { Instant } from '#libs/journal/log.ts'
import type { IdentityEvent } from '../events.ts'
import type { Unused } from '../state.ts'

/** A name and all that look like it; the key is an HMAC of the look. It belongs to one account, or to nobody. */
export type HeldName = {
  readonly kind: 'name'
  readonly key: string
  readonly holderId: string
  /** How many handles and names shown of the holder look like it. */
  readonly uses: number
  /** Until when it is kept free for the holder, who is about to use it. */
  readonly reservedUntil: Instant | null
  /** Key of the handle for which it was reserved last; null where that was none, but a name shown. */
  readonly handleKey: string | null
}

const orUnused = (name: HeldName): HeldName | Unused =>
  name.uses <= 0 && name.reservedUntil === null ? { kind: 'none', key: name.key } : name

/** Undefined where the event is none of names. */
export const evolveName = (state: HeldName | Unused, event: IdentityEvent): HeldName | Unused | undefined => {
  const uses = state.kind === 'name' ? state.uses : 0
  const handleKey = state.kind === 'name' ? state.handleKey : null
  switch (event.type) {
    case 'NameReserved': {
      const { holderId, until } = event
      const reservedFor = event.handleKey ?? handleKey
      return { kind: 'name', key: state.key, holderId, uses, reservedUntil: until, handleKey: reservedFor }
    }
    case 'NameKept': {
      const { holderId } = event
      return { kind: 'name', key: state.key, holderId, uses: uses + event.uses, reservedUntil: null, handleKey }
    }
    case 'NameReleased':
      return state.kind === 'name' ? orUnused({ ...state, uses: uses - 1 }) : state
    case 'NameReservationEnded':
      return state.kind === 'name' ? orUnused({ ...state, reservedUntil: null }) : state
    default:
      return undefined
  }
}
