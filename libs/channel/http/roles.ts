import { z } from 'zod'
import type { AssignableRole } from '#libs/access/roles.ts'
import { entityTag } from '#libs/http/conditional.ts'
import { NumericId } from '#libs/http/ids.ts'
import { pendingResponse } from '#libs/http/pending.ts'
import { type RouteRequest, routesOf } from '#libs/http/route.ts'
import { doneHeaders, doneReply } from './done.ts'
import { type ChannelEdge, channelOr404, sendToChannel } from './edge.ts'
import {
  channelParams,
  Done,
  Reason,
  RoleList,
  AssignableRole as RoleName,
  reasonRefusals,
  whyQuery,
} from './schemas.ts'

const route = routesOf<ChannelEdge>()
const memberParams = channelParams.extend({ accountId: NumericId })
const common = {
  path: '/v1/channels/{channelId}/roles/{accountId}',
  tag: 'moderation',
  auth: 'account',
  access: { channel: 'assign_roles' },
  scopes: ['channel:manage'],
  rate: 'write',
  command: true,
  ifMatch: 'optional',
  params: memberParams,
  responses: { 200: { description: 'Changed', body: Done, headers: doneHeaders }, ...pendingResponse },
  errors: [
    'channel.unknown',
    'channel.forbidden',
    'channel.rank_too_low',
    'channel.too_many_roles',
    'channel.member_invalid',
    'channel.role_not_assignable',
    'channel.version_conflict',
    ...reasonRefusals,
  ],
} as const

const listRoles = route({
  method: 'GET',
  path: '/v1/channels/{channelId}/roles',
  id: 'listRoles',
  tag: 'moderation',
  summary: 'Who holds which role in a channel',
  access: { channel: 'read' },
  auth: 'none',
  rate: 'read',
  reads: ['channels'],
  params: channelParams,
  responses: { 200: { description: 'All roles', body: RoleList, headers: { ETag: 'The version of the list' } } },
  errors: ['channel.unknown'],
  handler: async ({ params: { channelId } }, edge) => {
    const channel = await channelOr404(edge, channelId)
    const { roles, version } = (await edge.reads.roles(channelId)) ?? { roles: [], version: 0 }
    const broadcaster = { accountId: channel.ownerId, role: 'broadcaster' } as const
    return {
      status: 200,
      headers: { ETag: entityTag(version) },
      body: { roles: [broadcaster, ...roles], version },
    }
  },
})

const change = async (
  request: RouteRequest<'account', typeof memberParams, undefined, unknown>,
  { role, reason }: { readonly role: AssignableRole | null; readonly reason?: string | undefined },
  edge: ChannelEdge,
) => {
  const { channelId, accountId } = request.params
  const command = { type: 'AssignRole', member: accountId, role, reason: reason ?? null } as const
  const submitted = await sendToChannel(edge, channelId, command, request)
  return doneReply(200, request.commandId, submitted)
}

const assignRole = route({
  ...common,
  method: 'PUT',
  id: 'assignRole',
  summary: 'Gives a member a role, below one’s own',
  body: z.strictObject({ role: RoleName, reason: Reason }),
  handler: (request, edge) => change({ ...request, body: undefined }, request.body, edge),
})

const removeRole = route({
  ...common,
  method: 'DELETE',
  id: 'removeRole',
  summary: 'Takes a member’s role away',
  query: whyQuery,
  handler: (request, edge) => change({ ...request, query: undefined }, { role: null, ...request.query }, edge),
})

export const roleRoutes = [listRoles, assignRole, removeRole]
