import type { ErrorTable } from '#libs/http/problem.ts'
import type { Rejection } from '#libs/journal/decider.ts'
import type { Detail } from '#libs/journal/outcome.ts'
import { addressBanErrors } from './address-bans/errors.ts'
import { attachmentErrors } from './attachments/errors.ts'
import { caseworkErrors } from './casework/errors.ts'
import { editErrors } from './edits/errors.ts'
import { emoteErrors } from './emotes/errors.ts'
import { messageErrors } from './errors/messages.ts'
import { moderationErrors } from './errors/moderation.ts'
import { modeErrors } from './errors/modes.ts'
import { ownershipErrors } from './ownership/errors.ts'
import { policyErrors } from './policy/errors.ts'
import { pollErrors } from './polls/errors.ts'

/** All that a channel may reject a command with. */
export const channelErrors = {
  'channel.unknown': {
    status: 404,
    title: 'There is no such channel',
    remedy: 'Check the id of the channel.',
  },
  'channel.exists': {
    status: 409,
    title: 'There is a channel of this id already',
    remedy: 'Use the channel that is there.',
  },
  'channel.forbidden': {
    status: 403,
    title: 'Your role in this channel does not allow it',
    remedy: 'Ask the broadcaster or a moderator; `action` names the permission.',
  },
  'channel.rank_too_low': {
    status: 403,
    title: 'This can be done only to somebody of a lower role, and no role given that is not below your own',
    remedy: 'Ask somebody of a higher role.',
  },
  'channel.follows_already': {
    status: 409,
    title: 'You follow this channel already',
    remedy: 'Nothing is left to do.',
  },
  'channel.follows_not': {
    status: 409,
    title: 'You do not follow this channel',
    remedy: 'Nothing is left to do.',
  },
  'channel.own_channel': {
    status: 409,
    title: 'This is your own channel',
    remedy: 'Nothing is left to do.',
  },
  'channel.retention_out_of_range': {
    status: 422,
    title: 'A history is not kept for so long',
    remedy: 'Choose whole days from `min` to `max`, or none, which is for ever.',
  },
  'channel.tier_out_of_range': {
    status: 422,
    title: 'There is no such tier',
    remedy: 'Choose a whole number from 1 to `max`.',
  },
  'channel.not_subscribed': {
    status: 409,
    title: 'The member is no subscriber',
    remedy: 'Nothing is left to do.',
  },
  'channel.closed': {
    status: 403,
    title: 'The channel is closed',
    remedy: 'Read on; who may open it again is its broadcaster.',
  },
  'channel.open': {
    status: 409,
    title: 'The channel is open',
    remedy: 'Nothing is left to do.',
  },
  'channel.rules_unaccepted': {
    status: 403,
    title: 'This channel has rules, and you have not accepted them',
    remedy: 'Read them, and accept `version`.',
  },
  'channel.rules_outdated': {
    status: 409,
    title: 'These are not the rules of the channel',
    remedy: 'Read the rules as they are now, `version`; 0: there are none.',
  },
  'channel.nothing_pinned': {
    status: 409,
    title: 'Nothing is pinned',
    remedy: 'Nothing is left to do.',
  },
  'channel.nothing_to_change': {
    status: 422,
    title: 'No setting is named',
    remedy: 'Name at least one setting to change.',
  },
  'channel.member_invalid': {
    status: 422,
    title: 'This is not the id of an account',
    remedy: 'Name the member by the id of their account.',
  },
  'channel.role_not_assignable': {
    status: 422,
    title: 'This role cannot be given',
    remedy: 'Choose lead_moderator, moderator, vip or bot, or none to take the role away.',
  },
  'channel.too_many_roles': {
    status: 409,
    title: 'So many people of this channel have a role already',
    remedy: 'Take a role away from somebody first; `max` can have one.',
  },
  'channel.version_conflict': {
    status: 412,
    title: 'It has been changed since you looked',
    remedy: 'Fetch it again, look at the change, and send the new version, which is `version`.',
  },
  'channel.nothing_due': {
    status: 409,
    title: 'Nothing is over',
    remedy: 'Nothing is left to do; clients do not send this command.',
  },
  ...addressBanErrors,
  ...attachmentErrors,
  ...caseworkErrors,
  ...editErrors,
  ...emoteErrors,
  ...messageErrors,
  ...modeErrors,
  ...moderationErrors,
  ...ownershipErrors,
  ...policyErrors,
  ...pollErrors,
} as const satisfies ErrorTable

export type ChannelErrorCode = keyof typeof channelErrors

/** A rejection by a code of the table. `detail` holds numbers and names of fields, never what a person wrote. */
export const reject = (code: ChannelErrorCode, detail: Detail = {}): Rejection => ({ kind: 'rejected', code, detail })
