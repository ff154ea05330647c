import { z } from 'zod'
import { may } from '#libs/access/permissions.ts'
import { NumericId, pageLimit, Timestamp, timestamp, Uuidv7 } from '#libs/http/ids.ts'
import { pendingResponse } from '#libs/http/pending.ts'
import { HttpProblem } from '#libs/http/problem.ts'
import { routesOf } from '#libs/http/route.ts'
import type { Health } from '../health.ts'
import { warningWords } from '../warnings.ts'
import { doneReply } from './done.ts'
import { type BroadcastEdge, type BroadcastView, roleOr404, sendToBroadcasts } from './edge.ts'
import { audiences, Broadcast, channelParams, Done, Info, infoBody, shown, visibilities } from './schemas.ts'

const route = routesOf<BroadcastEdge>()
const common = { tag: 'broadcasts' } as const
const reading = { ...common, rate: 'read', reads: ['broadcasts'] } as const

const listBroadcasts = route({
  ...reading,
  auth: 'none',
  access: 'public',
  method: 'GET',
  path: '/v1/broadcasts',
  id: 'listBroadcasts',
  summary: 'Who is live now, or was; the latest first',
  query: z.strictObject({
    live: z.enum(['true', 'false']).default('true'),
    channel: NumericId.optional(),
    language: z.string().max(20).optional(),
    before: Uuidv7.optional().meta({ description: 'Of the page before: the last broadcast' }),
    limit: pageLimit(100, 20),
  }),
  responses: {
    200: { description: 'What is listed', body: z.strictObject({ broadcasts: z.array(Broadcast) }) },
  },
  errors: [],
  handler: async ({ query: { live, channel: channelId, ...rest } }, edge) => {
    const found = await edge.reads.list({ live: live === 'true', channelId, ...rest })
    return { status: 200, body: { broadcasts: await Promise.all(found.map((each) => shown(edge, each))) } }
  },
})

const getBroadcast = route({
  ...reading,
  auth: 'none',
  access: 'public',
  method: 'GET',
  path: '/v1/channels/{channelId}/broadcast',
  id: 'getBroadcast',
  summary: 'What a channel says of its broadcasts, and the one that is live',
  params: channelParams,
  responses: {
    200: {
      description: 'As it is now',
      body: z.strictObject({ info: Info, broadcast: Broadcast.nullable() }).meta({ id: 'ChannelBroadcast' }),
    },
  },
  errors: [],
  handler: async ({ params: { channelId } }, edge) => {
    const [info, open] = await Promise.all([edge.reads.info(channelId), edge.reads.open(channelId)])
    return { status: 200, body: { info: infoBody(info), broadcast: open ? await shown(edge, open) : null } }
  },
})

const changeBroadcast = route({
  ...common,
  auth: 'account',
  scopes: ['channel:manage'],
  access: { channel: 'change_broadcast_info' },
  rate: 'write',
  command: true,
  method: 'PATCH',
  path: '/v1/channels/{channelId}/broadcast',
  id: 'changeBroadcast',
  summary: 'Says what a channel’s broadcasts are about, and whom they are for',
  description: 'What is left out stays as it is; an empty text takes away what there was.',
  params: channelParams,
  body: z.strictObject({
    title: z.string().optional(),
    category: z.string().optional(),
    tags: z.array(z.string()).optional(),
    language: z
      .string()
      .optional()
      .meta({ description: 'A tag of BCP 47', examples: ['en'] }),
    visibility: z.enum(visibilities).optional(),
    audience: z.enum(audiences).optional(),
  }),
  responses: { 200: { description: 'It is so', body: Done }, ...pendingResponse },
  errors: [
    'channel.unknown',
    'broadcast.forbidden',
    'broadcast.text_too_long',
    'broadcast.text_invalid',
    'broadcast.tags_invalid',
    'broadcast.language_invalid',
  ],
  handler: async (request, edge) => {
    const { title, category, tags, language, visibility, audience } = request.body
    const command = {
      type: 'ChangeBroadcastInfo',
      title: title ?? null,
      category: category ?? null,
      tags: tags ?? null,
      language: language ?? null,
      visibility: visibility ?? null,
      audience: audience ?? null,
    } as const
    return doneReply(request.commandId, await sendToBroadcasts(edge, request.params.channelId, command, request))
  },
})

