import type { AssignableRole, Role } from '#libs/access/roles.ts'
import type { PageAsked } from '#libs/readmodel/page.ts'
import type { ChannelCommandOf } from '../commands.ts'
import type { HouseTexts } from '../edge-view.ts'
import type { ReadElsewhere } from '../elsewhere/reads.ts'
import type { ReadEvidence } from '../evidence/reads.ts'
import type { Modes } from '../state/modes.ts'

export type ChannelView = {
  readonly channelId: string
  readonly ownerId: string
  readonly slug: string | null
  readonly topic: string | null
  readonly slowModeSeconds: number
  readonly modes: Modes
  readonly texts: HouseTexts
  readonly pin: { readonly messageId: string; readonly messageSeq: number } | null
  readonly closed: boolean
  /** For so many its history is kept; null: for ever. */
  readonly historyDays: number | null
  readonly createdAt: number
  readonly seq: number
  readonly settingsVersion: number
}

export type MessageView = {
  readonly messageId: string
  readonly seq: number
  readonly at: number
  readonly authorId: string
  readonly authorName: string | null
  readonly text: string | null
  readonly deleted: boolean
  /** As its event has them. */
  readonly entities: string | null
  readonly body: MessageBody | null
}

/** What a message says besides its text; what it does not say is left out. */
export type MessageBody = Partial<
  Readonly<{
    form: 'action' | 'announcement'
    color: NonNullable<ChannelCommandOf<'PostMessage'>['color']>
    editedAt: number
    replyTo: string
    replyToAuthor: string
    thread: string
    role: Exclude<Role, 'member' | 'none'>
    tier: number
    combo: number
    seenBy: 'author'
    attachments: readonly string[]
  }>
>

/** A message as it was: what it said then, and whether it was deleted by then. */
export type PastMessage = Pick<MessageView, 'messageId' | 'seq' | 'at' | 'text' | 'deleted'> & {
  /** Only its author and the moderators saw it. */
  readonly hidden: boolean
}

export type RolesView = {
  readonly roles: readonly { readonly accountId: string; readonly role: AssignableRole }[]
  readonly version: number
}

export type ModerationView = {
  readonly moderationSeq: number
  readonly at: number
  readonly actorId: string
  readonly action: string
  readonly memberId: string | null
  readonly messageId: string | null
  readonly reason: string | null
  readonly durationMs: number | null
  readonly role: string | null
  readonly mode: string | null
  readonly value: number | null
  readonly mark: string | null
  readonly messages: readonly string[] | null
  readonly undoes: string | null
  /** Of a message that is held. */
  readonly authorName: string | null
  readonly text: string | null
  readonly entities: string | null
  readonly attachments: readonly string[] | null
  readonly cause: string | null
  readonly rule: string | null
  readonly caseId: string | null
  readonly label: string | null
  readonly related: readonly string[] | null
  readonly origin: string | null
}

/** What is asked of the log of the moderators: who did it, to whom, what, why, and when (ms since the epoch). */
export type LogAsked = PageAsked & {
  readonly actor?: string | undefined
  readonly member?: string | undefined
  readonly action?: string | undefined
  /** A part of the reason, without case. */
  readonly why?: string | undefined
  /** The rule of the policy that spoke. */
  readonly rule?: string | undefined
  /** Category of a report; how something was answered. */
  readonly label?: string | undefined
  readonly from?: number | undefined
  readonly to?: number | undefined
}

/** A ban, a mark or a subscription that stands. */
export type MarkView = {
  readonly memberId: string
  readonly mark: string
  readonly until: number | null
  readonly value: number | null
  readonly actorId: string | null
  readonly reason: string | null
  /** Of a ban: the channel whose list it came from. */
  readonly origin: string | null
  /** Of a ban: with how many addresses. */
  readonly addresses: number
  readonly since: number
}

export type MarksAsked = {
  readonly mark?: string | undefined
  readonly member?: string | undefined
  /** The id of a member: only those behind them. */
  readonly after?: string | undefined
  readonly limit: number
}

/** A message as a search over what was posted lately sees it. */
export type RecentMessage = {
  readonly messageId: string
  readonly seq: number
  readonly authorId: string
  readonly text: string
}

/** What the routes read: rows of the read models, undefined where there is none. */
export type ChannelReads = {
  readonly channel: (channelId: string) => Promise<ChannelView | undefined>
  readonly message: (channelId: string, messageId: string) => Promise<MessageView | undefined>
  readonly acceptedRules: (channelId: string, accountId: string) => Promise<number | undefined>
  readonly followedAt: (channelId: string, accountId: string) => Promise<number | undefined>
  /** In the order of their numbers. */
  readonly messages: (channelId: string, page: PageAsked) => Promise<readonly MessageView[]>
  /** What a message said before each of its edits, and until when; the first first. */
  readonly edits: (
    channelId: string,
    messageSeq: number,
  ) => Promise<readonly { readonly until: number; readonly text: string | null }[]>
  /** The last messages of a member up to a number, as they were then; the latest first. */
  readonly messagesAsOf: (
    channelId: string,
    member: string,
    asked: { readonly seq: number; readonly limit: number },
  ) => Promise<readonly PastMessage[]>
  readonly roles: (channelId: string) => Promise<RolesView | undefined>
  readonly roleOf: (channelId: string, accountId: string) => Promise<AssignableRole | undefined>
  /** The latest first. */
  readonly moderationLog: (channelId: string, page: LogAsked) => Promise<readonly ModerationView[]>
  /** The oldest first. */
  readonly held: (channelId: string) => Promise<readonly ModerationView[]>
  /** In the order of the members' ids. */
  readonly marks: (channelId: string, asked: MarksAsked) => Promise<readonly MarkView[]>
  /** What was posted since (ms since the epoch) and is there, the latest first. */
  readonly recent: (channelId: string, since: number, limit: number) => Promise<readonly RecentMessage[]>
  readonly evidence: ReadEvidence
  readonly elsewhere: ReadElsewhere
}
