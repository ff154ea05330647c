const endings = {
  'broadcast.clip_unknown': 'There is no such clip.',
  'broadcast.vod_unknown': 'There is no such recording, or not any more.',
  'broadcast.not_live': 'The channel is offline.',
  'playback.not_found': 'The channel is offline.',
  'http.invalid_request': 'There is nothing to watch at this address.',
  'http.unauthenticated': 'Log in to watch: this broadcast is not for everybody.',
  'browser.cannot_play': 'This browser cannot play the video (H.264 and AAC).',
}

const clipProblems = {
  'broadcast.vod_unknown': 'This broadcast is not recorded, so there is nothing to clip.',
  'broadcast.clip_out_of_range': 'The broadcast has only just begun: try again in a moment.',
  'broadcast.clip_out_of_recording': 'That part is not recorded.',
  'broadcast.too_many_clips': 'The channel has as many clips as it can.',
  'broadcast.forbidden': 'You cannot make clips in this channel.',
  'http.unauthenticated': 'Log in to make a clip.',
  making: 'The clip is being made…',
  failed: 'The clip could not be made.',
  nothing_recorded: 'The clip could not be made: nothing of that time is kept.',
  ffmpeg_missing:
    'The clip could not be made: the encoder came back within it, and this server has no ffmpeg to join that.',
  ffmpeg_failed: 'The clip could not be made: the encoder came back within it, and ffmpeg could not join that.',
}

/** How it is with a clip, or why there is none; undefined where the server's own words are better. */
export const clipWords = (code) => clipProblems[code]

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

/** A time of a video, as hours, minutes and seconds. */
export const placeWords = (seconds) => {
  const whole = Math.max(0, Math.floor(seconds))
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60]
  const padded = (number) => String(number).padStart(2, '0')
  return hours > 0 ? `${hours}:${padded(minutes)}:${padded(rest)}` : `${minutes}:${padded(rest)}`
}
