import { z } from 'zod'
import { marks, toldMarks } from './acts.ts'
import { caseworkBodies, caseworkEntry } from './casework.ts'
import { announcementColors, commandIdSchema, idSchema, messageForms, watchingSchema } from './client-frames.ts'
import { emoteBodies } from './emotes.ts'
import { modes } from './modes.ts'
import { nukeFoundSchema } from './nukes.ts'
import { ownershipBodies, ownershipPersonal } from './ownership.ts'
import { pollBodies, pollSchema, runningPollSchema } from './polls.ts'
import { answerSchema } from './questions.ts'
import { followingWhispersSchema, whisperedSchema } from './whispers.ts'

const seq = z.int().min(0)
const instant = z.int().min(0).describe('Milliseconds since 1970-01-01T00:00:00Z')
const role = z.enum(['broadcaster', 'lead_moderator', 'moderator', 'vip', 'bot', 'member'])
const detail = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
const person = z.strictObject({ id: idSchema, name: z.string() })

const presentPerson = person.extend({
  afk: z.literal(true).optional().describe('Away, as they say'),
  watching: watchingSchema.optional(),
})

const helloSchema = z
  .strictObject({
    type: z.literal('hello'),
    protocol: z.literal(1),
    epoch: z.string().describe('The id of the log that the numbers belong to'),
    session: z.string().describe('This connection, to be named to operators'),
    serverTime: instant,
    limits: z.strictObject({
      frameBytes: z.int(),
      questionBytes: z.int().describe('Of a `query` or `command`, once `auth` was answered'),
      questions: z.int().describe('Answers that one connection may wait for'),
      answerBytes: z.int().describe('The largest `answer`'),
      textCodePoints: z.int(),
      joins: z.int(),
      postBurst: z.int(),
      postsPerMinute: z.int(),
      heartbeatMs: z.int(),
      resumeEvents: z.int().describe('The most events that a resume brings; older ones are named by a gap frame'),
    }),
  })
  .describe('The first frame of every connection')

const authenticatedSchema = z
  .strictObject({ type: z.literal('authenticated'), account: person })
  .describe('The connection may post now, as this account')

const joinedSchema = z
  .strictObject({
    type: z.literal('joined'),
    channel: idSchema,
    epoch: z.string(),
    slug: z.string().nullable(),
    seq: seq.describe('The last number of the public lane as of now'),
    next: seq.describe('The number of the first event, skip or gap that follows; every later one is one more'),
    moderationSeq: seq.optional().describe("The last number of the moderators' lane, for moderators"),
    role: z
      .enum(['platform_admin', ...role.options])
      .nullable()
      .describe('Of the one who joined; who administers the platform is a moderator everywhere'),
    settings: z.strictObject({
      topic: z.string().nullable(),
      slowModeSeconds: z.int().min(0),
      modes: z
        .array(z.strictObject({ mode: z.enum(modes), value: z.int(), actor: idSchema, since: instant }))
        .describe('That are on, by whom and since when'),
    }),
    poll: runningPollSchema.optional(),
    pin: z.strictObject({ id: commandIdSchema, seq }).optional().describe('The message that is pinned'),
    texts: z
      .array(z.strictObject({ of: z.enum(['welcome', 'rules']), text: z.string(), version: z.int() }))
      .describe('The word of welcome, and rules that must be accepted before posting'),
    closed: z.literal(true).optional().describe('Nobody posts here any more'),
    timeouts: z
      .array(z.strictObject({ member: idSchema, until: instant }))
      .describe('In force now: all of them for moderators, for others their own'),
    ban: z
      .strictObject({ until: instant.nullable().describe('null: without end') })
      .optional()
      .describe('Of the one who joined: they read, and may not post'),
  })
  .describe('The channel is followed: first what was asked for of the past, then what happens')

const leftSchema = z.strictObject({ type: z.literal('left'), channel: idSchema }).describe('The channel is left')

