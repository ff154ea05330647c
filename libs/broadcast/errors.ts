import type { ErrorTable } from '#libs/http/problem.ts'
import type { Rejection } from '#libs/journal/decider.ts'
import type { Detail } from '#libs/journal/outcome.ts'

/** All that the broadcasts of a channel may reject a command with. */
export const broadcastErrors = {
  'broadcast.forbidden': {
    status: 403,
    title: 'Your role in this channel does not allow it',
    remedy: 'Ask the broadcaster; `action` names the permission.',
  },
  'broadcast.key_exists': {
    status: 409,
    title: 'There is a stream key of this id already',
    remedy: 'Have a new one issued under another id.',
  },
  'broadcast.key_unknown': {
    status: 404,
    title: 'There is no such stream key',
    remedy: 'Look at the list of keys; it may have been revoked.',
  },
  'broadcast.key_expired': {
    status: 403,
    title: 'The stream key has expired',
    remedy: 'Have a new one issued.',
  },
  'broadcast.expiry_invalid': {
    status: 422,
    title: 'The stream key would be expired from the beginning',
    remedy: 'Choose a time to come, or none.',
  },
  'broadcast.too_many_keys': {
    status: 409,
    title: 'The channel has as many stream keys as it can',
    remedy: 'Revoke one first; `max` can be had.',
  },
  'broadcast.live_already': {
    status: 409,
    title: 'The channel is live already',
    remedy: 'End the other encoder first, or wait until its lease is over.',
  },
  'broadcast.resting': {
    status: 403,
    title: 'A broadcast of this channel was stopped just now',
    remedy: 'Wait for `remainingMs`.',
  },
  'broadcast.not_live': {
    status: 409,
    title: 'The channel is not live',
    remedy: 'Nothing is left to do.',
  },
  'broadcast.session_over': {
    status: 409,
    title: 'The encoder’s session is over',
    remedy: 'Publish again.',
  },
  'broadcast.term_out_of_range': {
    status: 422,
    title: 'It cannot last for that long',
    remedy: 'Choose whole milliseconds between `minMs` and `maxMs`.',
  },
  'broadcast.nothing_due': {
    status: 409,
    title: 'Nothing is over',
    remedy: 'Nothing is left to do; clients do not send this command.',
  },
} as const satisfies ErrorTable

export type BroadcastErrorCode = keyof typeof broadcastErrors

/** A rejection by a code of the table. `detail` never holds what a person wrote. */
export const reject = (code: BroadcastErrorCode, detail: Detail = {}): Rejection => ({ kind: 'rejected', code, detail })
