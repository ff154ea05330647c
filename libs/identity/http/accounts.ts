import { z } from 'zod'
import { NumericId, timestamp } from '#libs/http/ids.ts'
import { pendingReply, pendingResponse } from '#libs/http/pending.ts'
import { HttpProblem } from '#libs/http/problem.ts'
import { routesOf } from '#libs/http/route.ts'
import type { Credential } from '#libs/vault/vault.ts'
import type { AccountView } from '../account-view.ts'
import { deviceOf } from './devices.ts'
import { doneReply } from './done.ts'
import { type IdentityEdge, sendToIdentity } from './edge.ts'
import { checkOwnPassword, openAccount } from './login.ts'
import { remainingCopies } from './remaining.ts'
import { checkPlaced, placePassword, putBackPassword, recordPasswordChange } from './replace-password.ts'
import { Account, Erasure, LoggedIn, NewPassword, OwnAccount, OwnPassword } from './schemas.ts'
import { noSessionCookie, openSession } from './session.ts'

const route = routesOf<IdentityEdge>()
const tag = 'accounts'

const shown = ({ accountId, handle, displayName, colour, bio, avatar, platformRole, openedAt }: AccountView) => ({
  id: accountId,
  handle: handle ?? accountId,
  displayName: displayName ?? handle ?? accountId,
  colour,
  bio,
  avatar: avatar === null ? null : `/v1/${avatar}`,
  platformRole,
  createdAt: timestamp(openedAt),
})

const getOwnAccount = route({
  method: 'GET',
  path: '/v1/accounts/me',
  id: 'getOwnAccount',
  tag,
  summary: 'One’s own account',
  auth: 'restricted',
  access: 'signed in',
  scopes: ['account:read'],
  rate: 'read',
  reads: ['accounts'],
  responses: { 200: { description: 'The account', body: OwnAccount } },
  errors: ['identity.account_unknown', 'identity.account_erased'],
  handler: async ({ caller }, edge) => {
    const account = await openAccount(edge, caller.accountId)
    const { email, emailVerified, termsVersion, eraseAt } = account
    const own = { email, emailVerified, termsVersion, eraseAt: eraseAt === null ? null : timestamp(eraseAt) }
    return { status: 200, body: { ...shown(account), ...own } }
  },
})

const getAccount = route({
  method: 'GET',
  path: '/v1/accounts/{accountId}',
  id: 'getAccount',
  tag,
  summary: 'What everybody may know of an account',
  auth: 'none',
  access: 'public',
  rate: 'read',
  reads: ['accounts'],
  params: z.strictObject({ accountId: NumericId }),
  responses: { 200: { description: 'The account', body: Account } },
  errors: ['identity.account_unknown', 'identity.account_erased'],
  handler: async ({ params }, edge) => ({ status: 200, body: shown(await openAccount(edge, params.accountId)) }),
})

const changePassword = route({
  method: 'PUT',
  path: '/v1/accounts/me/password',
  id: 'changePassword',
  tag,
  summary: 'Changes the password, and ends every session; the answer opens a new one',
  auth: 'restricted',
  access: 'signed in',
  fresh: true,
  rate: 'credentials',
  cookie: true,
  command: true,
  // The first password must not become the one that is kept.
  body: z
    .strictObject({ oldPassword: OwnPassword, newPassword: NewPassword })
    .refine(({ oldPassword, newPassword }) => oldPassword !== newPassword, {
      path: ['newPassword'],
      message: 'is the old one',
    }),
  responses: {
    200: { description: 'Changed', body: LoggedIn, headers: { 'Set-Cookie': 'The new session' } },
  },
  errors: [
    'identity.wrong_password',
    'identity.password_weak',
    'identity.account_unknown',
    'identity.account_erased',
    'identity.account_suspended',
    'auth.busy',
  ],
  handler: async (request, edge) => {
    const { caller, body, commandId, traceparent } = request
    const { accountId } = caller
    if (edge.diskFull()) throw new HttpProblem('platform.disk_full')
    const account = await openAccount(edge, accountId)
    const { oldPassword, newPassword } = body
    // Sent again after it was cut off, the new password is there already: that counts as the old one having been known.
    const checked = () => checkOwnPassword(edge, accountId, oldPassword, newPassword)
    let before: Credential | undefined
    await edge.once(
      request,
      ['changePassword'],
      async () => {
        before = await checked()
        const placed = await placePassword(edge, account, before, newPassword)
        if (!placed) throw new HttpProblem('identity.wrong_password')
        return placed
      },
      async (placed, isAgain) => {
        if (isAgain) {
          await checked()
          await checkPlaced(edge, account, placed, newPassword)
        }
        await recordPasswordChange(edge, { accountId, sessionIds: placed.sessionIds, commandId, traceparent })
      },
      () => putBackPassword(edge, accountId, before),
    )
    const opened = await openSession(edge, {
      account,
      method: 'password_change',
      mustChangePassword: false,
      secondFactor: caller.secondFactor ?? false,
      device: deviceOf(edge, request),
      traceparent,
      // The change has ended every session.
      cookie: undefined,
    })
    return { status: 200, ...opened }
  },
})

