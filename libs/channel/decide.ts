import type { ChannelCommand, ChannelCommandOf } from './commands.ts'
import { accept, acceptModeration, type Decide } from './decisions/accept.ts'
import { postMessage } from './decisions/posting.ts'
import { followChannel, grantSubscription, revokeSubscription, setMode, unfollowChannel } from './decisions/room.ts'
import { endTerms, endTimeouts } from './decisions/terms.ts'
import { exists, notCreator, unknown } from './rules/existence.ts'
import { durationOutOfRange, knownMessage, notDeletable, notTimedOut } from './rules/moderation.ts'
import { isBroadcaster, notAllowed, notAMember, notAssignable, notOutranked, tooManyRoles } from './rules/ranks.ts'
import { nothingToChange, slowModeOutOfRange, versionConflict } from './rules/settings.ts'
import { unfitReason, unfitTopic } from './rules/text.ts'

/** The rules of a channel, each command's in the order in which a person is told of them. */
export const decide: Decide<ChannelCommand> = (command, channel, context) => {
  switch (command.type) {
    case 'CreateChannel':
      return createChannel(command, channel, context)
    case 'ChangeSettings':
      return changeSettings(command, channel, context)
    case 'PostMessage':
      return postMessage(command, channel, context)
    case 'DeleteMessage':
      return deleteMessage(command, channel, context)
    case 'TimeOutMember':
      return timeOutMember(command, channel, context)
    case 'LiftTimeout':
      return liftTimeout(command, channel, context)
    case 'AssignRole':
      return assignRole(command, channel, context)
    case 'EndTimeouts':
      return endTimeouts(command, channel, context)
    case 'EndTerms':
      return endTerms(command, channel, context)
    case 'SetMode':
      return setMode(command, channel, context)
    case 'FollowChannel':
      return followChannel(command, channel, context)
    case 'UnfollowChannel':
      return unfollowChannel(command, channel, context)
    case 'GrantSubscription':
      return grantSubscription(command, channel, context)
    case 'RevokeSubscription':
      return revokeSubscription(command, channel, context)
  }
}

const createChannel: Decide<ChannelCommandOf<'CreateChannel'>> = (create, channel, { principal }) =>
  notCreator(create, channel, principal) ??
  exists(channel) ??
  accept(channel, {
    type: 'ChannelCreated',
    channelId: channel.channelId,
    ownerId: create.ownerId,
    slug: create.slug,
    seq: channel.seq + 1,
  })

const changeSettings: Decide<ChannelCommandOf<'ChangeSettings'>> = (change, channel, context) =>
  unknown(channel) ??
  notAllowed(channel, 'change_settings', context) ??
  nothingToChange(change) ??
  unfitTopic(change.topic) ??
  slowModeOutOfRange(change.slowModeSeconds) ??
  versionConflict(channel.settingsN, context.expectedVersion) ??
  accept(channel, {
    type: 'SettingsChanged',
    seq: channel.seq + 1,
    actor: context.principal,
    topic: change.topic,
    slowModeSeconds: change.slowModeSeconds,
  })

const deleteMessage: Decide<ChannelCommandOf<'DeleteMessage'>> = ({ messageId }, channel, context) => {
  const refused = unknown(channel) ?? notAllowed(channel, 'delete_own_messages', context)
  if (refused) return refused
  const message = knownMessage(channel, messageId, context)
  if ('kind' in message) return message
  return (
    notDeletable(channel, message.author, context) ??
    acceptModeration(
      channel,
      context,
      { type: 'MessageDeleted', seq: channel.seq + 1, messageId, messageSeq: message.seq, author: message.author },
      { action: 'delete_message', member: message.author, messageId },
    )
  )
}

const timeOutMember: Decide<ChannelCommandOf<'TimeOutMember'>> = ({ member, durationMs, reason }, channel, context) =>
  unknown(channel) ??
  notAllowed(channel, 'time_out', context) ??
  notAMember(member) ??
  isBroadcaster(channel, member) ??
  notOutranked(channel, member, context) ??
  durationOutOfRange(durationMs) ??
  unfitReason(reason) ??
  acceptModeration(
    channel,
    context,
    { type: 'MemberTimedOut', seq: channel.seq + 1, member, until: context.at + durationMs },
    { action: 'time_out_member', member, durationMs, reason },
  )

const liftTimeout: Decide<ChannelCommandOf<'LiftTimeout'>> = ({ member }, channel, context) =>
  unknown(channel) ??
  notAllowed(channel, 'lift_timeouts', context) ??
  notAMember(member) ??
  notOutranked(channel, member, context) ??
  notTimedOut(channel, member) ??
  acceptModeration(
    channel,
    context,
    { type: 'TimeoutEnded', seq: channel.seq + 1, member, cause: 'lifted' },
    { action: 'lift_timeout', member },
  )

const assignRole: Decide<ChannelCommandOf<'AssignRole'>> = ({ member, role }, channel, context) =>
  unknown(channel) ??
  notAllowed(channel, 'assign_roles', context) ??
  notAMember(member) ??
  isBroadcaster(channel, member) ??
  notOutranked(channel, member, context) ??
  notAssignable(channel, role, context) ??
  tooManyRoles(channel, member, role) ??
  versionConflict(channel.rolesN, context.expectedVersion) ??
  acceptModeration(
    channel,
    context,
    { type: 'RoleAssigned', seq: channel.seq + 1, member, role },
    { action: 'assign_role', member, role },
  )
