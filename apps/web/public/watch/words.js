const endings = {
  'broadcast.not_live': 'The channel is offline.',
  'playback.not_found': 'The channel is offline.',
  'http.unauthenticated': 'Log in to watch: this broadcast is not for everybody.',
  'browser.cannot_play': 'This browser cannot play the video (H.264 and AAC).',
}

/** What is said in the place of the video. */
export const endingWords = (code, problem) => {
  if (code === 'playback.forbidden')
    return problem?.context?.audience === 'subscribers'
      ? 'This broadcast is for subscribers of the channel.'
      : 'This broadcast is private.'
  return endings[code] ?? 'The broadcast cannot be shown.'
}

export const stateWords = (state) =>
  state === 'interrupted' ? 'The broadcaster has lost the connection, and may come back…' : 'The broadcast has ended.'

export const latencyWords = (ms) => (ms === undefined ? '' : `${(ms / 1000).toFixed(1)} s behind`)

export const behindWords = (seconds) => {
  const whole = Math.max(0, Math.round(seconds))
  return whole < 60 ? `-${whole} s` : `-${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`
}
