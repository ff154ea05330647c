import { z } from 'zod'
import { Position } from '#libs/http/ids.ts'
import { pendingReply, pendingResponse } from '#libs/http/pending.ts'
import { HttpProblem } from '#libs/http/problem.ts'
import { routesOf } from '#libs/http/route.ts'
import { type ChannelEdge, channelOr404 } from '../http/edge.ts'
import { channelParams } from '../http/schemas.ts'

const route = routesOf<ChannelEdge>()

const renameChannel = route({
  method: 'PUT',
  path: '/v1/channels/{channelId}/slug',
  id: 'renameChannel',
  tag: 'channels',
  summary: 'Gives a channel another slug; the old one is kept for it for a month, and leads to it',
  description: 'For its broadcaster, once a week at most. One’s own channel goes by the handle of the account.',
  auth: 'account',
  access: 'signed in',
  scopes: ['channel:manage'],
  rate: 'write',
  command: true,
  params: channelParams,
  body: z.strictObject({
    slug: z
      .string()
      .regex(/^[A-Za-z0-9_]{3,25}$/)
      .meta({ description: 'Unique without case, among handles too', examples: ['lounge'] }),
  }),
  responses: {
    200: { description: 'It goes by it', body: z.strictObject({ slug: z.string(), position: Position }) },
    ...pendingResponse,
  },
  errors: [
    'channel.unknown',
    'channel.forbidden',
    'channel.bound_to_account',
    'identity.handle_taken',
    'identity.handle_reserved',
    'identity.handle_released',
    'identity.name_confusable',
  ],
  handler: async ({ params: { channelId }, body: { slug }, caller, commandId, traceparent }, edge) => {
    const { ownerId, slug: before } = await channelOr404(edge, channelId)
    // The channel decides it again; here it is told before a slug is taken and given back.
    if (ownerId !== caller.accountId)
      throw new HttpProblem('channel.forbidden', { detail: { action: 'rename_channel' } })
    if (before === null) throw new HttpProblem('channel.bound_to_account')
    const renamed = await edge.renameSlug({ channelId, ownerId, slug: before }, slug, { commandId, traceparent })
    if (!renamed) return pendingReply(commandId)
    return { status: 200, body: { slug, position: renamed.position } }
  },
})

export const ownershipRoutes = [renameChannel]
