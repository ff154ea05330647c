import { z } from 'zod'
import { Cursor, NumericId, pageLimit, Timestamp, timestamp, Uuidv7 } from '#libs/http/ids.ts'
import { pendingResponse } from '#libs/http/pending.ts'
import { routesOf } from '#libs/http/route.ts'
import { marks, mostMs } from '#libs/protocols/native/acts.ts'
import { decodeAttachments } from '../attachments/attachments.ts'
import type { ModerationView } from '../reads/views.ts'
import { pageByMember } from './by-member.ts'
import { doneHeaders, doneReply } from './done.ts'
import { type ChannelEdge, channelOr404, moderatorsOnly, sendToChannel } from './edge.ts'
import {
  channelParams,
  Done,
  HeldMessages,
  MarkPage,
  ModerationPage,
  Reason,
  reasonRefusals,
  whyQuery,
} from './schemas.ts'

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
  access: { channel: 'time_out' },
  scopes: ['channel:moderate'],
  rate: 'write',
  command: true,
  params: memberParams,
  body: z.strictObject({
    durationMs: z
      .int()
      .min(1)
      .max(mostMs)
      .meta({ description: 'From now on', examples: [600_000] }),
    reason: Reason,
    messages: z.array(Uuidv7).max(20).optional().meta({ description: 'The messages that it is about' }),
  }),
  responses: { 200: { description: 'Timed out', ...done }, ...pendingResponse },
  errors: [...refusals, 'channel.duration_out_of_range', ...reasonRefusals, 'channel.member_protected'],
  handler: async (request, edge) => {
    const { channelId, accountId } = request.params
    const { durationMs, reason, messages } = request.body
    const command = {
      type: 'TimeOutMember',
      member: accountId,
      durationMs,
      reason: reason ?? null,
      messages: messages ?? null,
    } as const
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
  access: { channel: 'lift_timeouts' },
  scopes: ['channel:moderate'],
  rate: 'write',
  command: true,
  params: memberParams,
  query: whyQuery,
  responses: { 200: { description: 'Lifted', ...done }, ...pendingResponse },
  errors: [...refusals, 'channel.not_timed_out', ...reasonRefusals],
  handler: async (request, edge) => {
    const { channelId, accountId } = request.params
    const command = { type: 'LiftTimeout', member: accountId, reason: request.query.reason ?? null } as const
    const submitted = await sendToChannel(edge, channelId, command, request)
    return doneReply(200, request.commandId, submitted)
  },
})

/** An entry of the log as moderators are shown it. */
export const shownEntry = ({ at, messages, related, attachments, entities: _, ...entry }: ModerationView) => ({
  ...entry,
  at: timestamp(at),
  related: related && [...related],
  messages: messages && [...messages],
  attachments: decodeAttachments(attachments),
})

const listModeration = route({
  method: 'GET',
  path: '/v1/channels/{channelId}/moderation-log',
  id: 'listModerationLog',
  tag,
  summary: 'Who did what and why, for moderators',
  auth: 'account',
  access: { channel: 'read_moderation' },
  scopes: ['channel:moderate'],
  rate: 'read',
  reads: ['channels'],
  params: channelParams,
  query: z.strictObject({
    before: Cursor.optional().meta({ description: 'Only entries with a lower number' }),
    actor: NumericId.optional().meta({ description: 'Only what this account did' }),
    member: NumericId.optional().meta({ description: 'Only what was done to this account' }),
    action: z.string().max(40).optional().meta({ description: 'Only acts of this kind' }),
    why: z.string().min(1).max(200).optional().meta({ description: 'Only with this in the reason, without case' }),
    rule: z.string().min(1).max(100).optional().meta({ description: 'Only where this rule of the policy spoke' }),
    label: z
      .string()
      .min(1)
      .max(40)
      .optional()
      .meta({ description: 'Only of this category of reports, or answered so' }),
    from: Timestamp.optional().meta({ description: 'Not before' }),
    to: Timestamp.optional().meta({ description: 'Before' }),
    limit: pageLimit(200, 50),
  }),
  responses: { 200: { description: 'A page', body: ModerationPage } },
  errors: ['channel.unknown', 'channel.forbidden'],
  handler: async ({ params: { channelId }, query, caller }, edge) => {
    const { before, limit, from, to, ...asked } = query
    await moderatorsOnly(edge, await channelOr404(edge, channelId), caller)
    const found = await edge.reads.moderationLog(channelId, {
      ...{ ...asked, before, limit: limit + 1 },
      ...(from !== undefined && { from: Date.parse(from) }),
      ...(to !== undefined && { to: Date.parse(to) }),
    })
    const page = found.slice(0, limit)
    return {
      status: 200,
      body: {
        entries: page.map(shownEntry),
        before: found.length > limit ? (page.at(-1)?.moderationSeq ?? null) : null,
      },
    }
  },
})

const listHeld = route({
  method: 'GET',
  path: '/v1/channels/{channelId}/held-messages',
  id: 'listHeldMessages',
  tag,
  summary: 'Messages that wait for a moderator, the oldest first',
  auth: 'account',
  access: { channel: 'read_moderation' },
  scopes: ['channel:moderate'],
  rate: 'read',
  reads: ['channels'],
  params: channelParams,
  responses: { 200: { description: 'All of them', body: HeldMessages } },
  errors: ['channel.unknown', 'channel.forbidden'],
  handler: async ({ params: { channelId }, caller }, edge) => {
    await moderatorsOnly(edge, await channelOr404(edge, channelId), caller)
    const held = await edge.reads.held(channelId)
    return {
      status: 200,
      body: {
        messages: held.map(({ messageId, at, actorId, authorName, text, attachments, cause, rule }) => ({
          id: messageId ?? '',
          at: timestamp(at),
          author: { id: actorId, name: authorName },
          text,
          attachments: decodeAttachments(attachments),
          cause: cause ?? '',
          rule,
        })),
      },
    }
  },
})

/** A member has one of each at most. */
const kinds = ['ban', 'subscription', ...marks] as const

const listMarks = route({
  method: 'GET',
  path: '/v1/channels/{channelId}/marks',
  id: 'listMarks',
  tag,
  summary: 'Bans, marks and subscriptions that stand, for moderators',
  auth: 'account',
  access: { channel: 'read_moderation' },
  scopes: ['channel:moderate'],
  rate: 'read',
  reads: ['channels'],
  params: channelParams,
  query: z.strictObject({
    mark: z.enum(kinds).optional(),
    member: NumericId.optional(),
    after: NumericId.optional().meta({ description: 'Only members with a higher id' }),
    limit: pageLimit(500, 100),
  }),
  responses: { 200: { description: 'A page, in the order of the members’ ids', body: MarkPage } },
  errors: ['channel.unknown', 'channel.forbidden'],
  handler: async ({ params: { channelId }, query, caller }, edge) => {
    await moderatorsOnly(edge, await channelOr404(edge, channelId), caller)
    const found = await edge.reads.marks(channelId, { ...query, limit: query.limit + kinds.length })
    const { page, after } = pageByMember(found, query.limit)
    return {
      status: 200,
      body: {
        after,
        marks: page.map(({ until, since, ...mark }) => ({
          ...mark,
          until: until === null ? null : timestamp(until),
          since: timestamp(since),
        })),
      },
    }
  },
})

export const moderationRoutes = [timeOutMember, liftTimeout, listModeration, listHeld, listMarks]
