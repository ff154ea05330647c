import type { ErrorTable } from '#libs/http/problem.ts'

/** What the door of identity answers with, before or instead of a command. */
export const identityHttpErrors = {
  'identity.invalid_credentials': {
    status: 401,
    title: 'Handle or password is wrong',
    remedy: 'Check both. A lost password is replaced by POST /v1/password-resets.',
  },
  'identity.wrong_password': {
    status: 403,
    title: 'The password is wrong',
    remedy: 'Send the password that you log in with now.',
  },
  'identity.password_weak': {
    status: 422,
    title: 'The password would be guessed soon',
    remedy:
      'Choose another: `detail` says what is wrong with this one. Some words that have nothing to do with one another, or with you, are good.',
  },
  'identity.code_wrong': {
    status: 403,
    title: 'The code is wrong, or was used before',
    remedy:
      'Wait for the next code of the app, or send a recovery code; `attemptsLeft` says how often that may be tried.',
  },
  'identity.challenge_ended': {
    status: 401,
    title: 'The login took too long, or had too many wrong codes',
    remedy: 'Begin anew with POST /v1/sessions.',
  },
  'identity.passkey_refused': {
    status: 403,
    title: 'The passkey is not known here, or not what was asked for',
    remedy: 'Fetch new options, have the browser ask once more, and send what it answers within five minutes.',
  },
  'identity.session_ended': {
    status: 401,
    title: 'The session has ended',
    remedy: 'Log in again with POST /v1/sessions.',
  },
  'identity.registration_closed': {
    status: 403,
    title: 'Nobody can register here now',
    remedy: 'Ask who runs the platform.',
  },
  'identity.invitation_invalid': {
    status: 403,
    title: 'Registering takes an invitation, and this is none',
    remedy: 'Ask for another one: each is good once, and for a week.',
  },
  'identity.link_invalid': {
    status: 410,
    title: 'The link is not good any more',
    remedy: 'Each is good once, for 30 minutes, and until a later one is sent: ask for another mail.',
  },
  'identity.handle_released': {
    status: 409,
    title: 'What the handle was claimed for could not be opened',
    remedy: 'The handle is free again: try once more.',
  },
  'identity.session_reused': {
    status: 401,
    title: 'The session came with a secret that was used before, and has ended',
    remedy: 'Log in again. If that was not you, somebody else had the secret: change your password.',
  },
  'identity.token_exists': {
    status: 409,
    title: 'The token was made by an earlier request that was the same',
    remedy: 'Its secret was shown then: revoke it by its id, which is the Idempotency-Key, and make another one.',
  },
  'identity.csrf_refused': {
    status: 403,
    title: 'A write by cookie needs the token of the page',
    remedy: 'Send the `csrfToken` of the login in `X-CSRF-Token`.',
  },
  'identity.address_own': {
    status: 422,
    title: 'That would lock you out',
    remedy: 'Ban a smaller range, in which your own address is not.',
  },
  'auth.busy': {
    status: 503,
    title: 'Too many passwords are being checked right now',
    remedy: 'Try again after Retry-After.',
  },
} as const satisfies ErrorTable
