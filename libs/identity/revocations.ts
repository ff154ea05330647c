import { mayOnPlatform } from '#libs/access/platform.ts'
import { codecs } from '#libs/contracts/codecs.ts'
import type { Instant } from '#libs/journal/log.ts'
import type { OutcomeRecord } from '#libs/journal/outcome.ts'
import type { IdentityErrorCode } from './errors.ts'
import type { IdentityEvent } from './events.ts'

/** Why a token is refused that was good when it was made. */
export type Refusal = Extract<
  IdentityErrorCode,
  'identity.token_invalid' | 'identity.token_expired' | 'identity.account_suspended'
>

/**
 * What the account journal tells of tokens that may still hold: sessions and tokens that were ended, accounts that were
 * erased, suspended or deactivated, and roles that are others now. A token with another role counts as expired, so that
 * whoever has it fetches a new one; one by which staff act as somebody holds no longer than who they are themselves.
 */
export type Revocations = {
  readonly observe: (outcomes: readonly OutcomeRecord[]) => void
  /** Why a token of theirs is refused; undefined where it is not. */
  readonly refusal: (session: {
    readonly accountId: string
    readonly sessionId: string
    readonly platformRole: string
    /** What they are, where that does not count. */
    readonly heldBackRole?: string
    readonly impersonator?: string
    readonly impersonatorSession?: string
  }) => Refusal | undefined
  /** The role that an account was given since this began; undefined where it was given none. */
  readonly roleOf: (accountId: string) => string | undefined
  readonly size: () => number
}

export type RevocationOptions = {
  /** How long the token of a login may hold: after that the end of a session need not be remembered. */
  readonly tokenMs: number
  readonly onErased: (accountId: string) => void
  readonly now?: () => number
}

const relevant: ReadonlySet<string> = new Set<IdentityEvent['type']>([
  'SessionsRevoked',
  'AccessTokensRevoked',
  'AccountErased',
  'AccountSuspended',
  'AccountRestored',
  'AccountDeactivated',
  'AccountReactivated',
  'PlatformRoleAssigned',
])

/** Clocks of edges and owners may differ by so much. */
const SLACK_MS = 60_000

/**
 * What ended for good and may have been kept by somebody for ever: tokens of programs, and accounts. The vault knows none
 * of them any more, so forgetting the oldest costs nothing while it is there.
 */
const ENDED = 100_000

export const createRevocations = ({ tokenMs, onErased, now = Date.now }: RevocationOptions): Revocations => {
  /** By session, in the order of time; ids of sessions and tokens are UUIDs and never those of accounts. */
  const until = new Map<string, number>()
  const ended = new Set<string>()

  const remember = (id: string, at: number): void => {
    const end = at + tokenMs + SLACK_MS
    if (end > now()) until.set(id, end)
    for (const [oldest, endOfOldest] of until) {
      if (endOfOldest > now()) break
      until.delete(oldest)
    }
  }

  const end = (id: string): void => {
    ended.add(id)
    const [oldest] = ended
    if (ended.size > ENDED && oldest !== undefined) ended.delete(oldest)
  }

  /** By account, until when; what is over goes when it is asked for. */
  const suspended = new Map<string, Instant>()
  const deactivated = new Set<string>()
  const roles = new Map<string, string>()

  const apply = (event: IdentityEvent, at: Instant): void => {
    switch (event.type) {
      case 'SessionsRevoked':
        for (const id of event.sessionIds) remember(id, at)
        return
      case 'AccessTokensRevoked':
        for (const id of event.tokenIds) end(id)
        return
      case 'AccountErased':
        end(event.accountId)
        onErased(event.accountId)
        return
      case 'AccountSuspended':
        suspended.set(event.accountId, event.until ?? Number.POSITIVE_INFINITY)
        return
      case 'AccountRestored':
        suspended.delete(event.accountId)
        return
      case 'AccountDeactivated':
        deactivated.add(event.accountId)
        return
      case 'AccountReactivated':
        deactivated.delete(event.accountId)
        return
      case 'PlatformRoleAssigned':
        roles.set(event.accountId, event.role)
        return
      default:
    }
  }

  const isSuspended = (accountId: string): boolean => {
    const end = suspended.get(accountId)
    if (end === undefined) return false
    if (end > now()) return true
    suspended.delete(accountId)
    return false
  }

  const isEnded = (accountId: string, sessionId: string): boolean =>
    until.has(sessionId) ||
    (ended.size > 0 && (ended.has(sessionId) || ended.has(accountId))) ||
    (deactivated.size > 0 && deactivated.has(accountId))

  const isActorEnded = (accountId: string, sessionId: string): boolean => {
    const role = roles.get(accountId)
    const mayNot = role !== undefined && !mayOnPlatform(role, 'impersonate')
    return mayNot || isEnded(accountId, sessionId) || isSuspended(accountId)
  }

  return {
    observe: (outcomes) => {
      for (const { outcome, at } of outcomes) {
        if (outcome.kind !== 'accepted') continue
        for (const encoded of outcome.events)
          if (relevant.has(encoded.type)) apply(codecs.account.decodeEvent(encoded), at)
      }
    },
    refusal: ({ accountId, sessionId, platformRole, heldBackRole = platformRole, ...caller }) => {
      const { impersonator, impersonatorSession = '' } = caller
      if (isEnded(accountId, sessionId)) return 'identity.token_invalid'
      if (impersonator !== undefined && isActorEnded(impersonator, impersonatorSession)) return 'identity.token_invalid'
      if (suspended.size > 0 && isSuspended(accountId)) return 'identity.account_suspended'
      const role = roles.size > 0 ? roles.get(accountId) : undefined
      return role !== undefined && role !== heldBackRole ? 'identity.token_expired' : undefined
    },
    roleOf: (accountId) => roles.get(accountId),
    size: () => until.size + ended.size,
  }
}
