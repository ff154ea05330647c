/** What the live edge answers with in an `error` frame. */
export const edgeErrors = {
  'live.invalid_frame': {
    title: 'The frame is not one of the protocol',
    remedy: 'Compare it with schemas/asyncapi.yaml; `message` names the member that is wrong.',
  },
  'live.unauthenticated': {
    title: 'Posting needs an account',
    remedy: 'Send `auth` with an access token first.',
  },
  'live.invalid_token': {
    title: 'The token or the session does not hold any more',
    remedy: 'Fetch a new token with POST /v1/tokens, or log in again.',
  },
  'live.password_change_required': {
    title: 'The password must be changed first',
    remedy: 'Change it over HTTP, then send `auth` with a new token.',
  },
  'live.insufficient_scope': {
    title: 'The token may not be used for that',
    remedy: 'Make a token with the scope that `message` names.',
  },
  'live.channel_not_found': {
    title: 'There is no such channel',
    remedy: 'Look its id up with GET /v1/channels?slug=.',
  },
  'live.too_many_joins': {
    title: 'The connection follows as many channels as it may',
    remedy: 'Leave one, or open another connection.',
  },
  'live.not_joined': {
    title: 'The connection does not follow this channel',
    remedy: 'Nothing has to be done.',
  },
  'live.rate_limited': {
    title: 'Too many posts',
    remedy: 'Send it again, with the same id, after `retryAfterMs`.',
  },
  'live.text_invalid': {
    title: 'The text is too long, or not valid Unicode',
    remedy: 'Send 1 to 512 code points without lone surrogates.',
  },
  'platform.busy': {
    title: 'More is asked than can be done right now',
    remedy: 'Send it again, with the same id, after `retryAfterMs`.',
  },
  'platform.unavailable': {
    title: 'An engine that this needs is away',
    remedy: 'Send it again, with the same id, after a while.',
  },
  'platform.disk_full': {
    title: 'The platform has no room left for new records',
    remedy: 'Tell the operator; reading still works.',
  },
} as const

export type EdgeErrorCode = keyof typeof edgeErrors
