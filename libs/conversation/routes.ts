import { z } from 'zod'
import type { Submitted } from '#libs/http/command.ts'
import { Cursor, NumericId, Position, pageLimit, Timestamp, timestamp, Uuidv7 } from '#libs/http/ids.ts'
import { pendingReply, pendingResponse } from '#libs/http/pending.ts'
import { HttpProblem } from '#libs/http/problem.ts'
import { routesOf } from '#libs/http/route.ts'
import { whisperAllowances } from '#libs/protocols/native/whispers.ts'
import { type ConversationEdge, sendToInbox } from './http/edge.ts'
import { wants } from './rules/senders.ts'
import type { WhisperView } from './views.ts'

const route = routesOf<ConversationEdge>()

const read = {
  method: 'GET',
  tag: 'whispers',
  auth: 'account',
  access: 'signed in',
  scopes: ['whispers:read'],
  rate: 'read',
  reads: ['whispers'],
} as const

const write = {
  tag: 'whispers',
  auth: 'account',
  access: 'signed in',
  scopes: ['whispers:write'],
  rate: 'write',
  command: true,
} as const

/** Beyond every number of a lane, and within what a command can carry. */
const mostNumber = 2 ** 52

const peerParams = z.strictObject({ accountId: NumericId })

const Whisper = z
  .strictObject({
    id: Uuidv7,
    whisperSeq: z.int().meta({ description: 'Its number in one’s own lane of whispers' }),
    at: Timestamp,
    author: z.strictObject({ id: NumericId, name: z.string().nullable() }),
    text: z.string().nullable().meta({ description: 'null: the author is erased' }),
  })
  .meta({ id: 'Whisper' })

const Done = z.strictObject({ commandId: Uuidv7, position: Position }).meta({ id: 'WhisperDone' })

const shown = ({ whisperId, whisperSeq, at, authorId, name, text }: WhisperView) => ({
  id: whisperId,
  whisperSeq,
  at: timestamp(at),
  author: { id: authorId, name },
  text,
})

const done = <const Status extends 200 | 201>(status: Status, commandId: string, submitted: Submitted) =>
  submitted.kind === 'pending'
    ? pendingReply(commandId)
    : ({ status, body: { commandId, position: submitted.position } } as const)

const listConversations = route({
  ...read,
  path: '/v1/whispers',
  id: 'listConversations',
  summary: 'With whom one has whispered, the latest first',
  query: z.strictObject({
    before: Cursor.optional().meta({ description: 'Only where the last whisper has a lower number' }),
    limit: pageLimit(100, 50),
  }),
  responses: {
    200: {
      description: 'A page',
      body: z
        .strictObject({
          conversations: z.array(
            z.strictObject({
              with: z.strictObject({ id: NumericId, name: z.string().nullable() }),
              last: Whisper,
              readUpTo: z.int().meta({ description: 'As one has marked it; 0: not at all' }),
              unread: z.int().meta({ description: '100 stands for as many or more' }),
            }),
          ),
          before: z.int().nullable().meta({ description: 'For the next page; null: there is none' }),
          whisperSeq: z.int(),
        })
        .meta({ id: 'ConversationPage' }),
    },
  },
  errors: [],
  handler: async ({ caller: { accountId }, query: { before, limit } }, edge) => {
    // One more than asked for tells whether there is more.
    const [{ whisperSeq }, found] = await Promise.all([
      edge.reads.inbox(accountId),
      edge.reads.conversations(accountId, { before, limit: limit + 1 }),
    ])
    const page = found.slice(0, limit)
    const names = await edge.namesOf(page.map(({ peerId }) => peerId))
    return {
      status: 200,
      body: {
        conversations: page.map(({ peerId, last, readUpTo, unread }) => ({
          with: { id: peerId, name: names.get(peerId) ?? null },
          last: shown(last),
          readUpTo,
          unread,
        })),
        before: found.length > limit ? (page.at(-1)?.last.whisperSeq ?? null) : null,
        whisperSeq,
      },
    }
  },
})

const findReceiver = route({
  ...read,
  path: '/v1/whispers/receivers',
  id: 'findWhisperReceiver',
  summary: 'Who goes by a handle, to be whispered to',
  description: 'The very handle, in any case. That one may whisper may be over a moment later.',
  query: z.strictObject({
    handle: z
      .string()
      .regex(/^[A-Za-z0-9_]{3,25}$/)
      .meta({ examples: ['ada'] }),
  }),
  responses: {
    200: {
      description: 'Who it is',
      body: z
        .strictObject({
          id: NumericId,
          name: z.string().nullable(),
          wanted: z.boolean().meta({ description: 'Whether they take whispers from one; false of oneself' }),
        })
        .meta({ id: 'WhisperReceiver' }),
    },
  },
  errors: ['conversation.receiver_unknown'],
  handler: async ({ caller: { accountId }, query: { handle } }, edge) => {
    const id = await edge.holderOf(handle)
    const receiver = id === undefined ? undefined : await edge.receiver(accountId, id)
    if (id === undefined || !receiver?.exists) throw new HttpProblem('conversation.receiver_unknown')
    const [names, inbox, addressed] = await Promise.all([
      edge.namesOf([id]),
      edge.reads.inbox(id),
      edge.reads.hasWhisperedTo(id, accountId),
    ])
    const known = receiver.followed || addressed
    const wanted = id !== accountId && wants({ ...inbox, blocked: new Set(inbox.blocked) }, accountId, known)
    return { status: 200, body: { id, name: names.get(id) ?? null, wanted } }
  },
})

