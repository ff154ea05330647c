import { may } from '#libs/access/permissions.ts'
import type { Role } from '#libs/access/roles.ts'
import type { Sightings } from '#libs/addresses/sightings.ts'
import { COMMAND_LIFETIME_MS, type CommandDoor, type Submitted, submit } from '#libs/http/command.ts'
import type { Once } from '#libs/http/once.ts'
import { HttpProblem } from '#libs/http/problem.ts'
import type { Caller } from '#libs/http/route.ts'
import type { Images } from '#libs/images/images.ts'
import { lookedUp } from '../acts/looked-up.ts'
import { addressesAsked, addressFacts, originFact } from '../address-bans/stamps.ts'
import type { Attachment } from '../attachments/attachments.ts'
import type { AttachmentStore } from '../attachments/store.ts'
import type { AttachmentsFact } from '../attachments/uploads.ts'
import type { CaseworkReads } from '../casework/views.ts'
import type { ChannelCommand } from '../commands.ts'
import { factsOf, type MemberFacts, outbound } from '../edge.ts'
import type { KnownGlobals } from '../emotes/globals.ts'
import type { EmoteReads } from '../emotes/reads.ts'
import type { Past } from '../past.ts'
import type { ClassifyWhereAsked } from '../policy/asks.ts'
import type { PolicyReads } from '../policy/reads.ts'
import type { PollReads } from '../polls/queries.ts'
import { readRole, roleNow } from '../reads/role-now.ts'
import type { HistoryReads } from '../reads/search.ts'
import type { ChannelReads, ChannelView } from '../reads/views.ts'

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

/** What the routes of channels stand on, but those of pictures. */
export type ChannelEdge = CommandDoor & {
  readonly once: Once
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
  readonly attachments: { readonly fact: AttachmentsFact }
  readonly emotes: EmoteReads
  readonly history: HistoryReads
  readonly globalEmotes: Pick<KnownGlobals, 'current'>
  readonly polls: PollReads
  /** An outside model that is asked of posts, where one is set. */
  readonly classify: ClassifyWhereAsked | undefined
  readonly past: Past
  readonly now: () => number
}

/** What those routes stand on besides that take pictures, or answer with them. */
export type PictureEdge = ChannelEdge & {
  readonly images: Images
  readonly attachments: {
    readonly store: AttachmentStore
    /** By what its author names the picture in a message. */
    readonly token: (whose: Parameters<AttachmentsFact>[0], attachment: Attachment) => string
  }
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
  const known = await lookedUp(edge.reads, channelId, command, caller.accountId)
  const banned = addressesAsked(command)
  // Whoever asks for more than the member to be banned is told where that is not known.
  const role = banned && (await readRole(edge.reads)(channelId, caller))
  const addresses = banned && role && (await addressFacts(edge.sightings, banned, role, edge.now()))
  const from = edge.sightings.keysOf(address)
  return submit(edge, {
    ...outbound(command, {
      id: commandId,
      channel: channelId,
      author: caller.accountId,
      authorName: caller.displayName,
      platformRole: caller.platformRole,
      facts: { ...facts, ...known, ...addresses, ...(from && { address: originFact(from) }) },
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
export const roleOf = (edge: ChannelEdge, channel: ChannelView, caller: Caller): Promise<Role> =>
  roleNow(edge.reads, channel, caller)
