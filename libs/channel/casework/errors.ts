import type { ErrorTable } from '#libs/http/problem.ts'

/** What is rejected of reports, appeals, proposals and the like. */
export const caseworkErrors = {
  'channel.report_unfit': {
    status: 422,
    title: 'There is nobody whom this could be a report of',
    remedy: 'Name a message, or a member; not yourself.',
  },
  'channel.reported_already': {
    status: 409,
    title: 'You have reported this already',
    remedy: 'Moderators know of it; you are told when it is handled.',
  },
  'channel.too_many_reports': {
    status: 429,
    title: 'You have reported much lately',
    remedy: 'Report again later; `max` in an hour.',
  },
  'channel.reports_full': {
    status: 503,
    title: 'So many reports wait for a moderator already',
    remedy: 'Report again later.',
  },
  'channel.report_unknown': {
    status: 404,
    title: 'No such report waits',
    remedy: 'Nothing is left to do.',
  },
  'channel.report_claimed': {
    status: 409,
    title: 'Another moderator has the report, or nobody',
    remedy: 'Take one that nobody has; leave to others what you have yourself.',
  },
  'channel.term_unfit': {
    status: 422,
    title: 'The term is too short, too long, or not in its normal form',
    remedy: 'Name `min` to `max` code points in lower case, with single spaces.',
  },
  'channel.pattern_unfit': {
    status: 422,
    title: 'The pattern is no regular expression that can be looked for',
    remedy:
      'Mend what `problem` says: syntax of RE2, without back references and lookarounds; up to `max` characters and `maxSteps` steps, of which each repetition counts; not in every message; found in good time.',
  },
  'channel.too_many_terms': {
    status: 409,
    title: 'So many terms are blocked already',
    remedy: 'Decide on some of them first; `max` can be blocked, patterns of `maxSteps` steps together.',
  },
  'channel.term_unknown': {
    status: 404,
    title: 'No such term is blocked',
    remedy: 'Nothing is left to do.',
  },
  'channel.nothing_to_appeal': {
    status: 409,
    title: 'You are not banned, or not timed out, in this channel',
    remedy: 'Nothing is left to do; `sanction` is what you named.',
  },
  'channel.appealed_already': {
    status: 409,
    title: 'You have appealed against this already',
    remedy: 'Read the answer once it is there; an act is appealed against once.',
  },
  'channel.appeals_full': {
    status: 503,
    title: 'So many appeals wait for a moderator already',
    remedy: 'Appeal again later.',
  },
  'channel.appeal_unknown': {
    status: 404,
    title: 'No such appeal waits',
    remedy: 'Nothing is left to do.',
  },
  'channel.answer_unfit': {
    status: 422,
    title: 'The answer and its term do not belong together',
    remedy: 'Name `durationMs` where it is shortened, and only there: less than what is left.',
  },
  'channel.quorum_unfit': {
    status: 422,
    title: 'There is no such quorum',
    remedy: 'Choose `min` to `max` moderators, or none, and a term between `minMs` and `maxMs`.',
  },
  'channel.quorum_needed': {
    status: 409,
    title: 'It takes several moderators here to ban for so long',
    remedy:
      'Ban one member at a time and without a term, which proposes it to the other moderators, or for `maxMs` milliseconds at most.',
  },
  'channel.ban_proposed': {
    status: 409,
    title: 'This ban is proposed already',
    remedy: 'Approve of the proposal that waits.',
  },
  'channel.proposals_full': {
    status: 503,
    title: 'So many bans wait for approval already',
    remedy: 'Decide on some of them first; `max` can wait.',
  },
  'channel.proposal_unknown': {
    status: 404,
    title: 'No such proposal waits',
    remedy: 'Nothing is left to do.',
  },
  'channel.approved_already': {
    status: 409,
    title: 'You have approved of this already',
    remedy: 'Ask another moderator.',
  },
  'channel.ban_list_unchanged': {
    status: 409,
    title: 'Nothing would change',
    remedy: 'Nothing is left to do.',
  },
  'channel.too_many_ban_lists': {
    status: 409,
    title: 'The bans of so many channels are followed already',
    remedy: 'Follow fewer; `max` can be followed.',
  },
  'channel.ban_list_unknown': {
    status: 404,
    title: 'The bans of that channel are not followed here, or not published there',
    remedy: 'Look at the channels whose bans are followed.',
  },
  'channel.ban_list_unfit': {
    status: 422,
    title: 'So many are not banned at once, nor nobody',
    remedy: 'Name 1 to `max` members.',
  },
  'channel.nothing_pending': {
    status: 404,
    title: 'None of these bans waits for a moderator',
    remedy: 'Nothing is left to do.',
  },
  'channel.nothing_to_import': {
    status: 409,
    title: 'All of these are banned already, or out of reach',
    remedy: 'Nothing is left to do.',
  },
  'channel.alts_unchanged': {
    status: 409,
    title: 'These two are linked already, or are not, or are one',
    remedy: 'Nothing is left to do.',
  },
  'channel.too_many_alts': {
    status: 409,
    title: 'So many accounts are linked already',
    remedy: 'Unlink some first; one account has at most `max` links.',
  },
  'channel.group_unfit': {
    status: 422,
    title: 'These channels make no group',
    remedy: 'Name at most `max` other channels of the same broadcaster.',
  },
  'channel.no_group': {
    status: 409,
    title: 'The channel belongs together with no others',
    remedy: 'Name the channels of the group first.',
  },
  'channel.preset_unfit': {
    status: 422,
    title: 'Shield mode cannot set these modes like that',
    remedy: 'Name each mode once, with a value that the mode takes; not shield mode itself.',
  },
} as const satisfies ErrorTable