const listWhispers = route({
  ...read,
  path: '/v1/whispers/with/{accountId}',
  id: 'listWhispers',
  summary: 'What one has whispered with somebody, a page at a time',
  description: 'Without `before` and `after`: the last of it.',
  params: peerParams,
  query: z.strictObject({
    before: Cursor.optional().meta({ description: 'Only lower numbers, the last of them' }),
    after: Cursor.optional().meta({ description: 'Only higher numbers, the first of them' }),
    limit: pageLimit(200, 50),
  }),
  responses: {
    200: {
      description: 'A page, in the order of the numbers',
      body: z.strictObject({
        whispers: z.array(Whisper),
        more: z.boolean().meta({ description: 'Whether there is more in the direction that was asked for' }),
      }),
    },
  },
  errors: [],
  handler: async ({ caller, params: { accountId }, query: { before, after, limit } }, edge) => {
    if (before !== undefined && after !== undefined) {
      throw new HttpProblem('http.invalid_request', {
        violations: [{ at: 'query/before', message: 'stands beside `after`: choose one' }],
      })
    }
    const asked = { before, after, limit: limit + 1 }
    const found = await edge.reads.whispersWith(caller.accountId, accountId, asked)
    const page = after === undefined ? found.slice(-limit) : found.slice(0, limit)
    return { status: 200, body: { whispers: page.map(shown), more: found.length > limit } }
  },
})

const sendWhisper = route({
  ...write,
  method: 'POST',
  path: '/v1/whispers/with/{accountId}',
  id: 'sendWhisper',
  summary: 'Whispers to somebody',
  description: 'The whisper’s id is the Idempotency-Key. It is there for them whenever they come.',
  params: peerParams,
  body: z.strictObject({
    text: z
      .string()
      .min(1)
      .max(4096)
      .meta({ description: '1 to 512 code points, one line', examples: ['psst'] }),
  }),
  responses: { 201: { description: 'It is theirs', body: Done }, ...pendingResponse },
  errors: [
    'conversation.receiver_unknown',
    'conversation.to_oneself',
    'conversation.not_wanted',
    'conversation.rate_limited',
    'conversation.text_blank',
    'conversation.text_too_long',
    'conversation.text_invalid',
  ],
  handler: async (request, edge) => {
    const { accountId } = request.params
    const receiver = await edge.receiver(request.caller.accountId, accountId)
    if (!receiver.exists) throw new HttpProblem('conversation.receiver_unknown')
    const command = { type: 'SendWhisper', text: request.body.text } as const
    return done(201, request.commandId, await sendToInbox(edge, accountId, command, request, receiver.followed))
  },
})

const markRead = route({
  ...write,
  method: 'PUT',
  path: '/v1/whispers/with/{accountId}/read',
  id: 'markWhispersRead',
  summary: 'Marks what somebody has whispered as read; they are not told',
  params: peerParams,
  body: z.strictObject({ upTo: z.int().min(1).max(mostNumber).meta({ description: 'A number of one’s own lane' }) }),
  responses: { 200: { description: 'Marked', body: Done }, ...pendingResponse },
  errors: ['conversation.nothing_to_read', 'conversation.peer_invalid', 'conversation.receiver_unknown'],
  handler: async (request, edge) => {
    const command = { type: 'MarkWhispersRead', peer: request.params.accountId, upTo: request.body.upTo } as const
    return done(200, request.commandId, await sendToInbox(edge, request.caller.accountId, command, request))
  },
})

const Settings = z.strictObject({
  allow: z.enum(whisperAllowances).meta({
    description:
      'Who may whisper: everybody; whom the account follows or has whispered to; nobody. Never whom it blocks',
  }),
})

const getSettings = route({
  ...read,
  path: '/v1/whispers/settings',
  id: 'getWhisperSettings',
  summary: 'Who may whisper to one',
  responses: { 200: { description: 'As it is set', body: Settings } },
  errors: [],
  handler: async ({ caller }, edge) => ({
    status: 200,
    body: { allow: (await edge.reads.inbox(caller.accountId)).allow },
  }),
})

const changeSettings = route({
  ...write,
  method: 'PUT',
  path: '/v1/whispers/settings',
  id: 'changeWhisperSettings',
  summary: 'Says who may whisper to one',
  body: Settings,
  responses: { 200: { description: 'Set', body: Done }, ...pendingResponse },
  errors: ['conversation.receiver_unknown'],
  handler: async (request, edge) => {
    const command = { type: 'ChangeWhisperSettings', allow: request.body.allow } as const
    return done(200, request.commandId, await sendToInbox(edge, request.caller.accountId, command, request))
  },
})

/** Everything of whispers that is asked and told over HTTP. */
export const conversationRoutes = [
  listConversations,
  findReceiver,
  listWhispers,
  sendWhisper,
  markRead,
  getSettings,
  changeSettings,
]
