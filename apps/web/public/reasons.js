const duration = (ms) => {
  const seconds = Math.ceil(ms / 1000)
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.ceil(seconds / 60)
  return minutes < 60 ? `${minutes} min` : `${Math.ceil(minutes / 60)} h`
}

const words = {
  'channel.timed_out': ({ remainingMs }) => `You are timed out for another ${duration(remainingMs)}.`,
  'channel.slow_mode': ({ remainingMs }) => `Slow mode: you can write again in ${duration(remainingMs)}.`,
  'channel.text_blank': () => 'There is nothing in it that would be seen.',
  'channel.text_too_long': () => 'It is too long: 512 characters at most.',
  'channel.text_invalid': () => 'It has characters in it that cannot be shown.',
  'channel.forbidden': () => 'You may not do that here.',
  'channel.rank_too_low': () => 'That is for somebody of a higher role to do.',
  'command.expired': () => 'It could not be taken in time.',
  'live.text_invalid': () => 'It is too long, or has characters in it that cannot be shown.',
  'live.unauthenticated': () => 'Log in to write.',
  'platform.disk_full': () => 'The server has no room left for new messages.',
}

/** What a person is told of a rejection, by its stable code. */
export const reasonOf = (code, detail = {}) => words[code]?.(detail) ?? `It was not accepted (${code}).`

export { duration }
