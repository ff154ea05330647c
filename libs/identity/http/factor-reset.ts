import { z } from 'zod'
import { NumericId, Position, Timestamp, timestamp } from '#libs/http/ids.ts'
import { pendingReply, pendingResponse } from '#libs/http/pending.ts'
import { routesOf } from '#libs/http/route.ts'
import type { OneTimeToken } from '#libs/vault/vault.ts'
import { byLink } from './by-link.ts'
import { done, doneReply, gone } from './done.ts'
import { type IdentityEdge, sendToIdentity } from './edge.ts'
import { actOnOwn } from './factors.ts'
import { OneTimeSecret } from './schemas.ts'
import { Reason, sendAsStaff } from './staff.ts'

const route = routesOf<IdentityEdge>()
const staff = {
  tag: 'administration',
  auth: 'account',
  access: { platform: 'reset_factors' },
  rate: 'write',
  command: true,
  path: '/v1/administration/accounts/{accountId}/factor-reset',
  params: z.strictObject({ accountId: NumericId }),
} as const
const staffErrors = ['identity.forbidden', 'identity.outranked', ...gone] as const

const scheduleReset = route({
  ...staff,
  method: 'PUT',
  id: 'scheduleFactorReset',
  summary: 'Has codes, recovery codes and passkeys of somebody who has lost them taken away, after a wait',
  description:
    'Its owner is told by mail, and may end it until then (FACTOR_RESET_DELAY); logging in by one of the factors ends it ' +
    'too. A new password comes by POST /v1/password-resets.',
  fresh: true,
  body: z.strictObject({
    reason: Reason.meta({ examples: ['You said on the phone that your device is lost.'] }),
  }),
  responses: {
    200: { description: 'It waits', body: z.strictObject({ resetAt: Timestamp, position: Position }) },
    ...pendingResponse,
  },
  errors: [...staffErrors, 'identity.factor_unknown', 'identity.reason_invalid'],
  handler: async (request, edge) => {
    const { accountId } = request.params
    const { reason } = request.body
    const command = { type: 'ScheduleFactorReset', delayMs: edge.factorResetDelayMs, reason } as const
    const submitted = await sendAsStaff(edge, request, accountId, command)
    if (submitted.kind === 'pending') return pendingReply(request.commandId)
    const resetAt = Number(submitted.summary.resetAt)
    return { status: 200, body: { resetAt: timestamp(resetAt), position: submitted.position } }
  },
})

const cancelByStaff = route({
  ...staff,
  method: 'DELETE',
  id: 'cancelFactorReset',
  summary: 'Ends a reset of factors that waits',
  body: z.strictObject({ reason: Reason }),
  responses: done,
  errors: [...staffErrors, 'identity.reason_invalid', 'identity.factor_reset_not_scheduled'],
  handler: async (request, edge) => {
    const command = { type: 'CancelFactorReset', reason: request.body.reason } as const
    return doneReply(edge, await sendAsStaff(edge, request, request.params.accountId, command), request.commandId)
  },
})

/** Of one's own. */
const cancel = { type: 'CancelFactorReset', reason: null } as const

const cancelOwn = route({
  method: 'DELETE',
  path: '/v1/accounts/me/factor-reset',
  id: 'keepFactors',
  tag: 'factors',
  summary: 'Keeps one’s own factors, which were to be reset',
  auth: 'account',
  access: 'signed in',
  rate: 'write',
  command: true,
  responses: done,
  errors: ['identity.factor_reset_not_scheduled', ...gone],
  handler: async (request, edge) => doneReply(edge, await actOnOwn(edge, request, cancel), request.commandId),
})

const cancelByMail = route({
  method: 'POST',
  path: '/v1/factor-reset-cancellations',
  id: 'keepFactorsByMail',
  tag: 'factors',
  summary: 'Keeps the factors of an account, by the secret of the link in the mail',
  auth: 'none',
  access: 'public',
  rate: 'credentials',
  command: true,
  body: z.strictObject({ secret: OneTimeSecret }),
  responses: done,
  errors: ['identity.link_invalid', 'identity.factor_reset_not_scheduled', ...gone],
  handler: ({ body: { secret }, commandId, traceparent }, edge) => {
    const link = { purpose: 'keep factors', secret, commandId } as const
    const whose = async ({ accountId }: OneTimeToken) => ({ accountId })
    return byLink(edge, link, whose, async ({ accountId }) => {
      const sent = { key: accountId, principal: accountId, commandId, traceparent }
      return doneReply(edge, await sendToIdentity(edge, cancel, sent), commandId)
    })
  },
})

export const factorResetRoutes = [scheduleReset, cancelByStaff, cancelOwn, cancelByMail]