const stopBroadcast = route({
  ...common,
  auth: 'account',
  scopes: ['channel:moderate'],
  access: { channel: 'stop_broadcasts' },
  rate: 'write',
  command: true,
  method: 'POST',
  path: '/v1/channels/{channelId}/broadcast/stop',
  id: 'stopBroadcast',
  summary: 'Ends the broadcast of a channel, for moderators; for a minute none begins',
  params: channelParams,
  responses: { 200: { description: 'It is over', body: Done }, ...pendingResponse },
  errors: ['channel.unknown', 'broadcast.forbidden', 'broadcast.not_live'],
  handler: async (request, edge) =>
    doneReply(
      request.commandId,
      await sendToBroadcasts(edge, request.params.channelId, { type: 'StopBroadcast' }, request),
    ),
})

const stateOf = (
  open: BroadcastView | undefined,
  health: Health | undefined,
): 'live' | 'interrupted' | 'testing' | 'off' =>
  open && open.state !== 'ended' ? open.state : health ? 'testing' : 'off'

const measured = ({ broadcastId: _, isTest: __, at, ...health }: Health) => ({ at: timestamp(at), ...health })

const getBroadcastHealth = route({
  ...reading,
  auth: 'account',
  scopes: ['channel:manage', 'channel:moderate'],
  access: { channel: 'see_broadcast_health' },
  method: 'GET',
  path: '/v1/channels/{channelId}/broadcast/health',
  id: 'getBroadcastHealth',
  summary: 'How the encoder of a channel does, over the last two seconds; for its moderators',
  params: channelParams,
  responses: {
    200: {
      description: 'As it was measured last',
      body: z
        .strictObject({
          state: z
            .enum(['live', 'interrupted', 'testing', 'off'])
            .meta({ description: 'testing: an encoder publishes by a key for tests' }),
          viewers: z.int().min(0),
          warnings: z.array(z.strictObject({ warning: z.string(), value: z.int(), words: z.string() })),
          refused: z
            .strictObject({
              at: Timestamp,
              code: z.string().meta({ examples: ['media.unsupported', 'broadcast.live_already'] }),
              words: z.string().meta({ description: 'As the encoder was told' }),
            })
            .nullable()
            .meta({
              description: 'Why an encoder was refused within the last ten minutes, unless one does well since',
            }),
          health: z
            .strictObject({
              at: Timestamp,
              kilobitsPerSecond: z.int(),
              framesPerSecond: z.number(),
              keyframeIntervalMs: z.int().nullable(),
              driftMs: z.int().nullable().meta({ description: 'How far the sound is ahead of the video' }),
              droppedFrames: z.int(),
              width: z.int().nullable(),
              height: z.int().nullable(),
            })
            .nullable(),
        })
        .meta({ id: 'BroadcastHealth' }),
    },
  },
  errors: ['channel.unknown', 'broadcast.forbidden'],
  handler: async ({ params: { channelId }, caller }, edge) => {
    if (!may(await roleOr404(edge, channelId, caller), 'see_broadcast_health'))
      throw new HttpProblem('broadcast.forbidden', { detail: { action: 'see_broadcast_health' } })
    const open = await edge.reads.open(channelId)
    const known = edge.telemetry.health(channelId)
    const refused = edge.telemetry.refusal(channelId)
    const health = known && (open ? known.broadcastId === open.broadcastId : known.isTest) ? known : undefined
    return {
      status: 200,
      body: {
        state: stateOf(open, health),
        viewers: edge.telemetry.viewers(channelId),
        warnings: Object.entries(open?.warnings ?? {}).map(([warning, value]) => ({
          warning,
          value,
          words: warningWords(warning, value),
        })),
        refused: refused ? { ...refused, at: timestamp(refused.at) } : null,
        health: health ? measured(health) : null,
      },
    }
  },
})

export const broadcastPageRoutes = [listBroadcasts, getBroadcast, changeBroadcast, stopBroadcast, getBroadcastHealth]
