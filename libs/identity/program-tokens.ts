import { isGrantable } from '#libs/access/scopes.ts'
import type { Caller } from '#libs/http/route.ts'
import type { Instant } from '#libs/journal/log.ts'
import type { AccessToken } from '#libs/vault/vault.ts'
import type { AccountView } from './account-view.ts'
import type { Refusal, Revocations } from './revocations.ts'

export type ProgramTokenOptions = {
  /** By the vault, which keeps hashes. Rejects while that is away. */
  readonly find: (secret: string) => Promise<AccessToken | undefined>
  /** By the read model; what the journal said since goes before it. */
  readonly account: (
    accountId: string,
  ) => Promise<Pick<AccountView, 'state' | 'handle' | 'displayName' | 'platformRole'> | undefined>
  readonly revocations: Pick<Revocations, 'roleOf'>
  readonly now: () => Instant
}

/** Whose it is, or why it is refused; `forGood` where nothing can make it hold again. */
export type ProgramVerdict =
  | { readonly kind: 'valid'; readonly caller: Caller }
  | { readonly kind: 'refused'; readonly code: Refusal; readonly forGood: boolean }

const refused = (code: Refusal, forGood: boolean): ProgramVerdict => ({ kind: 'refused', code, forGood })

/** Looks up tokens that people made for programs. Of what their owner is a token says nothing: that is read anew. */
export const programTokens = ({ find, account: accountOf, revocations, now }: ProgramTokenOptions) => {
  const callerOf = async (token: AccessToken): Promise<Caller | undefined> => {
    const { tokenId, accountId, scopes, expiresAt } = token
    const account = await accountOf(accountId)
    if (account?.state !== 'open') return undefined
    const handle = account.handle ?? accountId
    const role = revocations.roleOf(accountId) as Caller['platformRole'] | undefined
    return {
      accountId,
      sessionId: tokenId,
      handle,
      displayName: account.displayName ?? handle,
      platformRole: role ?? account.platformRole,
      scopes: scopes.filter(isGrantable),
      mustChangePassword: false,
      expiresAt: expiresAt ?? Number.POSITIVE_INFINITY,
    }
  }

  return async (secret: string): Promise<ProgramVerdict> => {
    const token = await find(secret)
    if (!token) return refused('identity.token_invalid', true)
    if (token.expiresAt !== null && token.expiresAt <= now()) return refused('identity.token_expired', true)
    if (token.blockedUntil !== null && token.blockedUntil > now()) return refused('identity.account_suspended', false)
    const caller = await callerOf(token)
    return caller ? { kind: 'valid', caller } : refused('identity.token_invalid', false)
  }
}
