import { z } from 'zod'
import { entityTag, isFresh } from '#libs/http/conditional.ts'
import { Position, timestamp } from '#libs/http/ids.ts'
import { pendingReply, pendingResponse } from '#libs/http/pending.ts'
import { HttpProblem } from '#libs/http/problem.ts'
import { type Caller, routesOf } from '#libs/http/route.ts'
import { mostSeconds } from '#libs/protocols/native/acts.ts'
import { modesShown, textsShown } from '../edge-view.ts'
import type { ChannelView } from '../reads/views.ts'
import { doneHeaders, doneReply } from './done.ts'
import { type ChannelEdge, channelOr404, moderatorsOnly, sendToChannel, slugOf } from './edge.ts'
import { AsOf, answerAsOf, laterResponse } from './past.ts'
import { Channel, ChannelAsOf, channelParams, Done, Reason, reasonRefusals } from './schemas.ts'

const route = routesOf<ChannelEdge>()
const tag = 'channels'

const Slug = z
  .string()
  .regex(/^[A-Za-z0-9_]{3,25}$/)
  .meta({ description: 'Compared without case', examples: ['lobby'] })

const shown = async (edge: ChannelEdge, channel: ChannelView) => ({
  id: channel.channelId,
  slug: await slugOf(edge, channel),
  ownerId: channel.ownerId,
  topic: channel.topic,
  slowModeSeconds: channel.slowModeSeconds,
  modes: modesShown(channel.modes).map(({ since, ...mode }) => ({ ...mode, since: timestamp(since) })),
  texts: textsShown(channel),
  pin: channel.pin && { id: channel.pin.messageId, seq: channel.pin.messageSeq },
  closed: channel.closed,
  historyDays: channel.historyDays,
  createdAt: timestamp(channel.createdAt),
  seq: channel.seq,
  version: channel.settingsVersion,
})

const findChannels = route({
  method: 'GET',
  path: '/v1/channels',
  id: 'findChannels',
  tag,
  summary: 'Finds a channel by its slug, or by the handle of its owner',
  auth: 'none',
  access: 'public',
  rate: 'read',
  reads: ['channels'],
  query: z.strictObject({ slug: Slug }),
  responses: {
    200: { description: 'The channel, or none', body: z.strictObject({ channels: z.array(Channel) }) },
  },
  errors: [],
  handler: async ({ query: { slug } }, edge) => {
    const id = await edge.people.holderOf(slug)
    const channel = id === undefined ? undefined : await edge.reads.channel(id)
    return { status: 200, body: { channels: channel ? [await shown(edge, channel)] : [] } }
  },
})

const getChannel = route({
  method: 'GET',
  path: '/v1/channels/{channelId}',
  id: 'getChannel',
  tag,
  summary: 'A channel and its settings, now or at some time',
  auth: 'optional',
  access: { channel: 'read' },
  scopes: ['chat:read'],
  rate: 'read',
  reads: ['channels'],
  params: channelParams,
  query: z.strictObject({ 'as-of': AsOf.optional() }),
  responses: {
    200: {
      description: 'The channel',
      body: z.union([Channel, ChannelAsOf]),
      headers: { ETag: 'The version of all of it but `seq`, for If-Match' },
    },
    ...laterResponse,
    304: { description: 'It is as the client has it (If-None-Match)' },
  },
  errors: ['channel.unknown', 'channel.forbidden', 'http.as_of_out_of_reach'],
  handler: async ({ params: { channelId }, query, caller, header }, edge) => {
    const channel = await channelOr404(edge, channelId)
    if (query['as-of'] !== undefined) {
      if (!caller) throw new HttpProblem('http.unauthenticated')
      await moderatorsOnly(edge, channel, caller)
      return answerAsOf(edge, channelId, query['as-of'])
    }
    const tag = entityTag(channel.settingsVersion)
    if (isFresh(header('if-none-match'), tag)) return { status: 304, headers: { ETag: tag } }
    return { status: 200, headers: { ETag: tag }, body: await shown(edge, channel) }
  },
})

const openChannel = route({
  method: 'POST',
  path: '/v1/channels',
  id: 'openChannel',
  tag,
  summary: 'Opens a channel: one’s own, or as an administrator another one with a slug',
  description: 'One’s own channel has the account’s id and goes by its handle.',
  auth: 'account',
  access: 'signed in',
  scopes: ['channel:manage'],
  rate: 'write',
  command: true,
  body: z.strictObject({ slug: Slug.optional() }),
  responses: {
    201: {
      description: 'Open',
      body: z.strictObject({ commandId: Done.shape.commandId, channelId: Channel.shape.id, position: Position }),
      headers: { Location: 'The channel', Position: doneHeaders.Position },
    },
    ...pendingResponse,
  },
  errors: [
    'channel.exists',
    'channel.forbidden',
    'http.forbidden',
    'identity.handle_taken',
    'identity.handle_reserved',
    'identity.handle_released',
    'identity.forbidden',
  ],
  handler: async (request, edge) => {
    const { commandId, body } = request
    const opened = body.slug === undefined ? await openOwn(edge, request) : await openNamed(edge, request, body.slug)
    if (!opened) return pendingReply(commandId)
    const { channelId, position } = opened
    return {
      status: 201,
      headers: { Location: `/v1/channels/${channelId}`, Position: position },
      body: { commandId, channelId, position },
    }
  },
})

type Opening = {
  readonly caller: Caller
  readonly address: string
  readonly commandId: string
  readonly traceparent: string | undefined
}

const openOwn = async (edge: ChannelEdge, opening: Opening) => {
  const channelId = opening.caller.accountId
  const command = { type: 'CreateChannel', ownerId: channelId, slug: null } as const
  const submitted = await sendToChannel(edge, channelId, command, opening)
  return submitted.kind === 'pending' ? undefined : { channelId, position: submitted.position }
}

const openNamed = (edge: ChannelEdge, { caller, commandId, traceparent }: Opening, slug: string) => {
  if (caller.platformRole !== 'admin') throw new HttpProblem('http.forbidden')
  return edge.openWithSlug(caller, slug, { commandId, traceparent })
}

const changeSettings = route({
  method: 'PATCH',
  path: '/v1/channels/{channelId}/settings',
  id: 'changeSettings',
  tag,
  summary: 'Changes topic or slow mode',
  auth: 'account',
  access: { channel: 'change_settings' },
  scopes: ['channel:manage'],
  rate: 'write',
  command: true,
  ifMatch: 'required',
  params: channelParams,
  body: z.strictObject({
    topic: z.string().max(4096).nullable().optional().meta({ description: 'null takes it away' }),
    slowModeSeconds: z.int().min(0).max(mostSeconds).optional().meta({ description: '0: off' }),
    reason: Reason,
  }),
  responses: { 200: { description: 'Changed', body: Done, headers: doneHeaders }, ...pendingResponse },
  errors: [
    'channel.unknown',
    'channel.forbidden',
    'channel.nothing_to_change',
    'channel.slow_mode_out_of_range',
    ...reasonRefusals,
    'channel.version_conflict',
  ],
  handler: async (request, edge) => {
    const { topic, slowModeSeconds, reason } = request.body
    const command = {
      type: 'ChangeSettings',
      // An empty topic is how the command says that there is to be none.
      topic: topic === null ? '' : (topic ?? null),
      slowModeSeconds: slowModeSeconds ?? null,
      reason: reason ?? null,
    } as const
    const submitted = await sendToChannel(edge, request.params.channelId, command, request)
    return doneReply(200, request.commandId, submitted)
  },
})

export const channelPageRoutes = [findChannels, getChannel, openChannel, changeSettings]
