import { z } from 'zod'
import { NumericId, timestamp } from '#libs/http/ids.ts'
import { pendingReply, pendingResponse } from '#libs/http/pending.ts'
import { HttpProblem } from '#libs/http/problem.ts'
import { routesOf } from '#libs/http/route.ts'
import { type AccountView, type IdentityEdge, sendToIdentity } from './edge.ts'
import { checkOwnPassword, openAccount } from './login.ts'
import { remainingCopies } from './remaining.ts'
import { replacePassword } from './replace-password.ts'
import { Account, Erasure, GivenPassword, LoggedIn, NewPassword, OwnAccount } from './schemas.ts'
import { noSessionCookie, openSession } from './session.ts'

const route = routesOf<IdentityEdge>()
const tag = 'accounts'

const shown = ({ accountId, handle, displayName, platformRole, openedAt }: AccountView) => ({
  id: accountId,
  handle: handle ?? accountId,
  displayName: displayName ?? handle ?? accountId,
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
  rate: 'read',
  reads: ['accounts'],
  responses: { 200: { description: 'The account', body: OwnAccount } },
  errors: ['identity.account_unknown', 'identity.account_erased'],
  handler: async ({ caller }, edge) => {
    const account = await openAccount(edge, caller.accountId)
    return { status: 200, body: { ...shown(account), email: account.email, emailVerified: account.emailVerified } }
  },
})

const getAccount = route({
  method: 'GET',
  path: '/v1/accounts/{accountId}',
  id: 'getAccount',
  tag,
  summary: 'What everybody may know of an account',
  auth: 'none',
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
  rate: 'credentials',
  cookie: true,
  command: true,
  // The first password must not become the one that is kept.
  body: z
    .strictObject({ oldPassword: GivenPassword, newPassword: NewPassword })
    .refine(({ oldPassword, newPassword }) => oldPassword !== newPassword, {
      path: ['newPassword'],
      message: 'is the old one',
    }),
  responses: {
    200: { description: 'Changed', body: LoggedIn, headers: { 'Set-Cookie': 'The new session' } },
  },
  errors: [
    'identity.wrong_password',
    'identity.account_unknown',
    'identity.account_erased',
    'identity.account_suspended',
    'auth.busy',
  ],
  handler: async ({ caller: { accountId }, body, commandId, header, traceparent }, edge) => {
    if (edge.diskFull()) throw new HttpProblem('platform.disk_full')
    const account = await openAccount(edge, accountId)
    await replacePassword(edge, { accountId, commandId, traceparent, ...body })
    const opened = await openSession(edge, {
      account,
      method: 'password_change',
      mustChangePassword: false,
      device: header('user-agent'),
      traceparent,
    })
    return { status: 200, ...opened }
  },
})

const eraseAccount = route({
  method: 'DELETE',
  path: '/v1/accounts/me',
  id: 'eraseAccount',
  tag,
  summary: 'Erases one’s account for ever, and says what is still to age out',
  auth: 'account',
  rate: 'credentials',
  cookie: true,
  command: true,
  body: z.strictObject({ password: GivenPassword }),
  responses: {
    200: { description: 'Erased', body: Erasure, headers: { Position: 'For min-position' } },
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
    const submitted = await sendToIdentity(
      edge,
      { type: 'EraseAccount' },
      { key: accountId, principal: accountId, commandId, traceparent },
    )
    if (submitted.kind === 'pending') return pendingReply(commandId)
    await edge.settle([submitted.position])
    return {
      status: 200,
      headers: { 'Set-Cookie': noSessionCookie(edge), Position: submitted.position },
      body: { accountId, position: submitted.position, remaining: remainingCopies(edge.now()) },
    }
  },
})

/** `me` stands before the ids, since the first route that fits is taken. */
export const accountRoutes = [getOwnAccount, getAccount, changePassword, eraseAccount]
