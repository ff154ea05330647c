import type { ErrorTable } from '#libs/http/problem.ts'

/** What whoever watches is answered with instead of media. */
export const playbackErrors = {
  'playback.unclear': {
    status: 400,
    title: 'Nobody can wait for that part of a broadcast',
    remedy: 'Look at the end of the playlist, and go on from there.',
  },
  'playback.token_needed': {
    status: 401,
    title: 'This broadcast is not for everybody',
    remedy: 'Ask for a token with GET /v1/channels/{channelId}/playback.',
  },
  'playback.token_invalid': {
    status: 403,
    title: 'The token is not good for this channel any more',
    remedy: 'Ask for a new one with GET /v1/channels/{channelId}/playback.',
  },
  'playback.forbidden': {
    status: 403,
    title: 'You are not among those whom this broadcast is for',
    remedy: 'Subscribe to the channel, or ask its broadcaster; `audience` says whom it is for.',
  },
  'playback.not_found': {
    status: 404,
    title: 'There is no such part of a broadcast',
    remedy: 'Ask anew where the broadcast is watched; it may be over.',
  },
  'playback.out_of_range': {
    status: 416,
    title: 'The file has no such bytes',
    remedy: 'Look at Content-Range, which says how many it has.',
  },
  'playback.late': {
    status: 503,
    title: 'What was waited for did not come in time',
    remedy: 'Ask again: the encoder may have stopped for a moment.',
  },
  'playback.unavailable': {
    status: 503,
    title: 'What serves this broadcast is away',
    remedy: 'Ask again after Retry-After.',
  },
} as const satisfies ErrorTable
