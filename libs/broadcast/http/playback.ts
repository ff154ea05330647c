import { z } from 'zod'
import { may } from '#libs/access/permissions.ts'
import { Timestamp, timestamp } from '#libs/http/ids.ts'
import { HttpProblem } from '#libs/http/problem.ts'
import { type Caller, routesOf } from '#libs/http/route.ts'
import type { BroadcastEdge, Source } from './edge.ts'
import { channelParams } from './schemas.ts'

const route = routesOf<BroadcastEdge>()
const common = { tag: 'broadcasts', params: channelParams } as const

/** Whether somebody may watch what is not for everybody. */
const mayWatch = async (
  edge: BroadcastEdge,
  channelId: string,
  { audience }: Source,
  caller: Caller,
): Promise<boolean> => {
  const role = (await edge.roleIn(channelId, caller)) ?? 'none'
  if (may(role, 'watch_private_broadcasts')) return true
  return audience === 'subscribers' && (await edge.isSubscribed(channelId, caller.accountId))
}

const getPlayback = route({
  ...common,
  auth: 'optional',
  access: 'public',
  scopes: ['chat:read'],
  rate: 'read',
  method: 'GET',
  path: '/v1/channels/{channelId}/playback',
  id: 'getPlayback',
  summary: 'Where the broadcast of a channel is watched',
  description:
    'LL-HLS. What is not for everybody comes with a token, which stands in the address and has to be renewed by asking again.',
  responses: {
    200: {
      description: 'It can be watched',
      body: z
        .strictObject({
          url: z.string().meta({ description: 'The multivariant playlist' }),
          token: z.string().nullable(),
          expiresAt: Timestamp.nullable().meta({ description: 'When the token is good no more' }),
        })
        .meta({ id: 'Playback' }),
    },
  },
  errors: ['broadcast.not_live', 'playback.forbidden', 'http.unauthenticated'],
  handler: async ({ params: { channelId }, caller }, edge) => {
    const source = await edge.reads.source(channelId)
    if (!source) throw new HttpProblem('broadcast.not_live')
    const url = `/live/${channelId}/${source.broadcastId}/index.m3u8`
    if (source.audience === 'everybody') return { status: 200, body: { url, token: null, expiresAt: null } }
    if (!caller) throw new HttpProblem('http.unauthenticated')
    if (!(await mayWatch(edge, channelId, source, caller)))
      throw new HttpProblem('playback.forbidden', { detail: { audience: source.audience } })
    const { token, expiresAt } = edge.tokens.issue({ id: channelId, audience: source.audience })
    return { status: 200, body: { url: `${url}?token=${token}`, token, expiresAt: timestamp(expiresAt) } }
  },
})

const tellWatching = route({
  ...common,
  auth: 'none',
  access: 'public',
  rate: 'read',
  method: 'POST',
  path: '/v1/channels/{channelId}/watching',
  id: 'tellWatching',
  summary: 'Says that a player shows the broadcast; every ten seconds, to be counted',
  body: z.strictObject({
    viewer: z
      .string()
      .regex(/^[A-Za-z0-9_-]{8,40}$/)
      .meta({ description: 'A random name of the player, kept while it plays' }),
  }),
  responses: { 204: { description: 'It is counted' } },
  errors: [],
  handler: ({ params: { channelId }, body: { viewer } }, edge) => {
    edge.telemetry.watching(channelId, viewer)
    return { status: 204 }
  },
})

export const playbackRoutes = [getPlayback, tellWatching]
