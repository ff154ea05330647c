import { test } from 'node:test'
import { t0 } from '#libs/testing/specification.ts'
import type { IdentityCommand } from '../commands.ts'
import type { IdentityDraft } from '../events.ts'
import { accountId, byAdmin, bySystem, erased, givenAccount, opened, otherAccountId } from '../identity.fixtures.ts'
import { maxAccessTokens } from './rules.ts'

const by = (platformRole: string) => ({ principal: otherAccountId, facts: { platformRole } })
const role = (given: 'admin' | 'moderator' | 'owner') =>
  ({ type: 'PlatformRoleAssigned', accountId, role: given, reason: null }) as const satisfies IdentityDraft
const suspended = (until: number | null = null): IdentityDraft => ({
  type: 'AccountSuspended',
  accountId,
  reason: 'spam',
  until,
})

const openSession: IdentityCommand = { type: 'OpenSession', sessionId: 's1', method: 'password', device: 'a browser' }
const sessionOpened: IdentityDraft = {
  type: 'SessionOpened',
  accountId,
  sessionId: 's1',
  method: 'password',
  device: 'a browser',
}
const sessionRevoked: IdentityDraft = { type: 'SessionsRevoked', sessionIds: ['s1'] }
const forced: IdentityDraft = { type: 'LogOutForced', accountId, reason: 'a stolen phone' }
const restored: IdentityDraft = { type: 'AccountRestored', accountId, reason: 'it was not' }
const suspend = (fields: { readonly reason?: string; readonly until?: number | null } = {}): IdentityCommand => ({
  type: 'SuspendAccount',
  reason: 'spam',
  until: null,
  sessionIds: ['s1'],
  ...fields,
})
const restore: IdentityCommand = { type: 'RestoreAccount', reason: 'it was not' }
const assign = (given: 'owner' | 'admin' | 'moderator' | 'user', reason: string | null = null): IdentityCommand => ({
  type: 'AssignPlatformRole',
  role: given,
  reason,
})
const createToken = (index = 1, fields: { readonly name?: string; readonly scopes?: string[] } = {}) =>
  ({
    type: 'CreateAccessToken',
    tokenId: `t${index}`,
    kind: 'bot',
    name: 'my bot',
    scopes: ['chat:write'],
    expiresAt: null,
    ...fields,
  }) as const satisfies IdentityCommand
const tokenMade = (index: number, expiresAt: number | null = null): IdentityDraft => {
  const { type: _, ...made } = createToken(index)
  return { type: 'AccessTokenCreated', accountId, ...made, expiresAt }
}

test('a session is opened by the account itself, with what the device says of itself', () => {
  givenAccount([opened]).when(openSession).then([sessionOpened])
  givenAccount([opened]).when(openSession, byAdmin).thenRejected({ code: 'identity.forbidden' })
  givenAccount([opened, erased]).when(openSession).thenRejected({ code: 'identity.account_erased' })
})

test('nobody logs in to a suspended account, until the term is over or it is restored', () => {
  givenAccount([opened, suspended()]).when(openSession).thenRejected({ code: 'identity.account_suspended' })
  givenAccount([opened, suspended(t0 + 60_000)])
    .when(openSession, { at: t0 + 15_000 })
    .thenRejected({ code: 'identity.account_suspended', remainingMs: 45_000 })
  givenAccount([opened, suspended(t0)])
    .when(openSession, { at: t0 })
    .then([sessionOpened])
  givenAccount([opened, suspended(), restored]).when(openSession).then([sessionOpened])
})

test('a suspension ends the sessions, and needs a reason and an end to come', () => {
  givenAccount([opened])
    .when(suspend(), by('moderator'))
    .then([suspended(), { type: 'SessionsRevoked', sessionIds: ['s1'] }])
  givenAccount([opened])
    .when(suspend({ reason: ' ' }), byAdmin)
    .thenRejected({ code: 'identity.reason_invalid', max: 500 })
  givenAccount([opened])
    .when(suspend({ until: t0 }), { ...byAdmin, at: t0 })
    .thenRejected({ code: 'identity.term_invalid' })
  givenAccount([opened]).when(restore, byAdmin).thenRejected({ code: 'identity.not_suspended' })
  givenAccount([opened, suspended()]).when(restore, byAdmin).then([restored])
})

