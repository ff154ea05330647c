import type { PlatformRole } from '#libs/access/platform.ts'
import type { Instant } from '#libs/journal/log.ts'
import type { IdentityEvent } from '../events.ts'

/** What an account is allowed, as far as its events say. */
export type Security = {
  readonly platformRole: PlatformRole
  /** `until` null: for good. One whose time is over is none. */
  readonly suspension: { readonly until: Instant | null } | null
  /** Tokens that were not revoked; some may have expired. */
  readonly accessTokens: readonly { readonly id: string; readonly expiresAt: Instant | null }[]
}

export const newSecurity = { suspension: null, accessTokens: [] } as const

export const evolveSecurity = <Account extends Security>(account: Account, event: IdentityEvent): Account => {
  switch (event.type) {
    case 'AccountSuspended':
      return { ...account, suspension: { until: event.until } }
    case 'AccountRestored':
      return { ...account, suspension: null }
    case 'PlatformRoleAssigned':
      return { ...account, platformRole: event.role }
    case 'AccessTokenCreated': {
      const { tokenId: id, expiresAt } = event
      return { ...account, accessTokens: [...account.accessTokens, { id, expiresAt }] }
    }
    case 'AccessTokensRevoked': {
      const { tokenIds } = event
      return { ...account, accessTokens: account.accessTokens.filter(({ id }) => !tokenIds.includes(id)) }
    }
    default:
      return account
  }
}

export const isSuspended = ({ suspension }: Security, at: Instant): boolean =>
  suspension !== null && (suspension.until === null || suspension.until > at)
