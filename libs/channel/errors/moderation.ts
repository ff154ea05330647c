import type { ErrorTable } from '#libs/http/problem.ts'

/** What keeps somebody from posting, and what acts of moderators are rejected with. */
export const moderationErrors = {
  'channel.timed_out': {
    status: 403,
    title: 'You are timed out in this channel',
    remedy: 'Wait for `remainingMs`, or ask a moderator to lift it.',
  },
  'channel.duration_out_of_range': {
    status: 422,
    title: 'A timeout or a permit cannot last that long',
    remedy: 'Choose whole milliseconds between `minMs` and `maxMs`.',
  },
  'channel.not_timed_out': {
    status: 409,
    title: 'The member is not timed out',
    remedy: 'Nothing is left to do.',
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
  'channel.not_held': {
    status: 404,
    title: 'No such message waits for a moderator',
    remedy: 'Nothing is left to do.',
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
    remedy:
      'Name between 1 and `maxSeconds` seconds for slow, none or 1 for link_permit, and no value for other marks.',
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
} as const satisfies ErrorTable
