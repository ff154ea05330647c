import { z } from 'zod'
import { may } from '#libs/access/permissions.ts'
import { Cursor, NumericId, pageLimit, Uuidv7 } from '#libs/http/ids.ts'
import { HttpProblem } from '#libs/http/problem.ts'
import { routesOf } from '#libs/http/route.ts'
import { traits } from '../reads/search.ts'
import type { MessageView } from '../reads/views.ts'
import { type ChannelEdge, channelOr404, roleOf } from './edge.ts'
import { exportStream, exportType } from './export.ts'
import { shownMessage } from './messages.ts'
import { channelParams, Message } from './schemas.ts'

const route = routesOf<ChannelEdge>()
const tag = 'messages'

/** As moderators are shown it: what a deleted message said, too. */
const shownWhole = (message: MessageView) => ({
  ...shownMessage({ ...message, deleted: false }),
  deleted: message.deleted,
})

const Time = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text))

const Traits = z
  .string()
  .max(200)
  .transform((text) => text.split(','))
  .pipe(z.array(z.enum(traits)).max(traits.length))

/** So many messages on either side. */
const Around = z
  .string()
  .regex(/^[0-9]{1,3}$/)
  .transform(Number)
  .pipe(z.int().max(100))
  .meta({ description: 'How many, 10 by default' })

const flag = z.enum(['true', 'false']).transform((text) => text === 'true')

const FoundMessages = z
  .strictObject({
    messages: z.array(Message).meta({ description: 'The latest first' }),
    before: z.int().nullable().meta({ description: 'Ask with `before` for the page before this one; null: no more' }),
  })
  .meta({ id: 'FoundMessages' })

const searchMessages = route({
  method: 'GET',
  path: '/v1/channels/{channelId}/messages/search',
  id: 'searchMessages',
  tag,
  summary: 'Searches what was said in a channel: one’s own messages, as a moderator those of all',
  description:
    'All that is asked for has to hold. It may be a moment behind: `min-position` has it catch up. Deleted messages, and ' +
    'those that only their author sees, are found by moderators alone, who are shown what they said.',
  auth: 'account',
  access: 'signed in',
  scopes: ['chat:read'],
  rate: 'read',
  reads: ['search', 'messages', 'channels'],
  params: channelParams,
  query: z.strictObject({
    words: z
      .string()
      .min(1)
      .max(200)
      .optional()
      .meta({ description: 'Whole words, without case: `two words`, `"a phrase"`, `one or other`, `this -that`' }),
    part: z.string().min(3).max(200).optional().meta({ description: 'A part of the text, without case' }),
    author: NumericId.optional().meta({ description: 'Oneself, for those who do not moderate here' }),
    from: Time.optional().meta({ description: 'Posted at this time or later (RFC 3339)' }),
    to: Time.optional().meta({ description: 'Posted before this time (RFC 3339)' }),
    has: Traits.optional().meta({ description: `With all of these, by commas: ${traits.join(', ')}` }),
    deleted: flag.optional().meta({ description: 'For moderators: only those that were deleted, or were not' }),
    before: Cursor.optional().meta({ description: 'Only messages with a lower number' }),
    limit: pageLimit(100, 25),
  }),
  responses: { 200: { description: 'A page of what was found', body: FoundMessages } },
  errors: ['channel.unknown', 'channel.forbidden'],
  handler: async ({ params: { channelId }, query, caller }, edge) => {
    const channel = await channelOr404(edge, channelId)
    const all = may(await roleOf(edge, channel, caller), 'read_moderation')
    const { limit, has = [], author = all ? undefined : caller.accountId, ...sought } = query
    if (!all && (author !== caller.accountId || sought.deleted !== undefined))
      throw new HttpProblem('channel.forbidden', { detail: { action: 'read_moderation' } })
    // One more than asked for tells whether there is more.
    const found = await edge.history.search(channelId, { ...sought, author, has, all, limit: limit + 1 })
    const page = found.slice(0, limit)
    return {
      status: 200,
      body: {
        messages: page.map(all ? shownWhole : shownMessage),
        before: found.length > limit ? (page.at(-1)?.seq ?? null) : null,
      },
    }
  },
})

const getContext = route({
  method: 'GET',
  path: '/v1/channels/{channelId}/messages/{messageId}/context',
  id: 'getMessageContext',
  tag,
  summary: 'A message with what was said before and after it',
  description: 'Moderators are shown what deleted messages said.',
  auth: 'optional',
  access: { channel: 'read' },
  scopes: ['chat:read'],
  rate: 'read',
  reads: ['messages', 'channels'],
  params: channelParams.extend({ messageId: Uuidv7 }),
  query: z.strictObject({ before: Around.optional(), after: Around.optional() }),
  responses: {
    200: {
      description: 'In the order of their numbers',
      body: z.strictObject({ messages: z.array(Message) }).meta({ id: 'MessageContext' }),
    },
  },
  errors: ['channel.unknown', 'channel.message_unknown'],
  handler: async ({ params: { channelId, messageId }, query: { before = 10, after = 10 }, caller }, edge) => {
    const channel = await channelOr404(edge, channelId)
    const all = caller !== undefined && may(await roleOf(edge, channel, caller), 'read_moderation')
    const found = await edge.history.around(channelId, messageId, { before, after, all })
    if (!found) throw new HttpProblem('channel.message_unknown')
    return { status: 200, body: { messages: found.map(all ? shownWhole : shownMessage) } }
  },
})

const exportHistory = route({
  method: 'GET',
  path: '/v1/channels/{channelId}/messages/export',
  id: 'exportHistory',
  tag,
  summary: 'The whole history of a channel, a message a line, for its broadcaster',
  description: 'As everybody sees it, in the order of its numbers. Goes on behind `after` where it broke off.',
  auth: 'account',
  access: { channel: 'export_history' },
  scopes: ['channel:manage'],
  rate: 'credentials',
  reads: ['messages', 'channels'],
  params: channelParams,
  query: z.strictObject({ after: Cursor.optional().meta({ description: 'Only messages with a higher number' }) }),
  responses: { 200: { description: 'The history', streams: { [exportType]: Message } } },
  errors: ['channel.unknown', 'channel.forbidden', 'platform.busy'],
  handler: async ({ params: { channelId }, query: { after = 0 }, caller }, edge) => {
    const channel = await channelOr404(edge, channelId)
    if (!may(await roleOf(edge, channel, caller), 'export_history'))
      throw new HttpProblem('channel.forbidden', { detail: { action: 'export_history' } })
    const page = (from: number, limit: number) => edge.history.page(channelId, from, limit)
    return {
      status: 200,
      headers: {
        'Content-Disposition': `attachment; filename="channel-${channelId}.ndjson"`,
        'X-Accel-Buffering': 'no',
      },
      stream: exportStream(page, after),
    }
  },
})

export const historyRoutes = [searchMessages, getContext, exportHistory]