const outcomeSchema = z
  .strictObject({
    type: z.literal('outcome'),
    id: commandIdSchema,
    status: z.enum(['accepted', 'rejected', 'repeated', 'pending']),
    code: z.string().optional().describe('Why it was rejected'),
    detail: detail.optional(),
    seq: seq.optional(),
    held: z.literal(true).optional().describe('It waits for a moderator'),
    kind: z
      .string()
      .optional()
      .describe(
        'Of a message that waits: the kind of rule that has it wait; `low_trust`: a moderator has all of its author wait',
      ),
    proposal: commandIdSchema
      .optional()
      .describe('Of a ban that waits for other moderators, its member timed out meanwhile: see the act `vote-on-ban`'),
    needed: z.int().optional().describe('Of such a ban: who must be for it, its sender among them'),
    position: z.string().optional().describe('For `min-position` of a query that must see it'),
  })
  .describe('What came of a command, as the journal has it; `pending`: not known within 10 s, ask /v1/commands/{id}')

const entity = z
  .strictObject({
    kind: z.enum(['mention', 'link', 'code', 'spoiler', 'greentext', 'emote']),
    from: z.int().min(0).describe('In UTF-16 code units of the text'),
    to: z.int().min(1),
    name: z.string().optional().describe('Of a mention the handle in lower case, of an emote its name'),
    modifiers: z.array(z.string()).optional().describe('Of an emote'),
    id: z.string().optional().describe('Of an emote: its id in the manifest'),
  })
  .describe('What stands in the text besides words')

const attachments = z
  .array(z.strictObject({ id: commandIdSchema, width: z.int().min(1), height: z.int().min(1) }))
  .optional()

const messageFields = {
  id: commandIdSchema,
  author: person,
  text: z.string(),
  form: z.enum(messageForms).optional().describe('What somebody does rather than says, or an announcement'),
  color: z.enum(announcementColors).optional(),
  replyTo: z
    .strictObject({ id: commandIdSchema, author: idSchema, thread: commandIdSchema })
    .optional()
    .describe('The message that it answers, and the one that the thread begins with'),
  entities: z.array(entity).optional(),
  role: z
    .enum(['platform_admin', ...role.options])
    .optional()
    .describe('Of the author as they posted it; none: a member'),
  tier: z.int().min(1).optional().describe("Of the author's subscription"),
  edited: instant.optional().describe('When it was edited last; the text is the one since then'),
  combo: z.int().min(2).optional().describe('How many have posted this one emote in a row'),
  attachments: attachments.describe(
    'Pictures: /v1/channels/{channel}/messages/{id}/attachments/{attachment}/thumb, or full',
  ),
} as const

/** What everybody in a channel is shown, by its kind. */
export const eventBodySchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('channel-created'), owner: idSchema }),
  z.strictObject({ kind: z.literal('message'), ...messageFields }),
  z
    .strictObject({
      kind: z.literal('message-edited'),
      messageId: commandIdSchema,
      messageSeq: seq,
      text: z.string(),
      entities: z.array(entity).optional(),
    })
    .describe('A message says something else; where it was edited again, or deleted, a skip'),
  z.strictObject({
    kind: z.literal('message-deleted'),
    messageId: commandIdSchema,
    messageSeq: seq,
  }),
  z.strictObject({ kind: z.literal('timeout'), member: idSchema, until: instant }),
  z.strictObject({ kind: z.literal('timeout-ended'), member: idSchema, cause: z.enum(['lifted', 'expired']) }),
  z.strictObject({
    kind: z.literal('settings'),
    topic: z.string().nullable().optional(),
    slowModeSeconds: z.int().min(0).optional(),
  }),
  z
    .strictObject({
      kind: z.literal('pin'),
      actor: idSchema,
      message: z.strictObject({ id: commandIdSchema, seq }).nullable().describe('null: nothing is pinned'),
    })
    .describe('A message was pinned, or the pin taken away'),
  z
    .strictObject({
      kind: z.literal('text'),
      of: z.enum(['welcome', 'rules']),
      text: z.string().nullable().describe('null: there is none'),
      version: z.int(),
    })
    .describe('The word of welcome, or the rules, were changed'),
  ...emoteBodies,
  ...ownershipBodies,
  ...pollBodies,
  z.strictObject({
    kind: z.literal('retention'),
    actor: idSchema,
    days: z.int().nullable().describe('For so long the history is kept; null: for ever'),
  }),
  z.strictObject({ kind: z.literal('channel-closed') }),
  z.strictObject({ kind: z.literal('channel-reopened') }),
  z
    .strictObject({
      kind: z.literal('mode'),
      mode: z.enum(modes),
      value: z.int().nullable().describe('As of the act that set it; null: off'),
      actor: idSchema,
    })
    .describe('A mode of the room was set or switched off'),
  z.strictObject({
    kind: z.literal('subscription'),
    member: idSchema,
    tier: z.int().min(1),
    until: instant.nullable().describe('null: without end'),
  }),
  z.strictObject({
    kind: z.literal('subscription-ended'),
    member: idSchema,
    cause: z.enum(['revoked', 'expired']),
  }),
  z
    .strictObject({ kind: z.literal('ban'), member: idSchema, until: instant.nullable().describe('null: without end') })
    .describe('A member may not post'),
  z.strictObject({ kind: z.literal('ban-ended'), member: idSchema, cause: z.enum(['lifted', 'expired']) }),
  z
    .strictObject({
      kind: z.literal('messages-deleted'),
      author: idSchema.nullable().describe('Only what they wrote; null: whoever did'),
      messageSeqs: z.array(seq).nullable().describe('Only these; null: everything before this number'),
    })
    .describe('Many messages were deleted at once'),
  z
    .strictObject({ kind: z.literal('messages-restored'), messageSeqs: z.array(seq) })
    .describe('Deleted messages are there again: a resume or the history brings them'),
  z.strictObject({ kind: z.literal('role'), member: idSchema, role: role.nullable() }),
])

