import type { GrantableScope } from '#libs/access/scopes.ts'
import type { Act } from '#libs/protocols/native/acts.ts'
import { caseworkScopes } from '../casework/acts.ts'
import { ownershipScopes } from '../ownership/acts.ts'
import { pollScopes } from '../polls/acts.ts'

/** What a token must be good for to do each: what members do, what moderators do, and what changes the channel itself. */
const scopes: { readonly [Kind in Act['kind']]: GrantableScope } = {
  follow: 'chat:write',
  unfollow: 'chat:write',
  'acknowledge-warning': 'chat:write',
  'accept-rules': 'chat:write',
  'edit-message': 'chat:write',
  ...caseworkScopes,
  ...ownershipScopes,
  ...pollScopes,
  'set-mode': 'channel:moderate',
  ban: 'channel:moderate',
  unban: 'channel:moderate',
  'lift-address-ban': 'channel:moderate',
  'time-out': 'channel:moderate',
  'lift-timeout': 'channel:moderate',
  mark: 'channel:moderate',
  unmark: 'channel:moderate',
  'delete-message': 'channel:moderate',
  'delete-messages': 'channel:moderate',
  clear: 'channel:moderate',
  'add-note': 'channel:moderate',
  review: 'channel:moderate',
  'undo-nuke': 'channel:moderate',
  escalate: 'channel:moderate',
  pin: 'channel:moderate',
  'change-ladder': 'channel:manage',
  'assign-role': 'channel:manage',
  'grant-subscription': 'channel:manage',
  'revoke-subscription': 'channel:manage',
  'set-text': 'channel:manage',
  'set-retention': 'channel:manage',
  close: 'channel:manage',
  reopen: 'channel:manage',
}

/** Those of which one is wanted for any act at all. */
export const actScopes: readonly GrantableScope[] = [...new Set(Object.values(scopes))]

export const scopeOfAct = ({ kind }: Act): GrantableScope => scopes[kind]
