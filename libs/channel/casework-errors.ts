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
} as const satisfies ErrorTable