const eventSchema = z
  .strictObject({ type: z.literal('event'), channel: idSchema, seq, at: instant, event: eventBodySchema })
  .describe('Something that everybody in the channel sees, numbered without a hole')

const moderationSchema = z
  .strictObject({
    type: z.literal('moderation'),
    channel: idSchema,
    moderationSeq: seq,
    at: instant,
    entry: z.strictObject({
      actor: z.string(),
      action: z.string(),
      member: idSchema.optional(),
      messageId: commandIdSchema.optional(),
      reason: z.string().optional(),
      durationMs: z.int().optional(),
      role: role.optional(),
      mode: z.enum(modes).optional(),
      value: z.int().optional(),
      mark: z.enum(marks).optional(),
      messages: z.array(z.string()).optional().describe('Ids of the messages that it was about'),
      undoes: commandIdSchema.optional().describe('The nuke that was taken back'),
      rule: z.string().optional().describe('The rule of the policy that spoke; the actor is 0 then'),
      verdict: z.enum(['allow', 'hold', 'reject', 'time_out']).optional().describe('What it said, or would have'),
      ...caseworkEntry,
      held: z
        .strictObject({
          author: person,
          text: z.string(),
          entities: z.array(entity).optional(),
          attachments: attachments.describe(
            'Pictures: /v1/channels/{channel}/held-messages/{id}/attachments/{attachment}/thumb, or full',
          ),
          cause: z.enum(['low_trust', 'filter']),
          rule: z.string().optional(),
        })
        .optional()
        .describe('The message that waits for a moderator'),
    }),
  })
  .describe('An act of moderation, for moderators; a lane of its own, numbered without a hole')

const personalSchema = z
  .strictObject({
    type: z.literal('personal'),
    channel: idSchema,
    at: instant,
    event: z.discriminatedUnion('kind', [
      z.strictObject({
        kind: z.literal('marked'),
        mark: z.enum(toldMarks),
        until: instant.nullable(),
        value: z
          .int()
          .nullable()
          .describe('Seconds between two messages, of slow; 1 of link_permit, where it is for one message'),
        reason: z.string().optional(),
      }),
      z.strictObject({
        kind: z.literal('mark-ended'),
        mark: z.enum(toldMarks),
        cause: z.enum(['lifted', 'expired', 'acknowledged', 'used']),
      }),
      z.strictObject({
        kind: z.literal('not-posted'),
        messageId: commandIdSchema,
        cause: z.enum(['denied', 'expired']),
      }),
      ...caseworkBodies,
      ...ownershipPersonal,
    ]),
  })
  .describe('What concerns the receiver alone; without a number')

