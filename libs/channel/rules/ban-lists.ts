import { managerPrincipal } from '#libs/access/principal.ts'
import type { DecideContext, Rejection } from '#libs/journal/decider.ts'
import { bansAtOnce, maxPending, maxSources, maxSubscribers, type Source } from '../casework/ban-lists.ts'
import type { ChannelCommandOf } from '../commands.ts'
import { isUnpublished } from '../elsewhere/elsewhere.ts'
import { reject } from '../errors.ts'
import { holds, marksOf, maxMarked } from '../state/marks.ts'
import type { Channel } from '../state.ts'
import { isBroadcaster, memberRole } from './ranks.ts'

/** Only the manager of channels carries something from one channel to another. */
export const notChannelsManager = ({ principal }: DecideContext): Rejection | undefined =>
  principal === managerPrincipal('channels') ? undefined : reject('channel.forbidden', { action: 'act_elsewhere' })

export const publishedAlready = ({ casework }: Channel, published: boolean): Rejection | undefined =>
  casework.banLists.published === published ? reject('channel.ban_list_unchanged') : undefined

export const notFollowable = (
  channel: Channel,
  { source, mode }: ChannelCommandOf<'SubscribeBanList'>,
  context: DecideContext,
): Rejection | undefined => {
  if (isUnpublished(context)) return reject('channel.ban_list_unknown')
  const { sources } = channel.casework.banLists
  const known = sources.find((each) => each.channel === source)
  if (source === channel.channelId || known?.mode === mode) return reject('channel.ban_list_unchanged')
  return !known && sources.length >= maxSources ? reject('channel.too_many_ban_lists', { max: maxSources }) : undefined
}

export const knownSource = ({ casework }: Channel, source: string): Source | Rejection =>
  casework.banLists.sources.find(({ channel }) => channel === source) ?? reject('channel.ban_list_unknown')

/** Who publishes no bans is followed by nobody. */
export const notPublished = ({ casework }: Channel): Rejection | undefined => {
  const { published, subscribers } = casework.banLists
  return published && subscribers.length < maxSubscribers ? undefined : reject('channel.ban_list_unknown')
}

export const tooManyBans = (members: readonly string[]): Rejection | undefined =>
  members.length === 0 || members.length > bansAtOnce
    ? reject('channel.ban_list_unfit', { max: bansAtOnce })
    : undefined

const staff: ReadonlySet<string> = new Set(['broadcaster', 'lead_moderator', 'moderator'])

/** Whom a list bans: who is not banned without end already, does not moderate here, and is not protected. */
export const bannableByList = (channel: Channel, member: string, at: number): boolean => {
  const { ban, protected: shielded } = marksOf(channel.marks, member)
  return (
    !isBroadcaster(channel, member) &&
    !staff.has(memberRole(channel, member)) &&
    !holds(shielded, at) &&
    !(holds(ban, at) && ban.until === null)
  )
}

/** How many more may wait, and how many more may be banned. */
export const roomToWait = ({ casework }: Channel): number => maxPending - casework.banLists.pending.length
export const roomToBan = ({ marks }: Channel): number => maxMarked - marks.byMember.size
