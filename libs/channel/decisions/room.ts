import type { ChannelCommandOf } from '../commands.ts'
import type { ChannelDraft } from '../events.ts'
import { unknown } from '../rules/existence.ts'
import { followsAlready, followsNot, ownChannel } from '../rules/following.ts'
import { modeOutOfRange, modeUnchanged } from '../rules/modes.ts'
import { isBroadcaster, notAllowed, notAMember } from '../rules/ranks.ts'
import { notSubscribed, termOutOfRange, tierOutOfRange, tooManyMarked } from '../rules/subscriptions.ts'
import { unfitReason } from '../rules/text.ts'
import { acceptModeration, type Decide } from './accept.ts'

/** Slow mode is a setting of old, with a version of its own. */
const modeEvent = (
  { mode, value }: ChannelCommandOf<'SetMode'>,
  seq: number,
  actor: string,
  since: number,
): ChannelDraft =>
  mode === 'slow'
    ? { type: 'SettingsChanged', seq, actor, topic: null, slowModeSeconds: value ?? 0 }
    : { type: 'ModeChanged', seq, actor, mode, value, since }

export const setMode: Decide<ChannelCommandOf<'SetMode'>> = (change, channel, context) =>
  unknown(channel) ??
  notAllowed(channel, 'change_settings', context) ??
  modeOutOfRange(change) ??
  modeUnchanged(change, channel) ??
  unfitReason(change.reason) ??
  acceptModeration(channel, context, modeEvent(change, channel.seq + 1, context.principal, context.at), {
    action: 'set_mode',
    mode: change.mode,
    value: change.value,
    reason: change.reason,
  })

export const followChannel: Decide<ChannelCommandOf<'FollowChannel'>> = (_follow, channel, context) =>
  unknown(channel) ??
  notAllowed(channel, 'follow', context) ??
  ownChannel(channel, context.principal) ??
  followsAlready(context) ?? {
    kind: 'accepted',
    events: [{ type: 'MemberFollowed', member: context.principal }],
    summary: {},
  }

export const unfollowChannel: Decide<ChannelCommandOf<'UnfollowChannel'>> = (_unfollow, channel, context) =>
  unknown(channel) ??
  notAllowed(channel, 'follow', context) ??
  followsNot(context) ?? {
    kind: 'accepted',
    events: [{ type: 'MemberUnfollowed', member: context.principal }],
    summary: {},
  }

export const grantSubscription: Decide<ChannelCommandOf<'GrantSubscription'>> = (grant, channel, context) => {
  const { member, tier, durationMs, reason } = grant
  const until = durationMs === null ? null : context.at + durationMs
  return (
    unknown(channel) ??
    notAllowed(channel, 'grant_subscriptions', context) ??
    notAMember(member) ??
    isBroadcaster(channel, member) ??
    tierOutOfRange(tier) ??
    termOutOfRange(durationMs) ??
    tooManyMarked(channel, member) ??
    unfitReason(reason) ??
    acceptModeration(
      channel,
      context,
      { type: 'SubscriptionGranted', seq: channel.seq + 1, actor: context.principal, member, tier, until },
      { action: 'grant_subscription', member, value: tier, durationMs, reason },
    )
  )
}

export const revokeSubscription: Decide<ChannelCommandOf<'RevokeSubscription'>> = (
  { member, reason },
  channel,
  context,
) =>
  unknown(channel) ??
  notAllowed(channel, 'grant_subscriptions', context) ??
  notAMember(member) ??
  notSubscribed(channel, member) ??
  unfitReason(reason) ??
  acceptModeration(
    channel,
    context,
    { type: 'SubscriptionEnded', seq: channel.seq + 1, member, cause: 'revoked' },
    { action: 'revoke_subscription', member, reason },
  )