const presenceSchema = z
  .strictObject({
    type: z.literal('presence'),
    channel: idSchema,
    count: z.int().min(0).describe('Connections, watchers without an account among them'),
    members: z.array(presentPerson).optional().describe('Everybody who is there by name: replaces what was known'),
    joined: z
      .array(presentPerson)
      .optional()
      .describe('Who came, by the first of their connections, or says something else of themselves than before'),
    left: z.array(idSchema).optional().describe('Whose last connection is gone'),
  })
  .describe('Who is there; at most once a second, for big channels and where the channel hides it the count alone')

const broadcastSchema = z
  .strictObject({
    type: z.literal('broadcast'),
    channel: idSchema,
    at: instant,
    broadcast: commandIdSchema,
    state: z
      .enum(['live', 'interrupted', 'ended', 'changed'])
      .describe('interrupted: its encoder may return; changed: what is said of it is to be read again'),
    reason: z.enum(['unpublished', 'grace_over', 'stopped', 'key_revoked', 'replaced']).optional(),
  })
  .describe('What has become of the live video of a channel; that it began its followers are told wherever they are')

const skipSchema = z
  .strictObject({ type: z.literal('skip'), channel: idSchema, from: seq, to: seq })
  .describe('Numbers with nothing to show, for whatever cause')

const gapSchema = z
  .strictObject({
    type: z.literal('gap'),
    channel: idSchema,
    lane: z.enum(['public', 'moderation']),
    from: seq,
    to: seq,
    cause: z.enum(['epoch', 'too_old', 'unavailable']),
  })
  .describe(
    'Numbers that the edge cannot answer for: what lies there is to be read again by `listMessages`. `epoch`: the resume named ' +
      'numbers of another log, or such as were never given; those that the client has seen count for nothing.',
  )

const erasedSchema = z
  .strictObject({ type: z.literal('erased'), account: idSchema })
  .describe('An account was erased: nothing that it wrote is to be shown any more, in whatever channel')

const errorSchema = z
  .strictObject({
    type: z.literal('error'),
    code: z.string(),
    message: z.string(),
    channel: idSchema.optional(),
    id: commandIdSchema.optional(),
    retryAfterMs: z.int().optional(),
  })
  .describe(
    'A frame was refused; nothing came of it: a post by its `id`, a join by its `channel`, where there is neither an ' +
      '`auth`. `platform.unavailable` and `platform.busy` hold for now: send it again; who goes on without may only watch.',
  )

const pongSchema = z.strictObject({ type: z.literal('pong'), serverTime: instant }).describe('Answers a ping')

const closingSchema = z
  .strictObject({ type: z.literal('closing'), reconnectAfterMs: z.int().min(0) })
  .describe('The edge is going away: come back after so long, and resume')

/** Every frame that the edge sends, by type. */
export const serverFrameSchemas = {
  hello: helloSchema,
  authenticated: authenticatedSchema,
  joined: joinedSchema,
  left: leftSchema,
  outcome: outcomeSchema,
  'nuke-found': nukeFoundSchema,
  answer: answerSchema,
  event: eventSchema,
  moderation: moderationSchema,
  personal: personalSchema,
  presence: presenceSchema,
  broadcast: broadcastSchema,
  poll: pollSchema,
  whispers: followingWhispersSchema,
  whispered: whisperedSchema,
  skip: skipSchema,
  gap: gapSchema,
  erased: erasedSchema,
  error: errorSchema,
  pong: pongSchema,
  closing: closingSchema,
} as const

export const serverFrameSchema = z.discriminatedUnion('type', [
  helloSchema,
  authenticatedSchema,
  joinedSchema,
  leftSchema,
  outcomeSchema,
  nukeFoundSchema,
  answerSchema,
  eventSchema,
  moderationSchema,
  personalSchema,
  presenceSchema,
  broadcastSchema,
  pollSchema,
  followingWhispersSchema,
  whisperedSchema,
  skipSchema,
  gapSchema,
  erasedSchema,
  errorSchema,
  pongSchema,
  closingSchema,
])

export type ServerFrame = z.infer<typeof serverFrameSchema>
export type ServerFrameOf<Type extends ServerFrame['type']> = Extract<ServerFrame, { type: Type }>
export type EventBody = z.infer<typeof eventBodySchema>
export type Person = z.infer<typeof person>
export type PresentPerson = z.infer<typeof presentPerson>
