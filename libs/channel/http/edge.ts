import { may } from '#libs/access/permissions.ts'
import { mayOnPlatform } from '#libs/access/platform.ts'
import type { AssignableRole, Role } from '#libs/access/roles.ts'
import type { Sightings } from '#libs/addresses/sightings.ts'
import { COMMAND_LIFETIME_MS, type CommandDoor, type Submitted, submit } from '#libs/http/command.ts'
import { HttpProblem } from '#libs/http/problem.ts'
import type { Caller } from '#libs/http/route.ts'
import type { Images } from '#libs/images/images.ts'
import { addressesAsked, addressFacts, originFact } from '../address-bans/facts.ts'
import type { CaseworkReads } from '../casework/views.ts'
import type { ChannelCommand, ChannelCommandOf } from '../commands.ts'
import { factsOf, type MemberFacts, outbound } from '../edge.ts'
import type { HouseTexts } from '../edge-view.ts'
import type { KnownGlobals } from '../emotes/globals.ts'
import type { EmoteReads } from '../emotes/reads.ts'
import { evidenceAsked, evidenceFacts } from '../evidence/evidence.ts'
import type { ReadEvidence } from '../evidence/reads.ts'
import type { ClassifyWhereAsked } from '../policy/asks.ts'
import type { PolicyReads } from '../policy/reads.ts'
import type { PollReads } from '../polls/queries.ts'
import type { HistoryReads } from '../reads/search.ts'
import type { Modes } from '../state/modes.ts'
import type { Past } from './past.ts'

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
  }>
>

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
  readonly cause: string | null
  readonly rule: string | null
  readonly caseId: string | null
  readonly label: string | null
  readonly related: readonly string[] | null
  readonly origin: string | null
}