test('staff act on those below them only', () => {
  const logOut: IdentityCommand = { type: 'ForceLogOut', sessionIds: ['s1'], reason: 'a stolen phone' }
  const look: IdentityCommand = { type: 'RecordAccountRead', what: 'sessions' }
  for (const [command, events] of [
    [suspend(), [suspended(), sessionRevoked]],
    [logOut, [forced, sessionRevoked]],
    [look, [{ type: 'AccountRead', accountId, what: 'sessions' }]],
  ] as const) {
    givenAccount([opened, role('moderator')])
      .when(command, by('moderator'))
      .thenRejected({ code: 'identity.outranked' })
    givenAccount([opened, role('moderator')])
      .when(command, by('admin'))
      .then(events)
    givenAccount([opened, role('admin')])
      .when(command, by('admin'))
      .thenRejected({ code: 'identity.outranked' })
    givenAccount([opened]).when(command, by('developer')).thenRejected({ code: 'identity.forbidden' })
    givenAccount([opened]).when(command, by('user')).thenRejected({ code: 'identity.forbidden' })
    givenAccount([opened]).when(command, { principal: otherAccountId }).thenRejected({ code: 'identity.forbidden' })
    givenAccount([opened, role('admin')])
      .when(command, bySystem)
      .then(events)
  }
  givenAccount([opened]).when(suspend(), by('support')).thenRejected({ code: 'identity.forbidden' })
})

test('staff who log somebody out say why, also where no session is open', () => {
  const logOut = (reason: string, sessionIds: string[] = []) =>
    ({ type: 'ForceLogOut', sessionIds, reason }) as const satisfies IdentityCommand
  givenAccount([opened]).when(logOut('a stolen phone'), by('support')).then([forced])
  givenAccount([opened])
    .when(logOut(' ', ['s1']), byAdmin)
    .thenRejected({ code: 'identity.reason_invalid', max: 500 })
  const own = { type: 'RevokeSessions', sessionIds: ['s1'] } as const
  givenAccount([opened]).when(own, byAdmin).thenRejected({ code: 'identity.forbidden' })
})

test('a role is given by who stands above it; owners come of owners and the system', () => {
  givenAccount([opened])
    .when(assign('moderator', 'they help'), byAdmin)
    .then([{ ...role('moderator'), reason: 'they help' }])
  givenAccount([opened]).when(assign('moderator'), byAdmin).thenRejected({ code: 'identity.reason_invalid', max: 500 })
  givenAccount([opened]).when(assign('admin'), byAdmin).thenRejected({ code: 'identity.outranked' })
  givenAccount([opened]).when(assign('owner'), byAdmin).thenRejected({ code: 'identity.outranked' })
  givenAccount([opened])
    .when(assign('owner', 'we share it'), by('owner'))
    .then([{ ...role('owner'), reason: 'we share it' }])
  givenAccount([opened])
    .when(assign('owner'), bySystem)
    .then([role('owner')])
  givenAccount([opened]).when(assign('admin')).thenRejected({ code: 'identity.forbidden' })
})

test('a secret that comes again ends its session', () => {
  givenAccount([opened])
    .when({ type: 'RecordTokenReuse', sessionId: 's1' })
    .then([
      { type: 'TokenReused', sessionId: 's1' },
      { type: 'SessionsRevoked', sessionIds: ['s1'] },
    ])
})

test('an account makes so many tokens, with a name and what they are for, and revokes them', () => {
  givenAccount([opened])
    .when(createToken())
    .then([tokenMade(1)])
  givenAccount([opened, suspended()]).when(createToken()).thenRejected({ code: 'identity.account_suspended' })
  givenAccount([opened]).when(createToken(), byAdmin).thenRejected({ code: 'identity.forbidden' })
  givenAccount([opened])
    .when(createToken(1, { name: '' }))
    .thenRejected({ code: 'identity.token_name_invalid', max: 100 })
  givenAccount([opened])
    .when(createToken(1, { scopes: [] }))
    .thenRejected({ code: 'identity.token_scopes_invalid' })
  for (const scopes of [['session'], ['chat:write', 'chat:write'], ['chat:write', 'root']])
    givenAccount([opened]).when(createToken(1, { scopes })).thenRejected({ code: 'identity.token_scopes_invalid' })
  givenAccount([opened])
    .when({ ...createToken(1, { scopes: ['channel:manage'] }), kind: 'login_key' })
    .thenRejected({ code: 'identity.token_scopes_invalid' })
  const all = Array.from({ length: maxAccessTokens }, (_, index) => tokenMade(index))
  givenAccount([opened, ...all])
    .when(createToken(99))
    .thenRejected({ code: 'identity.too_many_tokens', max: maxAccessTokens })
  givenAccount([opened, ...all, { type: 'AccessTokensRevoked', tokenIds: ['t3'] }])
    .when(createToken(99))
    .then([tokenMade(99)])
  givenAccount([opened, ...all.slice(1), tokenMade(77, t0)])
    .when(createToken(99), { at: t0 })
    .then([tokenMade(99)])
  givenAccount([opened, tokenMade(1)])
    .when({ type: 'RevokeAccessTokens', tokenIds: ['t1'] })
    .then([{ type: 'AccessTokensRevoked', tokenIds: ['t1'] }])
})

