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
  'channel.too_many_terms': {
    status: 409,
    title: 'So many terms are blocked already',
    remedy: 'Decide on some of them first; `max` can be blocked.',
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
} as const satisfies ErrorTable