/** What is asked of the log of the moderators: who did it, to whom, what, and when (ms since the epoch). */
export type LogAsked = PageAsked & {
  readonly actor?: string | undefined
  readonly member?: string | undefined
  readonly action?: string | undefined
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

/** A page towards the past (`before` a number, or the last ones), or towards the present (`after` a number). */
export type PageAsked = {
  readonly before?: number | undefined
  readonly after?: number | undefined
  readonly limit: number
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
}

/** A channel at some time, from its journal. */
export type PastChannel = {
  readonly at: number
  readonly position: string
  readonly ownerId: string
  readonly topic: string | null
  readonly slowModeSeconds: number
  readonly roles: readonly { readonly accountId: string; readonly role: AssignableRole }[]
  readonly timeouts: readonly { readonly accountId: string; readonly until: number }[]
  readonly closed: boolean
  readonly modes: readonly {
    readonly mode: string
    readonly value: number
    readonly actor: string
    readonly since: number
  }[]
  /** Bans, marks and subscriptions, in the order of the members' ids; the first 10,000 members. */
  readonly marks: readonly PastMark[]
  readonly casework: PastCasework
  readonly seq: number
  readonly moderationSeq: number
}

export type PastMark = {
  readonly memberId: string
  readonly mark: string
  readonly until: number | null
  readonly value: number | null
  readonly origin: string | null
  readonly addresses: number
}

/** What moderators had on their desk, and what they went by. */
export type PastCasework = {
  readonly reports: number
  readonly appeals: number
  readonly proposals: number
  /** How many moderators it took to ban without end; null: one. */
  readonly quorum: number | null
  readonly blockedTerms: readonly string[]
  readonly group: readonly string[]
  readonly followedBanLists: readonly string[]
  readonly alts: readonly { readonly memberId: string; readonly alts: readonly string[] }[]
}

/** A moment: a time in ms, or the number of a record in the channel's partition. */
export type Moment = { readonly at: number } | { readonly position: string }

/** People as other contexts know them. */
export type People = {
  /** For the slug of somebody's own channel, which is their handle. */
  readonly handle: (accountId: string) => Promise<string | undefined>
  /** When the account was opened, and whether its e-mail address is confirmed. */
  readonly account: (
    accountId: string,
  ) => Promise<{ readonly openedAt: number; readonly verified: boolean } | undefined>
  /** The id of the account or channel that holds a handle. */
  readonly holderOf: (handle: string) => Promise<string | undefined>
}

/** What the routes of channels stand on. */
export type ChannelEdge = CommandDoor & {
  /**
   * Claims a slug for a new channel, and waits for the channel to be there; undefined while that is not known. Throws the
   * rejection.
   */
  readonly openWithSlug: (
    caller: Caller,
    slug: string,
    command: { readonly commandId: string; readonly traceparent: string | undefined },
  ) => Promise<{ readonly channelId: string; readonly position: string } | undefined>
  /** Claims another slug for a channel in its broadcaster's name, and waits until it goes by it; as `openWithSlug`. */
  readonly renameSlug: (
    channel: { readonly channelId: string; readonly ownerId: string; readonly slug: string },
    slug: string,
    command: { readonly commandId: string; readonly traceparent: string | undefined },
  ) => Promise<{ readonly position: string } | undefined>
  readonly reads: ChannelReads
  /** What is known of addresses: their hashes. */
  readonly sightings: Pick<Sightings, 'keysOf' | 'of'>
  readonly casework: CaseworkReads
  /** Until a projection has come so far; rejects where it does not in time. */
  readonly waitForPosition: (projection: string, position: string) => Promise<void>
  readonly people: People
  readonly policies: PolicyReads
  readonly images: Images
  readonly emotes: EmoteReads
  readonly history: HistoryReads
  readonly globalEmotes: Pick<KnownGlobals, 'current'>
  readonly polls: PollReads
  /** An outside model that is asked of posts, where one is set. */
  readonly classify: ClassifyWhereAsked | undefined
  readonly past: Past
  readonly now: () => number
}

type Sent = {
  readonly caller: Caller
  /** From where it was sent. */
  readonly address: string
  readonly commandId: string
  readonly ifMatch?: number | undefined
  readonly traceparent: string | undefined
}

/** Sends a command to a channel, with what the edge knows of the caller. Throws its rejection as a problem. */
export const sendToChannel = async (
  edge: ChannelEdge,
  channelId: string,
  command: ChannelCommand,
  { caller, address, commandId, ifMatch, traceparent }: Sent,
  facts: MemberFacts & MessageFacts = {},
): Promise<Submitted> => {
  const asked = evidenceAsked(command, caller.accountId)
  const evidence = asked && (await edge.reads.evidence(channelId, asked).catch(unknownWhileAway))
  const banned = addressesAsked(command)
  // Whoever asks for more than the member to be banned is told where that is not known.
  const addresses = banned && (await addressFacts(edge.sightings, banned, edge.now()))
  const from = edge.sightings.keysOf(address)
  return submit(edge, {
    ...outbound(command, {
      id: commandId,
      channel: channelId,
      author: caller.accountId,
      authorName: caller.displayName,
      platformRole: caller.platformRole,
      facts: { ...facts, ...evidenceFacts(evidence ?? []), ...addresses, ...(from && { address: originFact(from) }) },
      expiresAt: edge.now() + COMMAND_LIFETIME_MS,
      traceparent,
    }),
    ...(ifMatch !== undefined && { expectedVersion: ifMatch }),
  })
}

/** While the read models are away nothing is known, and what needs nothing of it goes on. */
const unknownWhileAway = (): undefined => undefined

/** What the read models say of who sends it, for rules that ask for it. */
export const memberFacts = async (edge: ChannelEdge, channelId: string, accountId: string): Promise<MemberFacts> => {
  const [followedAt, account, rulesAccepted] = await Promise.all([
    edge.reads.followedAt(channelId, accountId).catch(unknownWhileAway),
    edge.people.account(accountId).catch(unknownWhileAway),
    edge.reads.acceptedRules(channelId, accountId).catch(unknownWhileAway),
  ])
  return factsOf({
    followedAt,
    accountCreatedAt: account?.openedAt,
    verified: account?.verified || undefined,
    rulesAccepted,
  })
}

/** Where a message stands that an answer or a deletion names. */
export type MessageFacts = { readonly messageSeq?: string; readonly messageAuthor?: string }

/** What the edge knows of a message that the channel may have forgotten: its number and its author. */
export const messageFacts = async (
  edge: ChannelEdge,
  channelId: string,
  messageId: string | undefined,
): Promise<MessageFacts> => {
  const found =
    messageId === undefined ? undefined : await edge.reads.message(channelId, messageId).catch(unknownWhileAway)
  return found && !found.deleted ? { messageSeq: String(found.seq), messageAuthor: found.authorId } : {}
}

/** The channel, or a problem. */
export const channelOr404 = async (edge: ChannelEdge, channelId: string): Promise<ChannelView> => {
  const channel = await edge.reads.channel(channelId)
  if (!channel) throw new HttpProblem('channel.unknown')
  return channel
}

/** The slug as people see it: of somebody's own channel it is their handle. */
export const slugOf = async (edge: ChannelEdge, channel: ChannelView): Promise<string | null> =>
  channel.slug ?? (channel.channelId === channel.ownerId ? await edge.people.handle(channel.ownerId) : null) ?? null

/** Refuses who may not see what only moderators see. */
export const moderatorsOnly = async (edge: ChannelEdge, channel: ChannelView, caller: Caller): Promise<void> => {
  if (!may(await roleOf(edge, channel, caller), 'read_moderation')) {
    throw new HttpProblem('channel.forbidden', { detail: { action: 'read_moderation' } })
  }
}

/** What somebody is in a channel, as its read model has it. */
export const roleOf = async (edge: ChannelEdge, channel: ChannelView, caller: Caller): Promise<Role> => {
  if (mayOnPlatform(caller.platformRole, 'administer_channels')) return 'platform_admin'
  if (caller.accountId === channel.ownerId) return 'broadcaster'
  return (await edge.reads.roleOf(channel.channelId, caller.accountId)) ?? 'member'
}