test('staff act as those below them for minutes and for a reason, never as who administers the platform', () => {
  const until = t0 + 600_000
  const actAs = { type: 'ActAs', sessionId: 's', reason: 'lost channel', until } as const
  const begun = {
    type: 'ActingBegun',
    accountId,
    actor: otherAccountId,
    sessionId: 's',
    reason: 'lost channel',
    until,
  } as const
  givenAccount([opened]).when(actAs, byAdmin).then([begun])
  const byRole = (platformRole: string) => ({ principal: otherAccountId, facts: { platformRole } })
  for (const role of ['moderator', 'support', 'developer', 'user'])
    givenAccount([opened]).when(actAs, byRole(role)).thenRejected({ code: 'identity.forbidden' })
  givenAccount([opened]).when(actAs, { principal: accountId }).thenRejected({ code: 'identity.forbidden' })
  const admin = { type: 'PlatformRoleAssigned', accountId, role: 'admin', reason: null } as const
  givenAccount([opened, admin]).when(actAs, byAdmin).thenRejected({ code: 'identity.outranked' })
  givenAccount([opened, admin]).when(actAs, byRole('owner')).thenRejected({ code: 'identity.never_acted_as' })
  givenAccount([opened])
    .when({ ...actAs, reason: ' ' }, byAdmin)
    .thenRejected({ code: 'identity.reason_invalid', max: 500 })
  for (const wrong of [t0, t0 + 3_600_000])
    givenAccount([opened])
      .when({ ...actAs, until: wrong }, byAdmin)
      .thenRejected({ code: 'identity.term_invalid' })
})

test('who reads the audit is staff whose role says so, and reads in their own name', () => {
  const none = { actor: null, target: null, channel: null, kind: null, family: null, from: null, to: null }
  const asked = { ...none, exported: false, target: otherAccountId, why: 'spam', byAddress: false }
  const read = (exported: boolean): IdentityCommand => ({ type: 'RecordAuditRead', ...asked, exported })
  const own = { principal: accountId }
  const forbidden = { code: 'identity.forbidden' }
  givenAccount([opened, role('moderator')])
    .when(read(false), own)
    .then([{ type: 'AuditRead', accountId, ...asked }])
  givenAccount([opened, role('moderator')])
    .when(read(true), own)
    .thenRejected(forbidden)
  givenAccount([opened, role('admin')])
    .when(read(true), own)
    .then([{ type: 'AuditRead', accountId, ...asked, exported: true }])
  givenAccount([opened]).when(read(false), own).thenRejected(forbidden)
  givenAccount([opened, role('admin')])
    .when(read(false), by('owner'))
    .thenRejected(forbidden)
})

test('who looks for accounts is staff, and does so in their own name', () => {
  const none = { handle: 'ann', state: null, role: null, from: null, to: null }
  const asked = { ...none, byEmail: false, byAddress: true, found: [otherAccountId] }
  const search: IdentityCommand = { type: 'RecordAccountSearch', ...asked }
  givenAccount([opened, role('moderator')])
    .when(search)
    .then([{ type: 'AccountsSearched', accountId, ...asked }])
  givenAccount([opened]).when(search).thenRejected({ code: 'identity.forbidden' })
  givenAccount([opened, role('moderator')])
    .when(search, by('owner'))
    .thenRejected({ code: 'identity.forbidden' })
})

test('who looks at banned addresses or makes an invitation is staff, and does so in their own name', () => {
  const look: IdentityCommand = { type: 'RecordPlatformRead', what: 'address_bans' }
  const invite: IdentityCommand = { type: 'RecordInvitation', until: t0 }
  const said = [
    [look, { type: 'PlatformRead', accountId, what: 'address_bans' }],
    [invite, { type: 'InvitationMade', accountId, until: t0 }],
  ] as const
  for (const [command, event] of said) {
    givenAccount([opened, role('moderator')])
      .when(command)
      .then([event])
    for (const [events, context] of [[[opened], {}] as const, [[opened, role('moderator')], by('owner')] as const])
      givenAccount(events).when(command, context).thenRejected({ code: 'identity.forbidden' })
  }
})

test('that access was refused the platform says, and nobody else', () => {
  const tried = { attempts: 3, operation: 'actAs', code: 'http.forbidden' }
  const refused: IdentityCommand = { type: 'RecordRefusedAccess', ...tried }
  givenAccount([opened])
    .when(refused, bySystem)
    .then([{ type: 'AccessRefused', accountId, ...tried }])
  for (const context of [{}, byAdmin])
    givenAccount([opened]).when(refused, context).thenRejected({ code: 'identity.forbidden' })
})

test('that logins failed the platform says, and nobody else', () => {
  const failed = { type: 'RecordFailedLogins', attempts: 3 } as const
  givenAccount([opened])
    .when(failed, bySystem)
    .then([{ type: 'LoginsFailed', accountId, attempts: 3 }])
  for (const context of [{}, byAdmin])
    givenAccount([opened]).when(failed, context).thenRejected({ code: 'identity.forbidden' })
})