const eraseAccount = route({
  method: 'DELETE',
  path: '/v1/accounts/me',
  id: 'eraseAccount',
  tag,
  summary: 'Has one’s account erased for ever, and says what is still to age out then',
  description: 'After the delay of the platform (ERASURE_DELAY), in which it can be cancelled.',
  auth: 'account',
  access: 'signed in',
  fresh: true,
  rate: 'credentials',
  cookie: true,
  command: true,
  body: z.strictObject({ password: OwnPassword }),
  responses: {
    200: { description: 'Erased, or to be erased', body: Erasure, headers: { Position: 'For min-position' } },
    ...pendingResponse,
  },
  errors: [
    'identity.wrong_password',
    'identity.account_unknown',
    'identity.account_erased',
    'identity.forbidden',
    'auth.busy',
  ],
  handler: async ({ caller: { accountId }, body, commandId, traceparent }, edge) => {
    await checkOwnPassword(edge, accountId, body.password)
    const { erasureDelayMs: delayMs } = edge
    const submitted = await sendToIdentity(
      edge,
      delayMs > 0 ? { type: 'ScheduleErasure', delayMs } : { type: 'EraseAccount' },
      { key: accountId, principal: accountId, commandId, traceparent },
    )
    if (submitted.kind === 'pending') return pendingReply(commandId)
    const { position, summary } = submitted
    const eraseAt = delayMs > 0 ? Number(summary.eraseAt) : edge.now()
    await edge.settle([position])
    return {
      status: 200,
      // Who thinks better of it needs the session.
      headers: { ...(delayMs > 0 ? {} : { 'Set-Cookie': noSessionCookie(edge) }), Position: position },
      body: {
        accountId,
        position,
        eraseAt: timestamp(eraseAt),
        unreadable: [...edge.exports.certificate.unreadable],
        kept: [...edge.exports.certificate.kept],
        remaining: remainingCopies(eraseAt, edge.publicCopies),
      },
    }
  },
})

export const cancelErasure = route({
  method: 'DELETE',
  path: '/v1/accounts/me/erasure',
  id: 'cancelErasure',
  tag,
  summary: 'Keeps one’s account, which was to be erased',
  auth: 'account',
  access: 'signed in',
  rate: 'write',
  command: true,
  responses: { 204: { description: 'Kept', headers: { Position: 'For min-position' } }, ...pendingResponse },
  errors: ['identity.erasure_not_scheduled', 'identity.account_unknown', 'identity.account_erased'],
  handler: async ({ caller: { accountId }, commandId, traceparent }, edge) => {
    const sent = { key: accountId, principal: accountId, commandId, traceparent }
    const submitted = await sendToIdentity(edge, { type: 'CancelErasure' }, sent)
    return doneReply(edge, submitted, commandId)
  },
})

/** `me` stands before the ids, since the first route that fits is taken. */
export const accountRoutes = [getOwnAccount, getAccount, changePassword, eraseAccount]
