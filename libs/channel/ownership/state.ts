import type { Instant } from '#libs/journal/log.ts'
import type { ChannelEvent, ChannelEventOf } from '../events.ts'

/** Whose a channel is to be, and by which slug it goes. */
export type Ownership = {
  readonly offer: { readonly to: string; readonly until: Instant } | null
  /** Null until the slug was changed. */
  readonly slugKey: string | null
  readonly renamedAt: Instant | null
}

export const newOwnership: Ownership = { offer: null, slugKey: null, renamedAt: null }

export type OwnershipEvent = ChannelEventOf<
  'ChannelOffered' | 'OfferWithdrawn' | 'ChannelTransferred' | 'ChannelRenamed'
>

export const isOwnershipEvent = (event: ChannelEvent): event is OwnershipEvent =>
  event.type === 'ChannelOffered' ||
  event.type === 'OfferWithdrawn' ||
  event.type === 'ChannelTransferred' ||
  event.type === 'ChannelRenamed'

export const evolveOwnership = (ownership: Ownership, event: OwnershipEvent, at: Instant): Ownership => {
  switch (event.type) {
    case 'ChannelOffered':
      return { ...ownership, offer: { to: event.to, until: event.until } }
    case 'OfferWithdrawn':
    case 'ChannelTransferred':
      return { ...ownership, offer: null }
    case 'ChannelRenamed':
      return { ...ownership, slugKey: event.slugKey, renamedAt: at }
  }
}
