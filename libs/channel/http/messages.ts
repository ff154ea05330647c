import { z } from 'zod'
import { Cursor, pageLimit, Timestamp, timestamp, Uuidv7 } from '#libs/http/ids.ts'
import { pendingResponse } from '#libs/http/pending.ts'
import { HttpProblem } from '#libs/http/problem.ts'
import { routesOf } from '#libs/http/route.ts'
import { announcementColors, messageForms } from '#libs/protocols/native/client-frames.ts'
import { decodeAttachments } from '../attachments/attachments.ts'
import { writtenCommand } from '../edge.ts'
import { globalsFact } from '../emotes/globals.ts'
import { decodeEntities } from '../entities.ts'
import { classificationFacts } from '../policy/classification.ts'
import type { MessageView } from '../reads/views.ts'
import { doneHeaders, doneReply } from './done.ts'
import { type ChannelEdge, channelOr404, memberFacts, messageFacts, moderatorsOnly, sendToChannel } from './edge.ts'
import { channelParams, Done, MessagePage, reasonRefusals, whyQuery } from './schemas.ts'

const route = routesOf<ChannelEdge>()
const tag = 'messages'

/** As everybody is shown it. */
export const shownMessage = ({
  messageId,
  seq,
  at,
  authorId,
  authorName,
  text,
  deleted,
  entities,
  body,
}: MessageView) => ({
  id: messageId,
  seq,
  at: timestamp(at),
  author: { id: authorId, name: authorName },
  text: deleted ? null : text,
  deleted,
  editedAt: body?.editedAt === undefined ? null : timestamp(body.editedAt),
  form: body?.form ?? null,
  color: body?.color ?? null,
  replyTo: replyOf(body),
  entities:
    deleted || text === null
      ? []
      : decodeEntities(entities).map((entity) => ({ ...entity, modifiers: [...(entity.modifiers ?? [])] })),
  role: body?.role ?? null,
  tier: body?.tier ?? null,
  combo: body?.combo ?? null,
  attachments: deleted || authorName === null ? [] : decodeAttachments(body?.attachments),
})

const replyOf = (body: MessageView['body']) =>
  body?.replyTo && body.replyToAuthor
    ? { id: body.replyTo, authorId: body.replyToAuthor, thread: body.thread ?? body.replyTo }
    : null

const listMessages = route({
  method: 'GET',
  path: '/v1/channels/{channelId}/messages',
  id: 'listMessages',
  tag,
  summary: 'The history of a channel, a page at a time',
  description: 'Without `before` and `after`: the last messages. Needs no account.',
  auth: 'none',
  access: { channel: 'read' },
  rate: 'read',
  reads: ['messages', 'channels'],
  params: channelParams,
  query: z.strictObject({
    before: Cursor.optional().meta({ description: 'Only messages with a lower number, the last of them' }),
    after: Cursor.optional().meta({ description: 'Only messages with a higher number, the first of them' }),
    limit: pageLimit(200, 50),
  }),
  responses: { 200: { description: 'A page', body: MessagePage } },
  errors: ['channel.unknown'],
  handler: async ({ params: { channelId }, query: { before, after, limit } }, edge) => {
    if (before !== undefined && after !== undefined) {
      throw new HttpProblem('http.invalid_request', {
        violations: [{ at: 'query/before', message: 'stands beside `after`: choose one' }],
      })
    }
    const [channel, trimmedBefore] = await Promise.all([
      channelOr404(edge, channelId),
      edge.history.trimmedBefore(channelId),
    ])
    // One more than asked for tells whether there is more.
    const found = await edge.reads.messages(channelId, { before, after, limit: limit + 1 })
    const more = found.length > limit
    const page = after === undefined ? found.slice(-limit) : found.slice(0, limit)
    const first = page.at(0)?.seq
    const last = page.at(-1)?.seq
    const older = after === undefined ? more : true
    const newer = after === undefined ? before !== undefined : more
    return {
      status: 200,
      body: {
        messages: page.map(shownMessage),
        before: older && first !== undefined ? first : null,
        after: newer && last !== undefined ? last : null,
        seq: channel.seq,
        trimmedBefore: trimmedBefore === null ? null : timestamp(trimmedBefore),
      },
    }
  },
})

