import { codecs } from '#libs/contracts/codecs.ts'
import { type SpecificationOptions, specification, stubSeal, t0 } from '#libs/testing/specification.ts'
import type { IdentityCommandOf } from './commands.ts'
import { identityDecider } from './decider.ts'
import type { IdentityDraft, IdentityDraftOf, IdentityEvent } from './events.ts'

export const accountId = '1000'
export const otherAccountId = '1001'
export const channelId = '2000'
export const handleKey = 'RjZr0hK3m9dPq1xXw2yYz3aAb4cCd5eEf6gGh7iIj8k'

export const byOwner = { principal: accountId }
export const bySystem = { principal: 'system' }
export const byManager = { principal: 'manager/handles' }
export const byAdmin = { principal: otherAccountId, facts: { platformRole: 'admin' } }

const none = { termsVersion: null, invitedBy: null, createdAt: null } as const
const profile = {
  handle: 'Ada_L',
  displayName: 'Ada',
  email: 'ada@example.org',
  platformRole: 'user',
  ...none,
} as const
const own = { holderKind: 'account', holderId: accountId, ownerId: accountId } as const

type Claim = IdentityCommandOf<'ClaimHandle'>

const unnamed = { nameKey: null, displayNameKey: null, previousKey: null } as const
const unkeyed = { handleKey: null, displayNameKey: null } as const

export const claim = (fields: Partial<Claim> = {}): Claim => ({
  type: 'ClaimHandle',
  ...own,
  ...profile,
  ...unnamed,
  ...fields,
})

export const claimed = (fields: Partial<IdentityDraftOf<'HandleClaimed'>> = {}): IdentityDraft => ({
  type: 'HandleClaimed',
  ...own,
  ...profile,
  ...unnamed,
  ...fields,
})

export const channelHolder = { holderKind: 'channel', holderId: channelId, ownerId: accountId, email: null } as const

export const openAccount: IdentityCommandOf<'OpenAccount'> = { type: 'OpenAccount', ...profile, ...unkeyed }
export const opened: IdentityDraft = { type: 'AccountOpened', accountId, ...profile, ...unkeyed }
export const erased: IdentityDraft = { type: 'AccountErased', accountId }

const options = (key: string): SpecificationOptions<IdentityDraft, IdentityEvent> => ({
  key,
  seal: codecs.account.sealEvent,
  context: byOwner,
})

/** Given these events of the handle, when that command comes from the person who would hold it, then … */
export const { given: givenHandle } = specification(identityDecider, options(handleKey))

/** Given these events of the account, when that command comes from its owner, then … */
export const { given: givenAccount } = specification(identityDecider, options(accountId))

/** The state of a handle, a name or an account after these events, all at `t0`. */
export const evolved = (history: readonly IdentityDraft[], key = handleKey) =>
  history.reduce((state, draft, index) => {
    const event = codecs.account.sealEvent(draft, `${index}/0`, stubSeal)
    return identityDecider.evolve(state, event, { at: t0, n: index + 1, commandId: String(index) })
  }, identityDecider.initial(key))
