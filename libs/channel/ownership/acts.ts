import type { AccessRule } from '#libs/access/rule.ts'
import type { GrantableScope } from '#libs/access/scopes.ts'
import type { ActOf } from '#libs/protocols/native/acts.ts'
import type { OwnershipAct } from '#libs/protocols/native/ownership.ts'
import type { ChannelCommand } from '../commands.ts'

type Kind = OwnershipAct['kind']

/** The command of each act by which a channel changes hands. */
export const ownershipCommands: { readonly [K in Kind]: (act: ActOf<K>) => ChannelCommand } = {
  'offer-channel': ({ to, reason }) => ({ type: 'OfferChannel', to, reason: reason ?? null }),
  'withdraw-offer': ({ reason }) => ({ type: 'WithdrawOffer', reason: reason ?? null }),
  'accept-channel': () => ({ type: 'AcceptChannel' }),
}

/** Who may do each. */
export const ownershipRules: { readonly [K in Kind]: AccessRule } = {
  'offer-channel': { channel: 'transfer_channel' },
  'withdraw-offer': { channel: 'transfer_channel' },
  'accept-channel': 'signed in',
}

/** What a token must be good for to do each. */
export const ownershipScopes: { readonly [K in Kind]: GrantableScope } = {
  'offer-channel': 'channel:manage',
  'withdraw-offer': 'channel:manage',
  'accept-channel': 'channel:manage',
}
