/**
 * The `msg-id` of a NOTICE for each code that clients of the twitch.tv dialect know by another name. Every other code is
 * its own: `channel.text_blank` is `channel_text_blank`.
 */
export const knownMsgIds: Readonly<Record<string, string>> = {
  'channel.timed_out': 'msg_timedout',
  'channel.slow_mode': 'msg_slowmode',
  'channel.text_invalid': 'msg_bad_characters',
  'channel.unknown': 'msg_channel_suspended',
  'channel.forbidden': 'no_permission',
  'live.channel_not_found': 'msg_channel_suspended',
  'live.rate_limited': 'msg_ratelimit',
  'live.text_invalid': 'msg_bad_characters',
}

export const msgIdOf = (code: string): string => knownMsgIds[code] ?? code.replaceAll('.', '_')
