import type { IdentityCommand, IdentityCommandOf } from '../commands.ts'
import { accept, type Decide } from '../decision.ts'
import { accountNotOpen, notAnAccountKey } from '../rules/aggregates.ts'
import { notSystem } from '../rules/senders.ts'
import { sessionsRevoked, tooManySessions } from '../rules/sessions.ts'
import type { IdentityState } from '../state.ts'
import {
  beyondOwnRank,
  neverActedAs,
  notEntitled,
  notOneself,
  notStaff,
  notSuspended,
  suspended,
  tooManyAccessTokens,
  unfitAccessToken,
  unfitActing,
  unfitReason,
  unfitStaffReason,
  unfitTerm,
} from './rules.ts'

/** Commands on who may do what with an account. */
export type SecurityCommand = IdentityCommandOf<
  | 'OpenSession'
  | 'RevokeSessions'
  | 'ForceLogOut'
  | 'RecordTokenReuse'
  | 'SuspendAccount'
  | 'RestoreAccount'
  | 'AssignPlatformRole'
  | 'CreateAccessToken'
  | 'RevokeAccessTokens'
  | 'ActAs'
  | 'RecordAuditRead'
  | 'RecordAccountRead'
  | 'RecordAccountSearch'
  | 'RecordPlatformRead'
  | 'RecordInvitation'
  | 'RecordFailedLogins'
  | 'RecordRefusedAccess'
>

const isOf =
  <Type extends IdentityCommand['type']>(...types: readonly Type[]) =>
  (command: IdentityCommand): command is IdentityCommandOf<Type> =>
    (types as readonly string[]).includes(command.type)

/** Whether the account's key seals something of what comes of a command. */
export const sealsForAccount = isOf(
  'OpenSession',
  'SuspendAccount',
  'RestoreAccount',
  'ForceLogOut',
  'AssignPlatformRole',
  'CreateAccessToken',
  'ScheduleFactorReset',
  'CancelFactorReset',
  'ActAs',
  'RecordExport',
  'RecordAuditRead',
  'RecordAccountSearch',
)

/** The rules of sessions, tokens, suspensions and roles, each command's in the order in which a person is told of them. */
export const decideSecurity: Decide<SecurityCommand> = (command, state, context) =>
  notAnAccountKey(state) ?? accountNotOpen(state) ?? decideOpen(command, state, context)

const decideOpen: Decide<SecurityCommand> = (command, state, context) => {
  switch (command.type) {
    case 'OpenSession':
      return openSession(command, state, context)
    case 'RevokeSessions':
      return revokeSessions(command, state, context)
    case 'ForceLogOut':
      return forceLogOut(command, state, context)
    case 'RecordTokenReuse':
      return recordTokenReuse(command, state, context)
    case 'SuspendAccount':
      return suspendAccount(command, state, context)
    case 'RestoreAccount':
      return restoreAccount(command, state, context)
    case 'AssignPlatformRole':
      return assignPlatformRole(command, state, context)
    case 'CreateAccessToken':
      return createAccessToken(command, state, context)
    case 'ActAs':
      return actAs(command, state, context)
    case 'RevokeAccessTokens':
      return revokeAccessTokens(command, state, context)
    case 'RecordAuditRead':
      return recordAuditRead(command, state, context)
    case 'RecordAccountRead':
      return recordAccountRead(command, state, context)
    case 'RecordAccountSearch':
      return recordAccountSearch(command, state, context)
    case 'RecordPlatformRead':
      return recordPlatformRead(command, state, context)
    case 'RecordInvitation':
      return recordInvitation(command, state, context)
    case 'RecordFailedLogins':
      return recordFailedLogins(command, state, context)
    case 'RecordRefusedAccess':
      return recordRefusedAccess(command, state, context)
  }
}

const openSession: Decide<IdentityCommandOf<'OpenSession'>> = ({ sessionId, method, device }, state, context) =>
  notOneself(state, context) ??
  suspended(state, context.at) ??
  accept([{ type: 'SessionOpened', accountId: state.key, sessionId, method, device }, ...resetEnds(state, method)])

/** Who logs in by a factor has not lost it. */
const resetEnds = (state: IdentityState, method: IdentityCommandOf<'OpenSession'>['method']) =>
  state.kind === 'account' && state.factorResetAt !== null && (method === 'totp' || method === 'passkey')
    ? [{ type: 'FactorResetCancelled' as const, accountId: state.key, reason: null }]
    : []

const revokeSessions: Decide<IdentityCommandOf<'RevokeSessions'>> = ({ sessionIds }, state, context) =>
  notOneself(state, context) ?? tooManySessions(sessionIds) ?? accept(sessionsRevoked(sessionIds))

const forceLogOut: Decide<IdentityCommandOf<'ForceLogOut'>> = ({ reason, sessionIds }, state, context) =>
  notStaff(state, 'force_logout', context) ??
  unfitReason(reason) ??
  tooManySessions(sessionIds) ??
  accept([{ type: 'LogOutForced', accountId: state.key, reason }, ...sessionsRevoked(sessionIds)])

