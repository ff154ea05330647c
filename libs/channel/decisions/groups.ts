import type { DecideContext, Decision } from '#libs/journal/decider.ts'
import { addressesFact, addressesOf } from '../address-bans/facts.ts'
import { tooManyAddressBans } from '../address-bans/rules.ts'
import type { ChannelCommandOf } from '../commands.ts'
import { isForeign } from '../elsewhere/elsewhere.ts'
import { reject } from '../errors.ts'
import type { ChannelDraft } from '../events.ts'
import { notChannelsManager } from '../rules/ban-lists.ts'
import { unknown } from '../rules/existence.ts'
import { memberRole, notAllowed, notAMember } from '../rules/ranks.ts'
import { unfitReason } from '../rules/text.ts'
import type { Channel } from '../state.ts'
import { acceptHidden, type Decide } from './accept.ts'
import { banMember, markMember, unbanMember, unmarkMember } from './members.ts'
import { liftTimeout, timeOutMember } from './timeouts.ts'

/** Other channels of a group, at most. */
export const maxGroup = 50

export const setChannelGroup: Decide<ChannelCommandOf<'SetChannelGroup'>> = (change, channel, context) => {
  const channels = [...new Set(change.channels)].filter((each) => each !== channel.channelId).sort()
  const { ownerId, casework } = channel
  const refused = unknown(channel) ?? notAllowed(channel, 'set_group', context) ?? unfitReason(change.reason)
  if (refused || ownerId === undefined) return refused ?? reject('channel.unknown')
  const left = casework.group.filter((each) => !channels.includes(each))
  const isUnfit = channels.length > maxGroup || channels.some((each) => notAMember(each) !== undefined)
  if (isUnfit || isForeign(channels, ownerId, context)) return reject('channel.group_unfit', { max: maxGroup })
  const set: ChannelDraft = { type: 'ChannelGroupSet', actor: context.principal, ownerId, channels, left }
  return acceptHidden(channel, context, [set], {
    action: 'set_group',
    value: channels.length,
    reason: change.reason,
  })
}

/** A channel belongs only where its own broadcaster puts it. */
export const adoptChannelGroup: Decide<ChannelCommandOf<'AdoptChannelGroup'>> = (
  { ownerId, channels },
  channel,
  context,
) =>
  notChannelsManager(context) ??
  unknown(channel) ??
  (channel.ownerId === ownerId ? undefined : reject('channel.forbidden', { action: 'set_group' })) ?? {
    kind: 'accepted',
    events: [{ type: 'ChannelGroupAdopted', channels }],
    summary: {},
  }

type GroupAct = Omit<ChannelCommandOf<'ActInGroup'>, 'type'>

/** The act in one channel, by its own rules. */
const actHere = (
  { act, member, durationMs, reason, addresses }: GroupAct,
  channel: Channel,
  context: DecideContext,
): Decision<ChannelDraft> => {
  switch (act) {
    case 'ban':
      return banMember({ type: 'BanMember', member, durationMs, reason, messages: null, addresses }, channel, context)
    case 'unban':
      return unbanMember({ type: 'UnbanMember', member, reason }, channel, context)
    case 'mute':
      return markMember(
        { type: 'MarkMember', member, mark: 'mute', durationMs, value: null, reason, messages: null },
        channel,
        context,
      )
    case 'unmute':
      return unmarkMember({ type: 'UnmarkMember', member, mark: 'mute', reason }, channel, context)
    case 'time_out':
      return timeOutMember({ member, durationMs: durationMs ?? 0, reason, messages: null }, channel, context)
    case 'lift_timeout':
      return liftTimeout({ member, reason }, channel, context)
  }
}

/** From where a member came is the same everywhere: the others are told it as its hashes. */
const keysOf = ({ act, addresses }: GroupAct, { facts }: DecideContext): readonly string[] | null => {
  const keys = act === 'ban' && addresses !== null ? addressesOf(facts) : []
  return keys.length === 0 ? null : keys
}

export const actInGroup: Decide<ChannelCommandOf<'ActInGroup'>> = ({ type: _, ...act }, channel, context) => {
  const { group } = channel.casework
  const refused = unknown(channel) ?? notAllowed(channel, 'ban', context)
  if (refused) return refused
  if (group.length === 0) return reject('channel.no_group')
  const decision = actHere(act, channel, context)
  if (decision.kind === 'rejected') return decision
  const { addresses: _addresses, ...told } = act
  const goesOn: ChannelDraft = {
    type: 'GroupActed',
    actor: context.principal,
    channels: group,
    ...told,
    keys: keysOf(act, context),
  }
  return { ...decision, events: [...decision.events, goesOn] }
}

/** Who acts from another channel of the group moderates here for this one act, whatever they are here. */
const asModerator = (channel: Channel, actor: string): Channel => {
  const role = memberRole(channel, actor)
  const isStaff = role === 'broadcaster' || role === 'lead_moderator' || role === 'moderator'
  return isStaff ? channel : { ...channel, roles: channel.roles.set(actor, 'moderator') }
}

export const applyGroupAct: Decide<ChannelCommandOf<'ApplyGroupAct'>> = (
  { source, actor, keys: told, type: _, ...act },
  channel,
  context,
) => {
  const refused = notChannelsManager(context) ?? unknown(channel)
  if (refused) return refused
  if (!channel.casework.group.includes(source)) return reject('channel.no_group')
  // Where a channel has no room for their addresses, the member is banned all the same.
  const keys = told && tooManyAddressBans(channel, told) ? null : told
  const decision = actHere({ ...act, addresses: keys && 'address' }, asModerator(channel, actor), {
    ...context,
    principal: actor,
    facts: keys ? { ...context.facts, ...addressesFact(keys) } : context.facts,
  })
  if (decision.kind === 'rejected') return decision
  const events = decision.events.map((event) =>
    event.type === 'ModerationLogged' ? { ...event, origin: source } : event,
  )
  return { ...decision, events }
}
