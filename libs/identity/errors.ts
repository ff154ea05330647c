import type { ErrorTable } from '#libs/http/problem.ts'
import type { Rejection } from '#libs/journal/decider.ts'
import type { Detail } from '#libs/journal/outcome.ts'

/** All that the family `account` may reject a command with, and why a token is refused. */
export const identityErrors = {
  'identity.forbidden': {
    status: 403,
    title: 'This may be done only by the account itself or by who administers the platform',
    remedy: 'Log in as the account, or ask an administrator.',
  },
  'identity.wrong_aggregate': {
    status: 400,
    title: 'The command was sent to a key that it cannot be decided by',
    remedy: 'Send commands on accounts by the id of the account, and those on handles by the hash of the handle.',
  },
  'identity.factor_exists': {
    status: 409,
    title: 'The account has that factor already',
    remedy: 'Remove the one that is there first.',
  },
  'identity.codes_renewed': {
    status: 409,
    title: 'There are later recovery codes',
    remedy: 'Use those that were shown last, or make new ones by POST /v1/accounts/me/recovery-codes under another id.',
  },
  'identity.factor_unknown': {
    status: 404,
    title: 'The account has no such factor',
    remedy: 'See GET /v1/accounts/me/factors.',
  },
  'identity.last_factor': {
    status: 409,
    title: 'Nothing would be left to log in with',
    remedy: 'Set a password or add a passkey first.',
  },
  'identity.too_many_factors': {
    status: 409,
    title: 'The account has as many passkeys as it may have',
    remedy: 'Remove one that is not used any more; `max` is how many there may be.',
  },
  'identity.factor_reset_not_scheduled': {
    status: 409,
    title: 'The factors of the account are not about to be reset',
    remedy: 'Nothing is left to do.',
  },
  'identity.handle_invalid': {
    status: 422,
    title: 'A handle has 3 to 25 letters, digits or underscores',
    remedy:
      'Choose a handle of the letters a to z and A to Z, digits and underscores; any script may stand in the name shown.',
  },
  'identity.handle_reserved': {
    status: 422,
    title: 'The handle is kept for the platform',
    remedy: 'Choose another handle; underscores and upper and lower case make no difference here.',
  },
  'identity.handle_taken': {
    status: 409,
    title: 'The handle is taken',
    remedy: 'Choose another handle; upper and lower case make no difference.',
  },
  'identity.handle_not_held': {
    status: 409,
    title: 'The handle is not held by that account or channel',
    remedy: 'Nothing is left to do; clients do not send this command.',
  },
  'identity.holder_invalid': {
    status: 422,
    title: 'The holder of the handle is not well named',
    remedy:
      'Name holder and owner by their ids; an account is its own owner, and only accounts have an e-mail address.',
  },
  'identity.display_name_invalid': {
    status: 422,
    title: 'The name to be shown is not fit',
    remedy: 'Choose `max` code points at most, normalised (NFC), with something to see and without control characters.',
  },
  'identity.email_invalid': {
    status: 422,
    title: 'This is no e-mail address',
    remedy: 'Check the address.',
  },
  'identity.email_changed': {
    status: 409,
    title: 'The address was confirmed or changed since the mail was sent',
    remedy: 'See which address the account has now; to change it, begin anew.',
  },
  'identity.name_confusable': {
    status: 409,
    title: 'The name could be taken for that of somebody else',
    remedy: 'Choose a name that looks different; case, accents of other alphabets and look-alike letters do not count.',
  },
  'identity.name_not_held': {
    status: 409,
    title: 'The name is not kept for that account',
    remedy: 'Nothing is left to do; clients do not send this command.',
  },
  'identity.handle_changed_lately': {
    status: 409,
    title: 'The handle was changed a short while ago',
    remedy: 'Wait for as long as `remainingMs` says.',
  },
  'identity.nothing_due': {
    status: 409,
    title: 'No time has come for anything',
    remedy: 'Nothing is left to do; clients do not send this command.',
  },
  'identity.nothing_to_change': {
    status: 422,
    title: 'Nothing is to be changed',
    remedy: 'Send at least one field of the profile.',
  },
  'identity.bio_invalid': {
    status: 422,
    title: 'What is said about the account is not fit',
    remedy: 'Write `max` code points at most, normalised (NFC), without controls of writing direction.',
  },
  'identity.colour_invalid': {
    status: 422,
    title: 'This is no colour',
    remedy: 'Send #rrggbb in small letters, or nothing for none.',
  },
  'identity.avatar_invalid': {
    status: 422,
    title: 'This is no image of the platform',
    remedy: 'Send the image itself to PUT /v1/accounts/me/avatar.',
  },
  'identity.terms_not_accepted': {
    status: 422,
    title: 'The terms of the platform are not accepted',
    remedy: 'Show them, and send the `version` that was accepted as `termsVersion`.',
  },
  'identity.block_invalid': {
    status: 422,
    title: 'That account cannot be blocked',
    remedy: 'Name another account than your own by its id.',
  },
  'identity.too_many_blocks': {
    status: 409,
    title: 'The account blocks as many as it may',
    remedy: 'Take back one of the `max`.',
  },
  'identity.account_deactivated': {
    status: 409,
    title: 'The account is deactivated',
    remedy: 'Its owner brings it back by logging in.',
  },
  'identity.not_deactivated': {
    status: 409,
    title: 'The account is not deactivated',
    remedy: 'Nothing is left to do.',
  },
  'identity.erasure_not_scheduled': {
    status: 409,
    title: 'The account is not to be erased',
    remedy: 'Nothing is left to do.',
  },
  'identity.delay_invalid': {
    status: 422,
    title: 'The delay is not fit',
    remedy: 'Choose a delay above zero and up to `max` milliseconds.',
  },
  'identity.account_exists': {
    status: 409,
    title: 'The account is open already',
    remedy: 'Log in.',
  },
  'identity.account_unknown': {
    status: 404,
    title: 'There is no such account',
    remedy: 'Check the id of the account.',
  },
  'identity.account_erased': {
    status: 410,
    title: 'The account is erased',
    remedy: 'Nothing can be done with it any more.',
  },
  'identity.too_many_sessions': {
    status: 422,
    title: 'Too many sessions at once',
    remedy: 'Name `max` sessions at most, and the others in another command.',
  },
  'identity.account_suspended': {
    status: 403,
    title: 'The account is suspended',
    remedy: 'Wait for as long as `remainingMs` says, where it is told; or ask who runs the platform.',
  },
  'identity.not_suspended': {
    status: 409,
    title: 'The account is not suspended',
    remedy: 'Nothing is left to do.',
  },
  'identity.outranked': {
    status: 403,
    title: 'The account stands as high as yours, or higher',
    remedy: 'Ask somebody above both.',
  },
  'identity.reason_invalid': {
    status: 422,
    title: 'A reason is wanted',
    remedy: 'Say why, in `max` characters at most.',
  },
  'identity.never_acted_as': {
    status: 403,
    title: 'Nobody acts as who administers the platform',
    remedy: 'Ask them to do it themselves.',
  },
  'identity.range_invalid': {
    status: 422,
    title: 'That is no address, nor a range of fitting size',
    remedy: 'Name an IPv4 or IPv6 address, or a CIDR block from /8 on (IPv6: /16).',
  },
  'identity.address_not_banned': {
    status: 404,
    title: 'The address is not banned',
    remedy: 'Nothing is left to do.',
  },
  'identity.term_invalid': {
    status: 422,
    title: 'The end is not in the future',
    remedy: 'Choose a later moment, or none.',
  },
  'identity.too_many_tokens': {
    status: 409,
    title: 'The account has as many tokens as it may',
    remedy: 'Revoke one of the `max`.',
  },
  'identity.token_name_invalid': {
    status: 422,
    title: 'A token needs a name',
    remedy: 'Call it something, in `max` characters at most.',
  },
  'identity.token_scopes_invalid': {
    status: 422,
    title: 'A token needs something that it may be used for',
    remedy: 'Name one scope at least, and each once.',
  },
  'identity.exported_lately': {
    status: 429,
    title: 'All about the account was handed out not long ago',
    remedy: 'Ask again after `remainingMs`; a download that broke off may be asked for again with its Idempotency-Key.',
  },
  'identity.token_expired': {
    status: 401,
    title: 'The access token has expired',
    remedy: 'Have it renewed by the session cookie; one of a program its owner makes anew.',
  },
  'identity.token_invalid': {
    status: 401,
    title: 'The access token is not valid',
    remedy: 'Log in again.',
  },
} as const satisfies ErrorTable

export type IdentityErrorCode = keyof typeof identityErrors

/** A rejection by a code of the table. `detail` never holds what a person wrote. */
export const reject = (code: IdentityErrorCode, detail: Detail = {}): Rejection => ({ kind: 'rejected', code, detail })
