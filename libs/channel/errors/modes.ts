import type { ErrorTable } from '#libs/http/problem.ts'

/** What the modes of a room refuse, and what is wrong with a mode that is to be set. */
export const modeErrors = {
  'channel.slow_mode': {
    status: 429,
    title: 'This channel is in slow mode',
    remedy: 'Wait for `remainingMs` and post again.',
  },
  'channel.slow_mode_out_of_range': {
    status: 422,
    title: 'Slow mode cannot last that long',
    remedy: 'Choose whole seconds between 0 (off) and `maxSeconds`.',
  },
  'channel.mode_out_of_range': {
    status: 422,
    title: 'The mode does not take that value',
    remedy: 'Choose a whole number between `min` and `max`, or none to switch it off.',
  },
  'channel.mode_unchanged': {
    status: 409,
    title: 'The mode is set like this already',
    remedy: 'Nothing is left to do.',
  },
  'channel.read_only': {
    status: 403,
    title: 'Only moderators post in this channel now',
    remedy: 'Wait until the channel is opened again.',
  },
  'channel.followers_only': {
    status: 403,
    title: 'Only followers post in this channel, some time after they began to follow',
    remedy: 'Follow the channel, and wait for `remainingMs` where it is named; `seconds` is how long it takes.',
  },
  'channel.subscribers_only': {
    status: 403,
    title: 'Only subscribers post in this channel',
    remedy: 'Subscribe at `tier` or above.',
  },
  'channel.emote_only': {
    status: 422,
    title: 'Only emotes are posted in this channel',
    remedy: 'Write emotes and emoji alone.',
  },
  'channel.not_unique': {
    status: 409,
    title: 'This has been said lately, and messages must be unique here',
    remedy: 'Say something else.',
  },
  'channel.verified_only': {
    status: 403,
    title: 'Only verified accounts post in this channel',
    remedy: 'Verify your e-mail address.',
  },
  'channel.account_too_young': {
    status: 403,
    title: 'The account is too young to post in this channel',
    remedy: 'Wait for `remainingMs`.',
  },
} as const satisfies ErrorTable
