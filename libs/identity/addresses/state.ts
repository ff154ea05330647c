import type { Instant } from '#libs/journal/log.ts'
import type { IdentityEvent } from '../events.ts'
import type { Unused } from '../state.ts'

/** A range of addresses that is banned; the key is its HMAC. One whose time is over is as good as none. */
export type BannedAddress = { readonly kind: 'address'; readonly key: string; readonly until: Instant | null }

/** Undefined where the event is none of addresses. */
export const evolveAddress = (key: string, event: IdentityEvent): BannedAddress | Unused | undefined => {
  switch (event.type) {
    case 'AddressBanned':
      return { kind: 'address', key, until: event.until }
    case 'AddressBanLifted':
      return { kind: 'none', key }
    default:
      return undefined
  }
}
