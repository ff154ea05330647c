import { isPlatformRole, mayOnPlatform, outranksOnPlatform, type PlatformAction } from '#libs/access/platform.ts'
import { isPerson, system } from '#libs/access/principal.ts'
import { chatScopes, grantableScopes } from '#libs/access/scopes.ts'
import type { DecideContext, Rejection } from '#libs/journal/decider.ts'
import type { Instant } from '#libs/journal/log.ts'
import type { IdentityCommandOf } from '../commands.ts'
import { reject } from '../errors.ts'
import type { Account, IdentityState } from '../state.ts'
import { isSuspended } from './state.ts'

const maxReasonCharacters = 500
const maxNameCharacters = 100
export const maxAccessTokens = 50

/** Rules behind `accountNotOpen`, which has told what is no open account. */
const accountOf = (state: IdentityState): Account => {
  if (state.kind !== 'account') throw new TypeError(`${state.key} is no account`)
  return state
}

export const notOneself = (state: IdentityState, { principal }: DecideContext): Rejection | undefined =>
  principal === state.key || principal === system ? undefined : reject('identity.forbidden')

/** What an account does by a role of its own, which is its state. */
export const notEntitled = (state: IdentityState, action: PlatformAction): Rejection | undefined =>
  mayOnPlatform(accountOf(state).platformRole, action) ? undefined : reject('identity.forbidden')

/**
 * Staff act on those whom they outrank. Their own role is a soft fact (I9): the edge stamps it from a token that is refused
 * within a second once the role is another.
 */
export const notStaff = (
  state: IdentityState,
  action: PlatformAction,
  { principal, facts }: DecideContext,
): Rejection | undefined => {
  if (principal === system) return undefined
  const { platformRole: role } = facts
  if (!isPerson(principal) || !isPlatformRole(role) || !mayOnPlatform(role, action)) return reject('identity.forbidden')
  return outranksOnPlatform(role, accountOf(state).platformRole) ? undefined : reject('identity.outranked')
}

export const suspended = (state: IdentityState, at: Instant): Rejection | undefined => {
  const account = accountOf(state)
  if (!isSuspended(account, at)) return undefined
  const until = account.suspension?.until
  return reject('identity.account_suspended', typeof until === 'number' ? { remainingMs: until - at } : {})
}

export const notSuspended = (state: IdentityState, at: Instant): Rejection | undefined =>
  isSuspended(accountOf(state), at) ? undefined : reject('identity.not_suspended')

export const unfitReason = (reason: string): Rejection | undefined =>
  reason.trim() !== '' && reason.length <= maxReasonCharacters && reason.isWellFormed()
    ? undefined
    : reject('identity.reason_invalid', { max: maxReasonCharacters })

/** Of what is done to somebody by others: they are told why. The platform itself need not say. */
export const unfitStaffReason = (reason: string | null, { principal }: DecideContext): Rejection | undefined =>
  principal === system && reason === null ? undefined : unfitReason(reason ?? '')

export const unfitTerm = (until: Instant | null, at: Instant): Rejection | undefined =>
  until === null || until > at ? undefined : reject('identity.term_invalid')

/** Not even an owner acts as somebody who administers the platform: their acts are to be their own. */
export const neverActedAs = (state: IdentityState): Rejection | undefined =>
  ['owner', 'admin'].includes(accountOf(state).platformRole) ? reject('identity.never_acted_as') : undefined

const maxActingMs = 15 * 60_000
/** Clocks of edges and owners may differ by so much. */
const slackMs = 60_000

export const unfitActing = (until: Instant, at: Instant): Rejection | undefined =>
  until > at && until <= at + maxActingMs + slackMs ? undefined : reject('identity.term_invalid')

/** Nobody gives what they do not stand above; that there are owners only the system and owners see to. */
export const beyondOwnRank = (
  { role }: IdentityCommandOf<'AssignPlatformRole'>,
  { principal, facts }: DecideContext,
): Rejection | undefined => {
  if (principal === system || facts.platformRole === 'owner') return undefined
  const own = facts.platformRole
  return isPlatformRole(own) && outranksOnPlatform(own, role) ? undefined : reject('identity.outranked')
}

export const tooManyAccessTokens = (state: IdentityState, at: Instant): Rejection | undefined => {
  const living = accountOf(state).accessTokens.filter(({ expiresAt }) => expiresAt === null || expiresAt > at)
  return living.length < maxAccessTokens ? undefined : reject('identity.too_many_tokens', { max: maxAccessTokens })
}

export const unfitAccessToken = (
  { kind, name, scopes, expiresAt }: IdentityCommandOf<'CreateAccessToken'>,
  at: Instant,
): Rejection | undefined => {
  if (name.trim() === '' || name.length > maxNameCharacters || !name.isWellFormed())
    return reject('identity.token_name_invalid', { max: maxNameCharacters })
  const allowed: readonly string[] = kind === 'login_key' ? chatScopes : grantableScopes
  const isFit =
    scopes.length > 0 && new Set(scopes).size === scopes.length && scopes.every((each) => allowed.includes(each))
  if (!isFit) return reject('identity.token_scopes_invalid')
  return unfitTerm(expiresAt, at)
}
