import type { ErrorTable } from '#libs/http/problem.ts'
import type { Rejection } from '#libs/journal/decider.ts'
import type { Detail } from '#libs/journal/outcome.ts'
import { addressBanErrors } from './address-bans/errors.ts'
import { caseworkErrors } from './casework/errors.ts'
import { editErrors } from './edits/errors.ts'
import { ownershipErrors } from './ownership/errors.ts'
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
  'channel.timed_out': {
    status: 403,
    title: 'You are timed out in this channel',
    remedy: 'Wait for `remainingMs`, or ask a moderator to lift it.',
  },
  'channel.slow_mode': {
    status: 429,
    title: 'This channel is in slow mode',
    remedy: 'Wait for `remainingMs` and post again.',
  },
  'channel.text_blank': {
    status: 422,
    title: 'The message has nothing in it that would be seen',
    remedy: 'Write something.',
  },
  'channel.text_too_long': {
    status: 422,
    title: 'The text is too long',
    remedy: 'Shorten `field` to `max` code points.',
  },
  'channel.text_invalid': {
    status: 422,
    title: 'The text is not one line of valid Unicode',
    remedy:
      'Leave out lone surrogates, control characters, line breaks, no-break spaces and five or more combining marks in a row in `field`.',
  },
  'channel.color_without_announcement': {
    status: 422,
    title: 'Only announcements have a colour',
    remedy: 'Leave out `color`, or announce it.',
  },
  'channel.mode_out_of_range': {
    status: 422,
    title: 'The mode does not take that value',
    remedy: 'Choose a whole number between `min` and `max`, or none to switch it off.',
  },
  'channel.mode_unchanged': {
    status: 409,
    title: 'The mode is set like this already',
    remedy: 'Nothing is left to do.',
  },
  'channel.read_only': {
    status: 403,
    title: 'Only moderators post in this channel now',
    remedy: 'Wait until the channel is opened again.',
  },
  'channel.followers_only': {
    status: 403,
    title: 'Only followers post in this channel, some time after they began to follow',
    remedy: 'Follow the channel, and wait for `remainingMs` where it is named; `seconds` is how long it takes.',
  },
  'channel.subscribers_only': {
    status: 403,
    title: 'Only subscribers post in this channel',
    remedy: 'Subscribe at `tier` or above.',
  },
  'channel.emote_only': {
    status: 422,
    title: 'Only emotes are posted in this channel',
    remedy: 'Write emotes and emoji alone.',
  },
  'channel.not_unique': {
    status: 409,
    title: 'This has been said lately, and messages must be unique here',
    remedy: 'Say something else.',
  },
  'channel.verified_only': {
    status: 403,
    title: 'Only verified accounts post in this channel',
    remedy: 'Verify your e-mail address.',
  },
  'channel.account_too_young': {
    status: 403,
    title: 'The account is too young to post in this channel',
    remedy: 'Wait for `remainingMs`.',
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
  'channel.emote_unknown': {
    status: 404,
    title: 'There is no such emote here',
    remedy: 'Check the id; one that was removed is not changed any more.',
  },
  'channel.emote_name_invalid': {
    status: 422,
    title: 'An emote cannot be called that',
    remedy: 'Choose 2 to 32 of A-Z, a-z, 0-9 and _, a letter among them.',
  },
  'channel.emote_name_taken': {
    status: 409,
    title: 'There is an emote of that name',
    remedy:
      'Choose another name, which is compared without case; `by` says whether the channel or the platform has it.',
  },
  'channel.emote_image_invalid': {
    status: 422,
    title: 'That is no picture that was stored',
    remedy: 'Send the picture itself to POST /v1/channels/{channelId}/emotes.',
  },
  'channel.too_many_emotes': {
    status: 409,
    title: 'There are as many emotes as there may be',
    remedy: 'Remove one: there may be `max`.',
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
  'channel.term_out_of_range': {
    status: 422,
    title: 'It cannot hold for that long',
    remedy: 'Choose whole milliseconds between `minMs` and `maxMs`, or none for no end.',
  },
  'channel.too_many_marked': {
    status: 409,
    title: 'This channel keeps as many bans, marks and subscriptions as it can',
    remedy: 'Take some away first; `max` members can have one.',
  },
  'channel.not_subscribed': {
    status: 409,
    title: 'The member is no subscriber',
    remedy: 'Nothing is left to do.',
  },
  'channel.banned': {
    status: 403,
    title: 'You are banned from posting in this channel',
    remedy: 'Wait for `remainingMs` where it is named, or ask a moderator to lift the ban.',
  },
  'channel.warned': {
    status: 403,
    title: 'A moderator has warned you',
    remedy: 'Read the warning and acknowledge it.',
  },
  'channel.muted': {
    status: 403,
    title: 'You are muted in this channel',
    remedy: 'Wait for `remainingMs` where it is named, or ask a moderator.',
  },
  'channel.slowed': {
    status: 429,
    title: 'A moderator has slowed you down',
    remedy: 'Wait for `remainingMs` and post again.',
  },
  'channel.queue_full': {
    status: 503,
    title: 'So many messages wait for a moderator already',
    remedy: 'Post again later.',
  },
  'channel.not_banned': {
    status: 409,
    title: 'The member is not banned',
    remedy: 'Nothing is left to do.',
  },
  'channel.not_marked': {
    status: 409,
    title: 'The member has no such mark',
    remedy: 'Nothing is left to do.',
  },
  'channel.mark_value_out_of_range': {
    status: 422,
    title: 'The mark does not take that value',
    remedy: 'Name between 1 and `maxSeconds` seconds for slow, and no value for other marks.',
  },
  'channel.member_protected': {
    status: 403,
    title: 'The member is protected from moderators',
    remedy: 'Ask the broadcaster.',
  },
  'channel.too_many_messages': {
    status: 422,
    title: 'An act is about fewer messages than that',
    remedy: 'Name at most `max`.',
  },
  'channel.ladder_unfit': {
    status: 422,
    title: 'The ladder has steps that are none',
    remedy: 'Name 1 to `maxSteps` steps: 0 for a warning, -1 for a ban, else a timeout from `minMs` to `maxMs`.',
  },
  'channel.nuke_unfit': {
    status: 422,
    title: 'Ids, numbers and authors do not belong together, or are too many',
    remedy: 'Name one of each for every message, and at most `max` messages.',
  },
  'channel.nothing_to_nuke': {
    status: 409,
    title: 'None of these messages is there and within your reach',
    remedy: 'Nothing is left to do.',
  },
  'channel.nuke_unknown': {
    status: 404,
    title: 'There is no such nuke that could be taken back',
    remedy: 'Only the last ones can.',
  },
  'channel.not_held': {
    status: 404,
    title: 'No such message waits for a moderator',
    remedy: 'Nothing is left to do.',
  },
  'channel.filtered': {
    status: 422,
    title: 'A rule of this channel does not let this message pass',
    remedy:
      'Say it another way; `kind` is the kind of rule. Where `remainingMs` is named you are timed out for so long.',
  },
  'channel.policy_invalid': {
    status: 422,
    title: 'The policy cannot be used',
    remedy: 'Look at `at`, the place in it that is wrong; `whiply policy check` and the JSON Schema say more.',
  },
  'channel.policy_unchanged': {
    status: 409,
    title: 'This is the policy of the channel already',
    remedy: 'Nothing is left to do.',
  },
  ...addressBanErrors,
  ...caseworkErrors,
  ...editErrors,
  ...ownershipErrors,
  ...pollErrors,
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
  'channel.slow_mode_out_of_range': {
    status: 422,
    title: 'Slow mode cannot last that long',
    remedy: 'Choose whole seconds between 0 (off) and `maxSeconds`.',
  },
  'channel.duration_out_of_range': {
    status: 422,
    title: 'A timeout cannot last that long',
    remedy: 'Choose whole milliseconds between `minMs` and `maxMs`.',
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
  'channel.message_unknown': {
    status: 404,
    title: 'There is no such message in this channel',
    remedy: 'Check the id of the message.',
  },
  'channel.message_deleted': {
    status: 410,
    title: 'The message is deleted already',
    remedy: 'Nothing is left to do.',
  },
  'channel.not_timed_out': {
    status: 409,
    title: 'The member is not timed out',
    remedy: 'Nothing is left to do.',
  },
  'channel.nothing_due': {
    status: 409,
    title: 'Nothing is over',
    remedy: 'Nothing is left to do; clients do not send this command.',
  },
} as const satisfies ErrorTable

export type ChannelErrorCode = keyof typeof channelErrors

/** A rejection by a code of the table. `detail` holds numbers and names of fields, never what a person wrote. */
export const reject = (code: ChannelErrorCode, detail: Detail = {}): Rejection => ({ kind: 'rejected', code, detail })
