import { meters } from '#libs/telemetry/instruments.ts'

/** What an encoder is told that is not let in, by the codes of rejections and our own. */
const words: Readonly<Record<string, string>> = {
  'broadcast.key_unknown': 'this stream key is not known',
  'broadcast.key_expired': 'this stream key has expired',
  'broadcast.live_already': 'the channel is live already',
  'broadcast.taken_over': 'another encoder has just taken over: end that one first, or try again later',
  'broadcast.resting': 'a moderator stopped the broadcast: try again in a minute',
  'owner.suspended': 'the account is suspended',
  'channel.closed': 'the channel is closed',
  'channel.unknown': 'the channel is not there yet: try again',
  'media.missing': 'neither a picture nor a sound has come',
}

/** What an encoder is told whose stream key is good no more. */
export const keyRevoked = 'the stream key was revoked'

const unavailable = 'broadcasts cannot be started now: try again'

export const refusalWords = (code: string): string => words[code] ?? unavailable

/** Does not let an encoder in, and counts it. */
export const refuse = (code: string): { readonly refused: string } => {
  meters().encodersRefused.add(1, { reason: code in words ? code : 'unavailable' })
  return { refused: refusalWords(code) }
}
