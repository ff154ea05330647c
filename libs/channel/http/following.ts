import { z } from 'zod'
import { Timestamp, timestamp } from '#libs/http/ids.ts'
import { routesOf } from '#libs/http/route.ts'
import { type ChannelEdge, channelOr404 } from './edge.ts'
import { channelParams } from './schemas.ts'

const route = routesOf<ChannelEdge>()

const getFollowing = route({
  method: 'GET',
  path: '/v1/channels/{channelId}/following',
  id: 'getFollowing',
  tag: 'channels',
  summary: 'Whether one follows a channel',
  description: 'The acts `follow` and `unfollow` change it.',
  auth: 'account',
  access: { channel: 'follow' },
  scopes: ['chat:read'],
  rate: 'read',
  reads: ['channels'],
  params: channelParams,
  responses: {
    200: {
      description: 'As it is now',
      body: z
        .strictObject({ since: Timestamp.nullable().meta({ description: 'null: one does not' }) })
        .meta({ id: 'Following' }),
    },
  },
  errors: ['channel.unknown'],
  handler: async ({ params: { channelId }, caller }, edge) => {
    await channelOr404(edge, channelId)
    const since = await edge.reads.followedAt(channelId, caller.accountId)
    return { status: 200, body: { since: since === undefined ? null : timestamp(since) } }
  },
})

export const followingRoutes = [getFollowing]