const recordTokenReuse: Decide<IdentityCommandOf<'RecordTokenReuse'>> = ({ sessionId }, state, context) =>
  notOneself(state, context) ??
  accept([
    { type: 'TokenReused', sessionId },
    { type: 'SessionsRevoked', sessionIds: [sessionId] },
  ])

const suspendAccount: Decide<IdentityCommandOf<'SuspendAccount'>> = ({ reason, until, sessionIds }, state, context) =>
  notStaff(state, 'suspend_accounts', context) ??
  unfitReason(reason) ??
  unfitTerm(until, context.at) ??
  tooManySessions(sessionIds) ??
  accept([{ type: 'AccountSuspended', accountId: state.key, reason, until }, ...sessionsRevoked(sessionIds)])

const restoreAccount: Decide<IdentityCommandOf<'RestoreAccount'>> = ({ reason }, state, context) =>
  notStaff(state, 'suspend_accounts', context) ??
  unfitReason(reason) ??
  notSuspended(state, context.at) ??
  accept([{ type: 'AccountRestored', accountId: state.key, reason }])

const assignPlatformRole: Decide<IdentityCommandOf<'AssignPlatformRole'>> = (command, state, context) =>
  notStaff(state, 'assign_platform_roles', context) ??
  beyondOwnRank(command, context) ??
  unfitStaffReason(command.reason, context) ??
  accept([{ type: 'PlatformRoleAssigned', accountId: state.key, role: command.role, reason: command.reason }])

const actAs: Decide<IdentityCommandOf<'ActAs'>> = ({ sessionId, reason, until }, state, context) =>
  notStaff(state, 'impersonate', context) ??
  neverActedAs(state) ??
  suspended(state, context.at) ??
  unfitReason(reason) ??
  unfitActing(until, context.at) ??
  accept([{ type: 'ActingBegun', accountId: state.key, actor: context.principal, sessionId, reason, until }])

const createAccessToken: Decide<IdentityCommandOf<'CreateAccessToken'>> = (command, state, context) =>
  notOneself(state, context) ??
  suspended(state, context.at) ??
  unfitAccessToken(command, context.at) ??
  tooManyAccessTokens(state, context.at) ??
  accept([
    {
      type: 'AccessTokenCreated',
      accountId: state.key,
      tokenId: command.tokenId,
      kind: command.kind,
      name: command.name,
      scopes: command.scopes,
      expiresAt: command.expiresAt,
    },
  ])

const revokeAccessTokens: Decide<IdentityCommandOf<'RevokeAccessTokens'>> = ({ tokenIds }, state, context) =>
  notOneself(state, context) ??
  tooManySessions(tokenIds) ??
  accept(tokenIds.length > 0 ? [{ type: 'AccessTokensRevoked', tokenIds }] : [])

/** Of who reads: their own role, which stands here, says whether they may. */
const recordAuditRead: Decide<IdentityCommandOf<'RecordAuditRead'>> = ({ type: _, ...read }, state, context) =>
  notOneself(state, context) ??
  notEntitled(state, read.exported ? 'export_audit' : 'see_audit') ??
  accept([{ type: 'AuditRead', accountId: state.key, ...read }])

/** Of whom they look at: its owner is told, and staff look at those only who stand below them. */
const recordAccountRead: Decide<IdentityCommandOf<'RecordAccountRead'>> = ({ what }, state, context) =>
  notStaff(state, 'see_sessions', context) ?? accept([{ type: 'AccountRead', accountId: state.key, what }])

/** Of who looks: what they were shown are accounts of many. */
const recordAccountSearch: Decide<IdentityCommandOf<'RecordAccountSearch'>> = ({ type: _, ...asked }, state, context) =>
  notOneself(state, context) ??
  notEntitled(state, 'search_accounts') ??
  accept([{ type: 'AccountsSearched', accountId: state.key, ...asked }])

/** Of who looks, as in `RecordAuditRead`. */
const recordPlatformRead: Decide<IdentityCommandOf<'RecordPlatformRead'>> = ({ what }, state, context) =>
  notOneself(state, context) ??
  notEntitled(state, 'ban_addresses') ??
  accept([{ type: 'PlatformRead', accountId: state.key, what }])

const recordInvitation: Decide<IdentityCommandOf<'RecordInvitation'>> = ({ until }, state, context) =>
  notOneself(state, context) ??
  notEntitled(state, 'invite') ??
  accept([{ type: 'InvitationMade', accountId: state.key, until }])

/** By the edge that refused it, which is all that was done. */
const recordRefusedAccess: Decide<IdentityCommandOf<'RecordRefusedAccess'>> = ({ type: _, ...tried }, state, context) =>
  notSystem(context.principal) ?? accept([{ type: 'AccessRefused', accountId: state.key, ...tried }])

/** By the edge that counted them: who tried is nobody that it knows. */
const recordFailedLogins: Decide<IdentityCommandOf<'RecordFailedLogins'>> = ({ attempts }, state, { principal }) =>
  notSystem(principal) ?? accept([{ type: 'LoginsFailed', accountId: state.key, attempts }])
