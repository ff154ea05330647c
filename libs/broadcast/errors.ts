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
  'broadcast.key_rotated': {
    status: 409,
    title: 'The stream key has another secret since',
    remedy: 'Nothing was done. Use the later one, or rotate the key under another id.',
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
  'broadcast.taken_over': {
    status: 409,
    title: 'Another encoder of the channel has just taken over',
    remedy: 'End the other encoder first, or wait for `remainingMs`.',
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
  'broadcast.text_too_long': {
    status: 422,
    title: 'The text is too long',
    remedy: 'Shorten `field` to `max` characters.',
  },
  'broadcast.text_invalid': {
    status: 422,
    title: 'The text is not one line of valid Unicode',
    remedy: 'Take line breaks and control characters out of `field`.',
  },
  'broadcast.tags_invalid': {
    status: 422,
    title: 'The tags cannot be taken',
    remedy: 'Give at most `max`, each once, of 1 to `maxLength` characters, without commas.',
  },
  'broadcast.language_invalid': {
    status: 422,
    title: 'That is no language',
    remedy: 'Give a tag of BCP 47 such as en or pt-BR.',
  },
  'broadcast.vod_unknown': {
    status: 404,
    title: 'There is no such recording',
    remedy: 'Look at the list of recordings; it may have been deleted, or its time was over.',
  },
  'broadcast.clip_unknown': {
    status: 404,
    title: 'There is no such clip',
    remedy: 'Look at the list of clips; it may have been deleted.',
  },
  'broadcast.clip_exists': {
    status: 409,
    title: 'There is a clip of this id already',
    remedy: 'Make it under another id.',
  },
  'broadcast.too_many_clips': {
    status: 409,
    title: 'The channel has as many clips as it can',
    remedy: 'Delete one first; `max` can be had.',
  },
  'broadcast.clip_out_of_range': {
    status: 422,
    title: 'A clip cannot last for that long',
    remedy: 'Choose two moments between `minMs` and `maxMs` apart.',
  },
  'broadcast.clip_out_of_recording': {
    status: 422,
    title: 'The recording has nothing of that time',
    remedy: 'Choose a time between its beginning and its end.',
  },
  'broadcast.recording_over': {
    status: 409,
    title: 'Nothing is added to this recording any more',
    remedy: 'Nothing is left to do; clients do not send this command.',
  },
  'broadcast.still_recording': {
    status: 409,
    title: 'The broadcast is still being recorded',
    remedy: 'Wait for its end, or stop it.',
  },
  'broadcast.retention_out_of_range': {
    status: 422,
    title: 'Recordings cannot be kept for that long',
    remedy: 'Choose whole days up to `maxDays`, or 0 for ever.',
  },
  'broadcast.title_out_of_range': {
    status: 422,
    title: 'The title is empty or too long',
    remedy: 'Choose one of `min` to `max` characters.',
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
