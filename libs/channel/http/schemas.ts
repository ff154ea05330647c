import { z } from 'zod'
import { assignableRoles } from '#libs/access/roles.ts'
import { NumericId, Position, Timestamp, Uuidv7 } from '#libs/http/ids.ts'
import { announcementColors, messageForms } from '#libs/protocols/native/client-frames.ts'
import { modes } from '#libs/protocols/native/modes.ts'
import { NextAfter } from './by-member.ts'

export const Channel = z
  .strictObject({
    id: NumericId,
    slug: z
      .string()
      .nullable()
      .meta({ description: 'Its name in addresses; the owner’s handle for their own channel' }),
    ownerId: NumericId,
    topic: z.string().nullable(),
    slowModeSeconds: z.int().min(0).meta({ description: '0: off' }),
    modes: z
      .array(z.strictObject({ mode: z.enum(modes), value: z.int(), actor: NumericId, since: Timestamp }))
      .meta({ description: 'That are on, by whom and since when' }),
    texts: z
      .array(z.strictObject({ of: z.enum(['welcome', 'rules']), text: z.string(), version: z.int() }))
      .meta({ description: 'The word of welcome, and rules that must be accepted before posting' }),
    pin: z.strictObject({ id: Uuidv7, seq: z.int() }).nullable().meta({ description: 'The message that is pinned' }),
    closed: z.boolean().meta({ description: 'Nobody posts here any more' }),
    historyDays: z.int().nullable().meta({ description: 'For so long its history is kept; null: for ever' }),
    createdAt: Timestamp,
    seq: z.int().min(0).meta({ description: 'The last number of the public lane' }),
    version: z.int().meta({ description: 'Of the settings: the ETag for If-Match' }),
  })
  .meta({ id: 'Channel' })

const Attachments = z.array(z.strictObject({ id: Uuidv7, width: z.int(), height: z.int() }))

export const Entity = z
  .strictObject({
    kind: z.enum(['mention', 'link', 'code', 'spoiler', 'greentext', 'emote']),
    from: z.int().min(0).meta({ description: 'In UTF-16 code units of the text' }),
    to: z.int().min(1),
    name: z.string().optional().meta({ description: 'Of a mention the handle in lower case, of an emote its name' }),
    modifiers: z.array(z.string()).meta({ description: 'Of an emote' }),
    id: z.string().optional().meta({ description: 'Of an emote: its id in the manifest' }),
  })
  .meta({ id: 'Entity' })

export const Message = z
  .strictObject({
    id: Uuidv7,
    seq: z.int().min(1),
    at: Timestamp,
    author: z.strictObject({
      id: NumericId,
      name: z.string().nullable().meta({ description: 'null once the author is erased' }),
    }),
    text: z.string().nullable().meta({ description: 'null where it was deleted, or its author erased' }),
    deleted: z.boolean(),
    editedAt: Timestamp.nullable().meta({ description: 'When it was edited last; the text is the one since then' }),
    form: z.enum(messageForms).nullable(),
    color: z.enum(announcementColors).nullable(),
    replyTo: z
      .strictObject({
        id: Uuidv7,
        authorId: NumericId,
        thread: Uuidv7.meta({ description: 'What the thread begins with' }),
      })
      .nullable(),
    entities: z.array(Entity),
    role: z
      .enum(['platform_admin', 'broadcaster', ...assignableRoles])
      .nullable()
      .meta({ description: 'Of the author as they posted it; null: a member' }),
    tier: z.int().nullable().meta({ description: "Of the author's subscription" }),
    combo: z.int().nullable().meta({ description: 'How many had posted this one emote in a row' }),
    attachments: Attachments.meta({ description: 'Pictures shown with it; see getAttachment' }),
  })
  .meta({ id: 'Message' })

export const MessagePage = z
  .strictObject({
    messages: z.array(Message).meta({ description: 'In the order of their numbers' }),
    before: z.int().nullable().meta({ description: 'Ask with `before` for the page before this one; null: no more' }),
    after: z.int().nullable().meta({ description: 'Ask with `after` for the page behind this one; null: no more' }),
    seq: z.int().meta({ description: 'The last number of the channel’s lane, as far as this page is up to date' }),
    trimmedBefore: Timestamp.nullable().meta({
      description: 'What was posted before is kept no longer: the channel lets go of it after `historyDays`',
    }),
  })
  .meta({ id: 'MessagePage' })

export const AssignableRole = z.enum(assignableRoles)

export const RoleList = z
  .strictObject({
    roles: z.array(z.strictObject({ accountId: NumericId, role: z.enum(['broadcaster', ...assignableRoles]) })),
    version: z.int().meta({ description: 'The ETag for If-Match' }),
  })
  .meta({ id: 'RoleList' })

