const duration = (ms) => {
  const seconds = Math.ceil(ms / 1000)
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.ceil(seconds / 60)
  if (minutes < 60) return `${minutes} min`
  const hours = Math.ceil(minutes / 60)
  return hours < 48 ? `${hours} h` : `${Math.ceil(hours / 24)} days`
}

const more = (ms) => (ms === undefined ? '' : ` for another ${duration(ms)}`)

/** What a kind of filter finds in a message, or of its author: the kind is told, and the filter itself is the moderators'. */
const found = {
  blocked_term: 'it says what is not to be said here for now',
  terms: 'there is a word in it that is not wanted here',
  phrases: 'there is a word in it that is not wanted here',
  patterns: 'it is like what is not wanted here',
  links: 'there is a link in it',
  caps: 'it shouts',
  repeats: 'it repeats itself',
  flood: 'you write very often',
  similarity: 'it is like what was said a moment ago',
  mentions: 'it calls many people',
  new_account: 'your account is new',
  ascii_art: 'it is a picture of signs',
  zalgo: 'its letters climb out of their line',
  classifier: 'a model that looks at messages does not let it pass',
  low_trust: 'all that you write here is looked at first',
}
const because = (kind) => (found[kind] ? `: ${found[kind]}.` : '.')

const words = {
  'channel.timed_out': ({ remainingMs }) => `You are timed out for another ${duration(remainingMs)}.`,
  'channel.banned': ({ remainingMs }) => `You are banned here${more(remainingMs)}.`,
  'channel.address_banned': () => 'You may not write from where you are.',
  'channel.muted': ({ remainingMs }) => `You are muted${more(remainingMs)}.`,
  'channel.warned': () => 'The moderators have warned you: read it, and say so, to write again.',
  'channel.slowed': ({ remainingMs }) => `You can write again in ${duration(remainingMs)}.`,
  'channel.slow_mode': ({ remainingMs }) => `Slow mode: you can write again in ${duration(remainingMs)}.`,
  'channel.closed': () => 'The channel is closed.',
  'channel.rules_unaccepted': () => 'Accept the rules to write here.',
  'channel.read_only': () => 'Nobody but the moderators may write now.',
  'channel.followers_only': ({ remainingMs }) =>
    remainingMs === undefined ? 'Only followers may write now.' : `You follow too short a time${more(remainingMs)}.`,
  'channel.subscribers_only': ({ tier }) => `Only subscribers may write now, from tier ${tier} on.`,
  'channel.verified_only': () => 'Only accounts with a confirmed e-mail address may write now.',
  'channel.account_too_young': ({ remainingMs }) => `Your account is too young${more(remainingMs)}.`,
  'channel.emote_only': () => 'Only emotes may be sent now.',
  'channel.not_unique': () => 'That was said already.',
  'channel.filtered': ({ kind, remainingMs }) =>
    `A filter of this channel does not let it through${because(kind)}${
      remainingMs === undefined ? '' : ` You are timed out for ${duration(remainingMs)}.`
    }`,
  'channel.queue_full': () => 'Too many messages wait for the moderators.',
  'channel.message_unknown': () => 'There is no such message any more.',
  'channel.message_deleted': () => 'It was deleted meanwhile.',
  'channel.text_blank': () => 'There is nothing in it that would be seen.',
  'channel.text_too_long': () => 'It is too long: 512 characters at most.',
  'channel.text_invalid': () => 'It has characters in it that cannot be shown.',
  'channel.forbidden': () => 'You may not do that here.',
  'channel.rank_too_low': () => 'That is for somebody of a higher role to do.',
  'channel.poll_over': () => 'The poll is over.',
  'channel.voted_already': () => 'You have voted already.',
  'channel.reported_already': () => 'You have reported it already.',
  'channel.too_many_reports': () => 'Your other reports wait for the moderators.',
  'channel.own_channel': () => 'It is your own channel.',
  'channel.member_protected': () => 'They are protected from moderators.',
  'channel.mode_unchanged': () => 'It is set like that already.',
  'channel.mode_out_of_range': () => 'It does not take that number.',
  'channel.preset_unfit': () => 'Shield mode cannot set these modes like that.',
  'channel.not_held': () => 'It waits no more: somebody has seen to it, or its time was over.',
  'channel.report_unknown': () => 'The report waits no more.',
  'channel.report_claimed': () => 'Another moderator has it, or nobody.',
  'channel.reports_full': () => 'So many reports wait for the moderators that it cannot be taken now.',
  'channel.report_unfit': () => 'There is nobody whom this could be about.',
  'channel.not_banned': () => 'They are not banned any more.',
  'channel.not_timed_out': () => 'They are not timed out any more.',
  'channel.quorum_needed': ({ maxMs }) =>
    `It takes several moderators here: ban one at a time and for ever, which proposes it to the others, or for ${duration(maxMs)} at most.`,
  'channel.ban_proposed': () => 'It is proposed already, and waits for other moderators.',
  'channel.proposals_full': () => 'So many bans wait for other moderators that no more can.',
  'channel.too_many_marked': () => 'The channel has as many bans as it can keep.',
  'channel.nothing_to_appeal': () => 'You may write here.',
  'channel.appealed_already': () => 'You have appealed already, and the moderators look at it.',
  'channel.appeals_full': () => 'So many appeals wait for the moderators that it cannot be taken now.',
  'channel.appeal_unknown': () => 'The appeal waits no more.',
  'channel.answer_unfit': () => 'It cannot be answered like that.',
  'channel.rules_outdated': () => 'The rules were changed meanwhile: read them again.',
  'channel.nothing_pinned': () => 'Nothing is pinned.',
  'channel.poll_running': () => 'A poll is running already.',
  'channel.option_unknown': () => 'The poll has no such answer.',
  'channel.poll_full': () => 'So many have voted that no more can.',
  'channel.color_without_announcement': () => 'Only announcements have a colour.',
  'channel.attachments_off': () => 'The channel takes no pictures.',
  'channel.too_many_attachments': () => 'So many pictures cannot be shown with one message.',
  'channel.attachment_unknown': () => 'A picture was sent in too long ago: add it once more.',
  'channel.too_many_uploads': () => 'You have sent in many pictures that no message shows yet: try it later.',
  'image.format_unknown': () => 'That is no picture that can be shown: PNG, JPEG, GIF, WebP and AVIF are.',
  'image.too_large': () => 'The picture is too large.',
  'image.too_small': () => 'The picture is too small.',
  'image.shape': () => 'The picture is too long, or too wide.',
  'image.broken': () => 'The picture is broken.',
  'image.busy': () => 'Many pictures are being read: try it in a moment.',
  'conversation.receiver_unknown': () => 'There is nobody to whisper to.',
  'conversation.to_oneself': () => 'Nobody whispers to themselves.',
  'conversation.not_wanted': () => 'They take no whispers from you.',
  'conversation.rate_limited': () => 'You whisper to them too often: wait a moment.',
  'conversation.text_blank': () => 'There is nothing in it that would be seen.',
  'conversation.text_too_long': () => 'It is too long: 512 characters at most.',
  'conversation.text_invalid': () => 'It has characters in it that cannot be shown.',
  'channel.version_conflict': () => 'Somebody else has changed it since you looked: look again.',
  'channel.policy_invalid': () => 'Not all of it can be used: what is wrong is said where it stands.',
  'channel.policy_unchanged': () => 'It is set like that already.',
  'channel.nothing_to_change': () => 'It is set like that already.',
  'channel.retention_out_of_range': ({ min, max }) => `From ${min} to ${max} days, or for ever.`,
  'channel.emote_unknown': () => 'There is no such emote any more.',
  'channel.emote_name_invalid': () => 'Choose 2 to 32 of A–Z, a–z, 0–9 and _, a letter among them.',
  'channel.emote_name_taken': ({ by }) =>
    by === 'platform' ? 'The platform has an emote of that name.' : 'There is an emote of that name already.',
  'channel.too_many_emotes': ({ max }) => `There are ${max} emotes already, which is all that there may be.`,
  'channel.tier_out_of_range': ({ max }) => `Tiers go from 1 to ${max}.`,
  'channel.ban_list_unknown': () => 'That channel shares no bans, or they are not followed here.',
  'channel.ban_list_unchanged': () => 'It is set like that already.',
  'channel.ban_list_unfit': ({ max }) => `So many cannot be banned at once: ${max} at most, and one at least.`,
  'channel.too_many_ban_lists': ({ max }) => `The bans of ${max} channels are followed already, which is the most.`,
  'channel.nothing_pending': () => 'None of these waits any more: somebody has seen to it.',
  'channel.nothing_to_import': () => 'All of these are banned already, or cannot be banned.',
  'channel.group_unfit': ({ max }) => `A group takes up to ${max} other channels of the same broadcaster.`,
  'channel.no_group': () => 'This channel is in no group.',
  'channel.alts_unchanged': () => 'These two are linked already, or are not, or are one.',
  'channel.too_many_alts': ({ max }) => `One account can be linked to ${max} others at most.`,
  'command.pending': () => 'It is sent, and not decided yet: see in a moment what came of it.',
  'command.too_old': () => 'It was sent too late: the clock of this device may be wrong.',
  'command.expired': () => 'It could not be taken in time.',
  'command.too_new': () => 'The clock of this device is ahead: it could not be taken.',
  'live.text_invalid': () => 'It is too long, or has characters in it that cannot be shown.',
  'http.unauthenticated': () => 'Log in to do that.',
  'http.forbidden': () => 'You may not do that here.',
  'http.address_banned': () => 'From where you are one can only read.',
  'http.rate_limited': () => 'That was very often: wait a moment.',
  'http.body_too_large': () => 'It is too large.',
  'http.unsupported_media_type': () => 'That is no picture that can be shown: PNG, JPEG, GIF, WebP and AVIF are.',
  'live.unauthenticated': () => 'Log in to write.',
  'live.rate_limited': () => 'You write very often: wait a moment.',
  'platform.busy': () => 'The server is busy: try it in a moment.',
  'platform.unavailable': () => 'The server cannot do that now: try it in a moment.',
  'platform.behind': () => 'It is done, and will be shown in a moment.',
  'platform.timeout': () => 'The server took too long: see in a moment whether it was done.',
  'platform.internal': () => 'Something went wrong at the server.',
  'platform.disk_full': () => 'The server has no room left for new messages.',
}

/** What the author of a message is told that waits for a moderator. */
export const waitingFor = (kind) => `It waits for a moderator${because(kind)}`

/** What a person is told of a rejection, by its stable code. */
export const reasonOf = (code, detail = {}) => words[code]?.(detail) ?? `It was not accepted (${code}).`

/** The same of a call that was answered with an error, which may say more than what is known here. */
export const wordsOf = (error) => words[error.code]?.(error.problem?.context ?? {}) ?? error.message

export { duration }
