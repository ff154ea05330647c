import { z } from 'zod'
import { Cursor, NumericId, pageLimit, timestamp } from '#libs/http/ids.ts'
import { pendingResponse } from '#libs/http/pending.ts'
import { routesOf } from '#libs/http/route.ts'
import { doneHeaders, doneReply } from './done.ts'
import { type ChannelEdge, channelOr404, moderatorsOnly, sendToChannel } from './edge.ts'
import { channelParams, Done, ModerationPage } from './schemas.ts'

const route = routesOf<ChannelEdge>()
const tag = 'moderation'
const memberParams = channelParams.extend({ accountId: NumericId })
const done = { body: Done, headers: doneHeaders } as const
const refusals = ['channel.unknown', 'channel.forbidden', 'channel.rank_too_low', 'channel.member_invalid'] as const

const timeOutMember = route({
  method: 'PUT',
  path: '/v1/channels/{channelId}/timeouts/{accountId}',
  id: 'timeOutMember',
  tag,
  summary: 'Times a member out: they read on, and cannot post for a while',
  auth: 'account',
  rate: 'write',
  command: true,
  params: memberParams,
  body: z.strictObject({
    durationMs: z
      .int()
      .min(1)
      .meta({ description: 'From now on', examples: [600_000] }),
    reason: z.string().max(4096).optional().meta({ description: 'For the moderators’ log' }),
  }),
  responses: { 200: { description: 'Timed out', ...done }, ...pendingResponse },
  errors: [...refusals, 'channel.duration_out_of_range', 'channel.text_too_long', 'channel.text_invalid'],
  handler: async (request, edge) => {
    const { channelId, accountId } = request.params
    const { durationMs, reason } = request.body
    const command = { type: 'TimeOutMember', member: accountId, durationMs, reason: reason ?? null } as const
    return doneReply(200, request.commandId, await sendToChannel(edge, channelId, command, request))
  },
})

const liftTimeout = route({
  method: 'DELETE',
  path: '/v1/channels/{channelId}/timeouts/{accountId}',
  id: 'liftTimeout',
  tag,
  summary: 'Lets a member who was timed out talk again',
  auth: 'account',
  rate: 'write',
  command: true,
  params: memberParams,
  responses: { 200: { description: 'Lifted', ...done }, ...pendingResponse },
  errors: [...refusals, 'channel.not_timed_out'],
  handler: async (request, edge) => {
    const { channelId, accountId } = request.params
    const submitted = await sendToChannel(edge, channelId, { type: 'LiftTimeout', member: accountId }, request)
    return doneReply(200, request.commandId, submitted)
  },
})

const listModeration = route({
  method: 'GET',
  path: '/v1/channels/{channelId}/moderation-log',
  id: 'listModerationLog',
  tag,
  summary: 'Who did what and why, for moderators',
  auth: 'account',
  rate: 'read',
  reads: ['channels'],
  params: channelParams,
  query: z.strictObject({
    before: Cursor.optional().meta({ description: 'Only entries with a lower number' }),
    limit: pageLimit(200, 50),
  }),
  responses: { 200: { description: 'A page', body: ModerationPage } },
  errors: ['channel.unknown', 'channel.forbidden'],
  handler: async ({ params: { channelId }, query: { before, limit }, caller }, edge) => {
    await moderatorsOnly(edge, await channelOr404(edge, channelId), caller)
    const found = await edge.reads.moderationLog(channelId, { before, limit: limit + 1 })
    const page = found.slice(0, limit)
    return {
      status: 200,
      body: {
        entries: page.map((entry) => ({ ...entry, at: timestamp(entry.at) })),
        before: found.length > limit ? (page.at(-1)?.moderationSeq ?? null) : null,
      },
    }
  },
})

export const moderationRoutes = [timeOutMember, liftTimeout, listModeration]
