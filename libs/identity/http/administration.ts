import { z } from 'zod'
import { platformRoles } from '#libs/access/platform.ts'
import { NumericId, Timestamp, timestamp } from '#libs/http/ids.ts'
import { routesOf } from '#libs/http/route.ts'
import type { IdentityCommand } from '../commands.ts'
import { done, doneReply } from './done.ts'
import type { IdentityEdge } from './edge.ts'
import { noteRead, Reason, type StaffRequest, sendAsStaff } from './staff.ts'

const route = routesOf<IdentityEdge>()

const common = {
  tag: 'administration',
  auth: 'account',
  params: z.strictObject({ accountId: NumericId }),
} as const

const commandErrors = [
  'identity.forbidden',
  'identity.outranked',
  'identity.account_unknown',
  'identity.account_erased',
] as const

type Asked = StaffRequest & { readonly params: { readonly accountId: string } }

const act = async (edge: IdentityEdge, request: Asked, command: IdentityCommand) =>
  doneReply(edge, await sendAsStaff(edge, request, request.params.accountId, command), request.commandId)

/** With the sessions that the account had when the request came first. */
const withSessions = <Result>(
  edge: IdentityEdge,
  request: Asked,
  asked: readonly unknown[],
  each: (sessionIds: readonly string[]) => Promise<Result>,
): Promise<Result> => {
  const { accountId } = request.params
  return edge.once(
    request,
    [...asked, accountId],
    async () => ({ sessionIds: await edge.vault.sessions.idsOf(accountId) }),
    ({ sessionIds }) => each(sessionIds),
  )
}

const seeSessions = route({
  ...common,
  method: 'GET',
  path: '/v1/administration/accounts/{accountId}/sessions',
  id: 'administrationSessions',
  summary: 'The sessions of an account, the one used last first',
  description: 'Never of staff that stands as high. Its owner finds in their activity that somebody looked.',
  access: { platform: 'see_sessions' },
  rate: 'read',
  responses: {
    200: {
      description: 'All that are open',
      body: z.strictObject({
        sessions: z.array(
          z.strictObject({
            sessionId: z.string(),
            device: z.string().nullable(),
            createdAt: Timestamp,
            lastUsedAt: Timestamp,
          }),
        ),
      }),
    },
  },
  errors: [...commandErrors],
  handler: async (request, edge) => {
    const { accountId } = request.params
    await noteRead(edge, request, accountId, { type: 'RecordAccountRead', what: 'sessions' })
    const sessions = await edge.vault.sessions.listOf(accountId)
    return {
      status: 200,
      body: {
        sessions: sessions.map(({ sessionId, device, createdAt, lastUsedAt }) => ({
          sessionId,
          device,
          createdAt: timestamp(createdAt),
          lastUsedAt: timestamp(lastUsedAt),
        })),
      },
    }
  },
})

const forceLogOut = route({
  ...common,
  method: 'DELETE',
  path: '/v1/administration/accounts/{accountId}/sessions',
  id: 'forceLogOut',
  summary: 'Ends every session of an account',
  access: { platform: 'force_logout' },
  rate: 'write',
  command: true,
  body: z.strictObject({ reason: Reason }),
  responses: done,
  errors: [...commandErrors, 'identity.reason_invalid', 'identity.too_many_sessions'],
  handler: async (request, edge) => {
    const { reason } = request.body
    return withSessions(edge, request, ['forceLogOut', reason], async (sessionIds) => {
      const reply = await act(edge, request, { type: 'ForceLogOut', sessionIds, reason })
      for (const sessionId of sessionIds) await edge.vault.sessions.close(sessionId)
      return reply
    })
  },
})

const suspend = route({
  ...common,
  method: 'PUT',
  path: '/v1/administration/accounts/{accountId}/suspension',
  id: 'suspendAccount',
  summary: 'Suspends an account: it is logged out everywhere, and nobody can log in to it',
  access: { platform: 'suspend_accounts' },
  rate: 'write',
  command: true,
  body: z.strictObject({
    reason: Reason,
    until: Timestamp.optional().meta({ description: 'When it ends by itself; without, never' }),
  }),
  responses: done,
  errors: [...commandErrors, 'identity.reason_invalid', 'identity.term_invalid', 'identity.too_many_sessions'],
  handler: async (request, edge) => {
    const { reason, until } = request.body
    const end = until === undefined ? null : Date.parse(until)
    return withSessions(edge, request, ['suspendAccount', reason, end], async (sessionIds) => {
      const reply = await act(edge, request, { type: 'SuspendAccount', reason, until: end, sessionIds })
      // One that is opened meanwhile the manager `suspensions` ends.
      for (const sessionId of sessionIds) await edge.vault.sessions.close(sessionId)
      return reply
    })
  },
})

const restore = route({
  ...common,
  method: 'DELETE',
  path: '/v1/administration/accounts/{accountId}/suspension',
  id: 'restoreAccount',
  summary: 'Ends the suspension of an account',
  access: { platform: 'suspend_accounts' },
  rate: 'write',
  command: true,
  body: z.strictObject({ reason: Reason }),
  responses: done,
  errors: [...commandErrors, 'identity.reason_invalid', 'identity.not_suspended'],
  handler: (request, edge) => act(edge, request, { type: 'RestoreAccount', reason: request.body.reason }),
})

const assignRole = route({
  ...common,
  method: 'PUT',
  path: '/v1/administration/accounts/{accountId}/role',
  id: 'assignPlatformRole',
  summary: 'Gives an account its role on the platform; `user` takes it away',
  access: { platform: 'assign_platform_roles' },
  fresh: true,
  rate: 'write',
  command: true,
  body: z.strictObject({ role: z.enum(platformRoles), reason: Reason }),
  responses: done,
  errors: [...commandErrors, 'identity.reason_invalid'],
  handler: (request, edge) => act(edge, request, { type: 'AssignPlatformRole', ...request.body }),
})

/** What staff do with the accounts of others. */
export const administrationRoutes = [seeSessions, forceLogOut, suspend, restore, assignRole]
