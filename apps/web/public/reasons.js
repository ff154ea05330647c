const duration = (ms) => {
  const seconds = Math.ceil(ms / 1000)
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.ceil(seconds / 60)
  if (minutes < 60) return `${minutes} min`
  const hours = Math.ceil(minutes / 60)
  return hours < 48 ? `${hours} h` : `${Math.ceil(hours / 24)} days`
}

const more = (ms) => (ms === undefined ? '' : ` for another ${duration(ms)}`)

const words = {
  'channel.timed_out': ({ remainingMs }) => `You are timed out for another ${duration(remainingMs)}.`,
  'channel.banned': ({ remainingMs }) => `You are banned here${more(remainingMs)}.`,
  'channel.address_banned': () => 'You may not write from where you are.',
  'channel.muted': ({ remainingMs }) => `You are muted${more(remainingMs)}.`,
  'channel.warned': () => 'The moderators have warned you: read it, and say so, to write again.',
  'channel.slowed': ({ remainingMs }) => `You can write again in ${duration(remainingMs)}.`,
  'channel.slow_mode': ({ remainingMs }) => `Slow mode: you can write again in ${duration(remainingMs)}.`,
  'channel.closed': () => 'The channel is closed.',
  'channel.rules_unaccepted': () => 'Accept the rules to write here.',
  'channel.read_only': () => 'Nobody but the moderators may write now.',
  'channel.followers_only': ({ remainingMs }) =>
    remainingMs === undefined ? 'Only followers may write now.' : `You follow too short a time${more(remainingMs)}.`,
  'channel.subscribers_only': ({ tier }) => `Only subscribers may write now, from tier ${tier} on.`,
  'channel.verified_only': () => 'Only accounts with a confirmed e-mail address may write now.',
  'channel.account_too_young': ({ remainingMs }) => `Your account is too young${more(remainingMs)}.`,
  'channel.emote_only': () => 'Only emotes may be sent now.',
  'channel.not_unique': () => 'That was said already.',
  'channel.filtered': () => 'A filter of this channel does not let it through.',
  'channel.queue_full': () => 'Too many messages wait for the moderators.',
  'channel.message_unknown': () => 'There is no such message any more.',
  'channel.message_deleted': () => 'It was deleted meanwhile.',
  'channel.text_blank': () => 'There is nothing in it that would be seen.',
  'channel.text_too_long': () => 'It is too long: 512 characters at most.',
  'channel.text_invalid': () => 'It has characters in it that cannot be shown.',
  'channel.forbidden': () => 'You may not do that here.',
  'channel.rank_too_low': () => 'That is for somebody of a higher role to do.',
  'channel.poll_over': () => 'The poll is over.',
  'channel.voted_already': () => 'You have voted already.',
  'channel.reported_already': () => 'You have reported it already.',
  'channel.too_many_reports': () => 'Your other reports wait for the moderators.',
  'command.expired': () => 'It could not be taken in time.',
  'live.text_invalid': () => 'It is too long, or has characters in it that cannot be shown.',
  'http.unauthenticated': () => 'Log in to do that.',
  'live.unauthenticated': () => 'Log in to write.',
  'platform.disk_full': () => 'The server has no room left for new messages.',
}

/** What a person is told of a rejection, by its stable code. */
export const reasonOf = (code, detail = {}) => words[code]?.(detail) ?? `It was not accepted (${code}).`

export { duration }
