import type { DecideContext, Decision } from '#libs/journal/decider.ts'
import { maxShared } from '../casework/ban-lists.ts'
import type { ChannelCommandOf } from '../commands.ts'
import type { ChannelDraft } from '../events.ts'
import { knownSource, notChannelsManager, notFollowable, notPublished, publishedAlready } from '../rules/ban-lists.ts'
import { unknown } from '../rules/existence.ts'
import { notAllowed, notAMember } from '../rules/ranks.ts'
import { unfitReason } from '../rules/text.ts'
import { marksOf } from '../state/marks.ts'
import type { Channel } from '../state.ts'
import { acceptHidden, type Decide } from './accept.ts'
import { platformActor } from './filtering.ts'

export const publishBanList: Decide<ChannelCommandOf<'PublishBanList'>> = ({ published, reason }, channel, context) => {
  const subscribers = published ? [] : channel.casework.banLists.subscribers
  return (
    unknown(channel) ??
    notAllowed(channel, 'share_bans', context) ??
    publishedAlready(channel, published) ??
    unfitReason(reason) ??
    acceptHidden(channel, context, [{ type: 'BanListPublished', actor: context.principal, published, subscribers }], {
      action: published ? 'publish_ban_list' : 'withdraw_ban_list',
      reason,
    })
  )
}

export const subscribeBanList: Decide<ChannelCommandOf<'SubscribeBanList'>> = (follow, channel, context) => {
  const { source, mode, reason } = follow
  return (
    unknown(channel) ??
    notAllowed(channel, 'share_bans', context) ??
    notAMember(source) ??
    notFollowable(channel, follow, context) ??
    unfitReason(reason) ??
    acceptHidden(channel, context, [{ type: 'BanListSubscribed', actor: context.principal, source, mode }], {
      action: 'subscribe_ban_list',
      origin: source,
      label: mode,
      reason,
    })
  )
}

/** What counts here stays: each is lifted by who thinks so. */
const ended = (
  source: string,
  cause: 'left' | 'refused',
  reason: string | null,
  channel: Channel,
  context: DecideContext,
): Decision<ChannelDraft> => {
  const known = knownSource(channel, source)
  if ('kind' in known) return known
  const actor = cause === 'left' ? context.principal : platformActor
  return acceptHidden(channel, context, [{ type: 'BanListUnsubscribed', actor, source, cause }], {
    action: 'unsubscribe_ban_list',
    actor,
    origin: source,
    label: cause,
    reason,
  })
}

export const unsubscribeBanList: Decide<ChannelCommandOf<'UnsubscribeBanList'>> = (
  { source, reason },
  channel,
  context,
) =>
  unknown(channel) ??
  notAllowed(channel, 'share_bans', context) ??
  unfitReason(reason) ??
  ended(source, 'left', reason, channel, context)

export const endBanListSubscription: Decide<ChannelCommandOf<'EndBanListSubscription'>> = (
  { source },
  channel,
  context,
) => notChannelsManager(context) ?? unknown(channel) ?? ended(source, 'refused', null, channel, context)

/** Bans without end that were decided here, by id: what others follow. */
const ownBans = ({ marks }: Channel): readonly string[] =>
  [...marks.byMember.entries()]
    .flatMap(([member, { ban }]) => (ban && ban.until === null && ban.origin === undefined ? [member] : []))
    .sort()
    .slice(0, maxShared)

export const addBanListSubscriber: Decide<ChannelCommandOf<'AddBanListSubscriber'>> = (
  { subscriber },
  channel,
  context,
) =>
  notChannelsManager(context) ??
  unknown(channel) ??
  notPublished(channel) ??
  acceptHidden(channel, context, [{ type: 'BanListSubscriberAdded', subscriber, members: ownBans(channel) }], {
    action: 'subscribe_ban_list',
    actor: platformActor,
    label: 'subscriber',
    origin: subscriber,
  })

export const removeBanListSubscriber: Decide<ChannelCommandOf<'RemoveBanListSubscriber'>> = (
  { subscriber },
  channel,
  context,
) =>
  notChannelsManager(context) ??
  unknown(channel) ??
  acceptHidden(channel, context, [{ type: 'BanListSubscriberRemoved', subscriber }], {
    action: 'unsubscribe_ban_list',
    actor: platformActor,
    label: 'subscriber',
    origin: subscriber,
  })

/** What others follow has changed by a decision: they are told of it in the same record. */
export const shared = (decision: Decision<ChannelDraft>, channel: Channel): Decision<ChannelDraft> => {
  const { subscribers } = channel.casework.banLists
  if (decision.kind === 'rejected' || subscribers.length === 0) return decision
  const added: string[] = []
  const removed: string[] = []
  for (const event of decision.events) {
    if (event.type === 'MemberBanned' && event.until === null && event.origin === null) added.push(event.member)
    if (event.type === 'BanEnded') {
      const { ban } = marksOf(channel.marks, event.member)
      if (ban?.until === null && ban.origin === undefined) removed.push(event.member)
    }
  }
  if (added.length + removed.length === 0) return decision
  return { ...decision, events: [...decision.events, { type: 'BanListChanged', subscribers, added, removed }] }
}