export const ModerationEntry = z
  .strictObject({
    moderationSeq: z.int(),
    at: Timestamp,
    actorId: z.string().meta({ description: 'An account; 0: a rule of the policy' }),
    action: z.string(),
    memberId: NumericId.nullable(),
    messageId: z.string().nullable(),
    reason: z.string().nullable(),
    durationMs: z.int().nullable(),
    role: z.string().nullable(),
    mode: z.string().nullable(),
    value: z.int().nullable(),
    mark: z.string().nullable(),
    messages: z.array(z.string()).nullable().meta({ description: 'Ids of the messages that it was about' }),
    undoes: z.string().nullable().meta({ description: 'The nuke that was taken back' }),
    authorName: z.string().nullable().meta({ description: 'Of a message that was held' }),
    text: z.string().nullable().meta({ description: 'Of a message that was held' }),
    attachments: Attachments.meta({ description: 'Of a message that was held; see getHeldAttachment' }),
    cause: z.string().nullable().meta({ description: 'What holds a message; what a rule said' }),
    rule: z.string().nullable().meta({ description: 'The rule of the policy that spoke' }),
    caseId: z.string().nullable().meta({ description: 'The report, appeal, proposal or blocked term' }),
    label: z.string().nullable().meta({
      description:
        'Category of a report; how something was answered; what an outside model said, its score and version',
    }),
    related: z.array(z.string()).nullable().meta({ description: 'Known alts of the member' }),
    origin: z.string().nullable().meta({ description: 'The channel whose ban list or group it came from' }),
  })
  .meta({ id: 'ModerationEntry' })

export const ModerationPage = z
  .strictObject({
    entries: z.array(ModerationEntry).meta({ description: 'The latest first' }),
    before: z.int().nullable().meta({ description: 'Ask with `before` for the page before this one; null: no more' }),
  })
  .meta({ id: 'ModerationPage' })

/** The whole state of a channel at some time, for the moderation audit. */
export const ChannelAsOf = z
  .strictObject({
    id: NumericId,
    asOf: z.strictObject({ at: Timestamp, position: Position }),
    ownerId: NumericId,
    topic: z.string().nullable(),
    slowModeSeconds: z.int(),
    roles: z.array(z.strictObject({ accountId: NumericId, role: AssignableRole })),
    timeouts: z.array(z.strictObject({ accountId: NumericId, until: Timestamp })),
    closed: z.boolean(),
    modes: z.array(z.strictObject({ mode: z.string(), value: z.int(), actor: NumericId, since: Timestamp })),
    marks: z
      .array(
        z.strictObject({
          memberId: NumericId,
          mark: z.string(),
          until: Timestamp.nullable(),
          value: z.int().nullable(),
          origin: z.string().nullable(),
          addresses: z.int().meta({ description: 'Of a ban: with how many addresses' }),
        }),
      )
      .meta({ description: 'Bans, marks and subscriptions of the first 10,000 members by id' }),
    casework: z.strictObject({
      reports: z.int().meta({ description: 'That waited' }),
      appeals: z.int().meta({ description: 'That waited' }),
      proposals: z.int().meta({ description: 'Bans that waited for other moderators' }),
      quorum: z.int().nullable(),
      blockedTerms: z.array(z.string()),
      group: z.array(NumericId),
      followedBanLists: z.array(NumericId),
      alts: z.array(z.strictObject({ memberId: NumericId, alts: z.array(NumericId) })),
    }),
    seq: z.int(),
    moderationSeq: z.int(),
  })
  .meta({ id: 'ChannelAsOf' })

export const HeldMessages = z
  .strictObject({
    messages: z.array(
      z.strictObject({
        id: Uuidv7,
        at: Timestamp,
        author: z.strictObject({ id: NumericId, name: z.string().nullable() }),
        text: z.string().nullable().meta({ description: 'null once the author is erased' }),
        attachments: Attachments.meta({ description: 'Pictures that wait with it; see getHeldAttachment' }),
        cause: z.string(),
        rule: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: 'HeldMessages' })

export const MarkPage = z
  .strictObject({
    marks: z.array(
      z.strictObject({
        memberId: NumericId,
        mark: z.string(),
        until: Timestamp.nullable().meta({ description: 'null: without end' }),
        value: z.int().nullable(),
        actorId: NumericId.nullable(),
        reason: z.string().nullable(),
        origin: NumericId.nullable().meta({ description: 'Of a ban: the channel whose list it came from' }),
        addresses: z.int().meta({ description: 'Of a ban: with how many addresses of the member' }),
        since: Timestamp,
      }),
    ),
    after: NextAfter,
  })
  .meta({ id: 'MarkPage' })

/** What was done, and where a query finds it. */
export const Done = z
  .strictObject({
    commandId: Uuidv7,
    seq: z.int().meta({ description: 'Its number in the public lane; 0 where it has none' }),
    held: z.literal(true).optional().meta({ description: 'It waits for a moderator' }),
    kind: z.string().optional().meta({
      description:
        'Of a message that waits: the kind of rule that has it wait; `low_trust`: a moderator has all of its author wait',
    }),
    proposal: Uuidv7.optional().meta({
      description:
        'Of a ban that waits for other moderators, its member timed out meanwhile: see the act `vote-on-ban`',
    }),
    needed: z.int().optional().meta({ description: 'Of such a ban: who must be for it, its sender among them' }),
    version: z.int().meta({ description: 'Of what was changed: its new ETag' }),
    position: Position,
  })
  .meta({ id: 'Done' })

/** Why something is done: of every act of a moderator. */
export const Reason = z.string().min(1).max(4096).optional().meta({ description: 'For the moderators’ log' })

/** The same, of what has no body. */
export const whyQuery = z.strictObject({ reason: Reason })

/** What a reason is refused with. */
export const reasonRefusals = ['channel.text_too_long', 'channel.text_invalid'] as const

export const channelParams = z.strictObject({ channelId: NumericId })