const postMessage = route({
  method: 'POST',
  path: '/v1/channels/{channelId}/messages',
  id: 'postMessage',
  tag,
  summary: 'Posts a message',
  description:
    'The message’s id is the Idempotency-Key. That its author follows, or has accepted the rules, may count a moment ' +
    'later: `min-position` has it count.',
  auth: 'account',
  access: { channel: 'post' },
  scopes: ['chat:write'],
  rate: 'write',
  command: true,
  reads: ['channels'],
  params: channelParams,
  body: z.strictObject({
    text: z
      .string()
      .max(4096)
      .meta({
        description: 'One line of up to 512 code points; empty only where pictures are shown',
        examples: ['hello'],
      }),
    form: z.enum(messageForms).optional().meta({ description: 'An announcement is for moderators' }),
    color: z.enum(announcementColors).optional().meta({ description: 'Of an announcement' }),
    replyTo: Uuidv7.optional().meta({ description: 'The message that it answers' }),
    attachments: z
      .array(z.string().max(160))
      .max(16)
      .optional()
      .meta({ description: 'Uploads that it shows, by what addAttachment has answered: 4 at most' }),
  }),
  responses: {
    201: { description: 'Posted: everybody in the channel sees it', body: Done, headers: doneHeaders },
    ...pendingResponse,
  },
  errors: [
    'channel.unknown',
    'channel.forbidden',
    'channel.timed_out',
    'channel.banned',
    'channel.closed',
    'channel.rules_unaccepted',
    'channel.warned',
    'channel.muted',
    'channel.slowed',
    'channel.queue_full',
    'channel.slow_mode',
    'channel.text_blank',
    'channel.text_too_long',
    'channel.text_invalid',
    'channel.color_without_announcement',
    'channel.read_only',
    'channel.followers_only',
    'channel.subscribers_only',
    'channel.emote_only',
    'channel.not_unique',
    'channel.filtered',
    'channel.verified_only',
    'channel.account_too_young',
    'channel.message_unknown',
    'channel.message_deleted',
    'channel.attachments_off',
    'channel.too_many_attachments',
    'channel.attachment_unknown',
  ],
  handler: async (request, edge) => {
    const { params, body, commandId } = request
    const whose = { accountId: request.caller.accountId, channelId: params.channelId }
    const attachments = edge.attachments.fact(whose, body.attachments)
    const [known, answered, said] = await Promise.all([
      memberFacts(edge, params.channelId, request.caller.accountId),
      messageFacts(edge, params.channelId, body.replyTo),
      edge.classify?.({ channel: params.channelId, text: body.text }),
    ])
    const globalEmotes = globalsFact(body.text, edge.globalEmotes.current())
    const facts = {
      ...known,
      ...answered,
      ...classificationFacts(said),
      ...(globalEmotes !== undefined && { globalEmotes }),
      ...(attachments !== undefined && { attachments }),
    }
    const submitted = await sendToChannel(edge, params.channelId, writtenCommand(body), request, facts)
    return doneReply(201, commandId, submitted)
  },
})

const deleteMessage = route({
  method: 'DELETE',
  path: '/v1/channels/{channelId}/messages/{messageId}',
  id: 'deleteMessage',
  tag,
  summary: 'Deletes a message: one’s own, or as a moderator that of somebody of a lower role',
  auth: 'account',
  access: { channel: 'delete_own_messages' },
  scopes: ['channel:moderate'],
  rate: 'write',
  command: true,
  params: channelParams.extend({ messageId: Uuidv7 }),
  query: whyQuery,
  responses: {
    200: { description: 'Deleted', body: Done, headers: doneHeaders },
    ...pendingResponse,
  },
  errors: [
    'channel.unknown',
    'channel.forbidden',
    'channel.rank_too_low',
    'channel.message_unknown',
    'channel.message_deleted',
    ...reasonRefusals,
  ],
  handler: async (request, edge) => {
    const { channelId, messageId } = request.params
    const facts = await messageFacts(edge, channelId, messageId)
    const submitted = await sendToChannel(
      edge,
      channelId,
      { type: 'DeleteMessage', messageId, reason: request.query.reason ?? null },
      request,
      facts,
    )
    return doneReply(200, request.commandId, submitted)
  },
})

export const listEdits = route({
  method: 'GET',
  path: '/v1/channels/{channelId}/messages/{messageId}/edits',
  id: 'listMessageEdits',
  tag,
  summary: 'What a message said before each of its edits, for moderators',
  auth: 'account',
  access: { channel: 'read_moderation' },
  scopes: ['channel:moderate'],
  rate: 'read',
  reads: ['messages', 'channels'],
  params: channelParams.extend({ messageId: Uuidv7 }),
  responses: {
    200: {
      description: 'The first first',
      body: z.strictObject({
        edits: z.array(
          z.strictObject({ text: z.string().nullable().meta({ description: 'null: erased' }), until: Timestamp }),
        ),
      }),
    },
  },
  errors: ['channel.unknown', 'channel.forbidden', 'channel.message_unknown'],
  handler: async ({ params: { channelId, messageId }, caller }, edge) => {
    await moderatorsOnly(edge, await channelOr404(edge, channelId), caller)
    const message = await edge.reads.message(channelId, messageId)
    if (!message) throw new HttpProblem('channel.message_unknown')
    const edits = await edge.reads.edits(channelId, message.seq)
    return { status: 200, body: { edits: edits.map(({ text, until }) => ({ text, until: timestamp(until) })) } }
  },
})

export const messageRoutes = [listEdits, listMessages, postMessage, deleteMessage]
