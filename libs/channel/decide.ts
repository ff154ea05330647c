import type { DecideContext } from '#libs/journal/decider.ts'
import { liftAddressBan } from './address-bans/decide.ts'
import type { ChannelCommand, ChannelCommandOf } from './commands.ts'
import { accept, acceptModeration, type Decide, type LogEntry, logEntry } from './decisions/accept.ts'
import { shared } from './decisions/ban-lists.ts'
import { decideCasework, isCasework } from './decisions/casework.ts'
import { deleteMessage, deleteMessages, nukeMessages, undoNuke } from './decisions/deletions.ts'
import { addEmote, changeEmote, removeEmote } from './decisions/emotes.ts'
import { reviewMessage } from './decisions/held.ts'
import { acceptRules, closeChannel, pinMessage, reopenChannel, setText } from './decisions/house.ts'
import {
  acknowledgeWarning,
  addNote,
  banMember,
  changeLadder,
  escalate,
  markMember,
  unbanMember,
  unmarkMember,
} from './decisions/members.ts'
import { setPolicy } from './decisions/policy.ts'
import { postMessage } from './decisions/posting.ts'
import { setRetention, trimHistory } from './decisions/retention.ts'
import { followChannel, grantSubscription, revokeSubscription, setMode, unfollowChannel } from './decisions/room.ts'
import { endTerms, endTimeouts } from './decisions/terms.ts'
import { liftTimeout, timeOutMember } from './decisions/timeouts.ts'
import { editMessage } from './edits/decide.ts'
import type { ChannelDraft } from './events.ts'
import { acceptChannel, offerChannel, renameChannel, withdrawOffer } from './ownership/decide.ts'
import { castVote, endPoll, expirePoll, startPoll } from './polls/decide.ts'
import { exists, notCreator, unknown } from './rules/existence.ts'
import { isBroadcaster, notAllowed, notAMember, notAssignable, notOutranked, tooManyRoles } from './rules/ranks.ts'
import { nothingToChange, slowModeOutOfRange, versionConflict } from './rules/settings.ts'
import { unfitReason, unfitTopic } from './rules/text.ts'
import type { Channel } from './state.ts'

/**
 * The rules of a channel, each command's in the order in which a person is told of them. What others follow is shared in
 * the same record.
 */
export const decide: Decide<ChannelCommand> = (command, channel, context) =>
  shared(decided(command, channel, context), channel)

const decided: Decide<ChannelCommand> = (command, channel, context) => {
  if (isCasework(command)) return decideCasework(command, channel, context)
  switch (command.type) {
    case 'CreateChannel':
      return createChannel(command, channel, context)
    case 'ChangeSettings':
      return changeSettings(command, channel, context)
    case 'PostMessage':
      return postMessage(command, channel, context)
    case 'EditMessage':
      return editMessage(command, channel, context)
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
    case 'DeleteMessages':
      return deleteMessages(command, channel, context)
    case 'NukeMessages':
      return nukeMessages(command, channel, context)
    case 'UndoNuke':
      return undoNuke(command, channel, context)
    case 'BanMember':
      return banMember(command, channel, context)
    case 'UnbanMember':
      return unbanMember(command, channel, context)
    case 'LiftAddressBan':
      return liftAddressBan(command, channel, context)
    case 'MarkMember':
      return markMember(command, channel, context)
    case 'UnmarkMember':
      return unmarkMember(command, channel, context)
    case 'AcknowledgeWarning':
      return acknowledgeWarning(command, channel, context)
    case 'AddNote':
      return addNote(command, channel, context)
    case 'Escalate':
      return escalate(command, channel, context)
    case 'ChangeLadder':
      return changeLadder(command, channel, context)
    case 'ReviewMessage':
      return reviewMessage(command, channel, context)
    case 'PinMessage':
      return pinMessage(command, channel, context)
    case 'SetText':
      return setText(command, channel, context)
    case 'AcceptRules':
      return acceptRules(command, channel, context)
    case 'CloseChannel':
      return closeChannel(command, channel, context)
    case 'ReopenChannel':
      return reopenChannel(command, channel, context)
    case 'AddEmote':
      return addEmote(command, channel, context)
    case 'ChangeEmote':
      return changeEmote(command, channel, context)
    case 'RemoveEmote':
      return removeEmote(command, channel, context)
    case 'OfferChannel':
      return offerChannel(command, channel, context)
    case 'WithdrawOffer':
      return withdrawOffer(command, channel, context)
    case 'AcceptChannel':
      return acceptChannel(command, channel, context)
    case 'RenameChannel':
      return renameChannel(command, channel, context)
    case 'StartPoll':
      return startPoll(command, channel, context)
    case 'CastVote':
      return castVote(command, channel, context)
    case 'EndPoll':
      return endPoll(command, channel, context)
    case 'ExpirePoll':
      return expirePoll(command, channel, context)
    case 'SetRetention':
      return setRetention(command, channel, context)
    case 'TrimHistory':
      return trimHistory(command, channel, context)
    case 'SetMode':
      return setMode(command, channel, context)
    case 'SetPolicy':
      return setPolicy(command, channel, context)
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

/** What was changed, for the log of the moderators: an entry each. */
const settingsEntries = (
  { topic, slowModeSeconds, reason }: ChannelCommandOf<'ChangeSettings'>,
  channel: Channel,
  context: DecideContext,
): readonly ChannelDraft[] => {
  const entries: readonly LogEntry[] = [
    ...(topic === null ? [] : [{ action: 'set_text', label: 'topic', reason } as const]),
    ...(slowModeSeconds === null
      ? []
      : [{ action: 'set_mode', mode: 'slow', value: slowModeSeconds || null, reason } as const]),
  ]
  return entries.map((entry, index) =>
    logEntry({ ...channel, moderationSeq: channel.moderationSeq + index }, context, entry),
  )
}

const settingsChanged: Decide<ChannelCommandOf<'ChangeSettings'>> = (change, channel, context) => {
  const { topic, slowModeSeconds } = change
  const seq = channel.seq + 1
  const entries = settingsEntries(change, channel, context)
  return {
    kind: 'accepted',
    events: [{ type: 'SettingsChanged', seq, actor: context.principal, topic, slowModeSeconds }, ...entries],
    summary: { seq, moderationSeq: channel.moderationSeq + entries.length },
  }
}

const changeSettings: Decide<ChannelCommandOf<'ChangeSettings'>> = (change, channel, context) =>
  unknown(channel) ??
  notAllowed(channel, 'change_settings', context) ??
  nothingToChange(change) ??
  unfitTopic(change.topic) ??
  slowModeOutOfRange(change.slowModeSeconds) ??
  unfitReason(change.reason) ??
  versionConflict(channel.settingsN, context.expectedVersion) ??
  settingsChanged(change, channel, context)

const assignRole: Decide<ChannelCommandOf<'AssignRole'>> = ({ member, role, reason }, channel, context) =>
  unknown(channel) ??
  notAllowed(channel, 'assign_roles', context) ??
  notAMember(member) ??
  isBroadcaster(channel, member) ??
  notOutranked(channel, member, context) ??
  notAssignable(channel, role, context) ??
  tooManyRoles(channel, member, role) ??
  versionConflict(channel.rolesN, context.expectedVersion) ??
  unfitReason(reason) ??
  acceptModeration(
    channel,
    context,
    { type: 'RoleAssigned', seq: channel.seq + 1, member, role },
    { action: 'assign_role', member, role, reason },
  )
