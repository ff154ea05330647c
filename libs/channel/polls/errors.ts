import type { ErrorTable } from '#libs/http/problem.ts'

/** What polls reject a command with. */
export const pollErrors = {
  'channel.poll_running': {
    status: 409,
    title: 'A poll is running in this channel',
    remedy: 'End it first, or wait until it is over.',
  },
  'channel.poll_over': {
    status: 409,
    title: 'This poll is not running',
    remedy: 'Nothing is left to do.',
  },
  'channel.poll_unfit': {
    status: 422,
    title: 'The poll has too few or too many answers, or twice the same, or does not last that long',
    remedy: 'Name `minOptions` to `maxOptions` different answers, and `minMs` to `maxMs`.',
  },
  'channel.option_unknown': {
    status: 422,
    title: 'The poll has no such answer',
    remedy: 'Choose one from 0 to `max`.',
  },
  'channel.voted_already': {
    status: 409,
    title: 'You have voted already',
    remedy: 'Nothing is left to do: a vote counts once, and may be changed only where the poll says so.',
  },
  'channel.poll_full': {
    status: 409,
    title: 'So many have voted that no more can',
    remedy: 'Nothing can be done; `max` can vote.',
  },
} as const satisfies ErrorTable
