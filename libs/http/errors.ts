import type { ErrorTable } from './problem.ts'

/** What the kit itself answers with, whatever the route. */
export const httpErrors = {
  'http.malformed_request': {
    status: 400,
    title: 'The request is not valid HTTP or has a malformed URL',
    remedy: 'Check the encoding of the URL and of the headers.',
  },
  'http.malformed_json': {
    status: 400,
    title: 'The body is not JSON that can be read in one way only',
    remedy: 'Send UTF-8 JSON without duplicate member names, lone surrogates or nesting deeper than 32.',
  },
  'http.invalid_request': {
    status: 400,
    title: 'The request does not have the form that this route takes',
    remedy: 'Correct what `violations` lists; the form is in /openapi.json.',
  },
  'http.invalid_idempotency_key': {
    status: 400,
    title: 'Idempotency-Key must be a UUIDv7',
    remedy: 'Send a UUID of version 7, minted by the time in the `Date` header of an answer.',
  },
  'http.unauthenticated': {
    status: 401,
    title: 'This needs an access token',
    remedy: 'Log in with POST /v1/sessions and send `Authorization: Bearer <token>`.',
  },
  'http.reauthentication_required': {
    status: 401,
    title: 'This wants somebody who showed who they are just now',
    remedy:
      'Show it with POST /v1/accounts/me/authentication, and send this again with the token of the answer; it is enough for ten minutes.',
  },
  'http.second_factor_required': {
    status: 403,
    title: 'Staff show two factors here before they act',
    remedy:
      'Set up codes of an app or a passkey in your account, and log in by them or show one with POST /v1/accounts/me/authentication.',
  },
  'http.origin_refused': {
    status: 403,
    title: 'The cookie is not taken from this origin',
    remedy: 'Call from a page of this server, or have the origin added to ALLOWED_ORIGINS.',
  },
  'http.insufficient_scope': {
    status: 403,
    title: 'The token may not be used for that',
    remedy: 'Make a token with one of the scopes in `scope`; `session` has only the token of a login.',
  },
  'http.forbidden': {
    status: 403,
    title: 'This account may not do that',
    remedy: 'Ask somebody who holds the role that it needs.',
  },
  'http.password_change_required': {
    status: 403,
    title: 'The password must be changed first',
    remedy: 'Change it with PUT /v1/accounts/me/password; until then nothing else is open.',
  },
  'http.not_found': {
    status: 404,
    title: 'There is nothing here',
    remedy: 'Check the path and the ids in it.',
  },
  'http.address_banned': {
    status: 403,
    title: 'From your address one can only read',
    remedy: 'Ask who runs the platform.',
  },
  'http.method_not_allowed': {
    status: 405,
    title: 'This path does not take that method',
    remedy: 'Use one of the methods in the `Allow` header.',
  },
  'http.not_acceptable': {
    status: 406,
    title: 'There is no answer in a form that is accepted',
    remedy: 'Leave `Accept` out, or name a media type that this route is documented with.',
  },
  'http.body_timeout': {
    status: 408,
    title: 'The request did not arrive in time',
    remedy: 'Send it again over a better connection.',
  },
  'http.body_too_large': {
    status: 413,
    title: 'The body is too large',
    remedy: 'Send less; the limit is in `context`.',
  },
  'http.unsupported_media_type': {
    status: 415,
    title: 'The body is not of a media type that this route takes',
    remedy:
      'Send `Content-Type: application/json`, UTF-8, or where a file is taken its own type, without Content-Encoding.',
  },
  'http.expectation_failed': {
    status: 417,
    title: 'What the request expects cannot be met',
    remedy: 'Send `Expect: 100-continue`, or leave `Expect` out.',
  },
  'http.as_of_out_of_reach': {
    status: 422,
    title: 'That moment cannot be told',
    remedy: 'Ask for one that has come; where `kind` is `gone`, for one behind what the journal has lost.',
  },
  'http.precondition_required': {
    status: 428,
    title: 'This change needs If-Match',
    remedy: 'Fetch the resource and send its ETag in If-Match, or `*` to overwrite whatever is there.',
  },
  'http.rate_limited': {
    status: 429,
    title: 'Too many requests',
    remedy: 'Wait for as long as Retry-After says.',
  },
  'http.headers_too_large': {
    status: 431,
    title: 'The headers are too large',
    remedy: 'Send fewer or shorter headers.',
  },
  'platform.internal': {
    status: 500,
    title: 'Something went wrong here',
    remedy: 'Try again; if it stays, tell the operator the id in `instance`.',
  },
  'platform.busy': {
    status: 503,
    title: 'More is asked than can be done right now',
    remedy: 'Send it again, with the same Idempotency-Key, after Retry-After.',
  },
  'platform.unavailable': {
    status: 503,
    title: 'An engine that this needs is away',
    remedy: 'Send it again after Retry-After.',
  },
  'platform.behind': {
    status: 503,
    title: 'The read model has not reached the position asked for',
    remedy: 'Ask again after Retry-After.',
  },
  'platform.timeout': {
    status: 504,
    title: 'The answer took too long',
    remedy: 'Try again; a command may still be under way, so keep its Idempotency-Key.',
  },
  'platform.disk_full': {
    status: 507,
    title: 'The platform has no room left for new records',
    remedy: 'Tell the operator; reading still works.',
  },
} as const satisfies ErrorTable
