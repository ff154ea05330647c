const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`

/** What a warning means to a broadcaster, with what was measured (milliseconds, or percent). */
export const warningWords = (warning: string, value: number): string => {
  switch (warning) {
    case 'keyframe_interval':
      return `Keyframes come ${seconds(value)} apart: set the keyframe interval of the encoder to 2 s or less.`
    case 'no_renditions':
      return value === 0
        ? 'There are no smaller renditions: this platform has no ffmpeg to make them.'
        : `There are no smaller renditions: all ${value} encoders are taken by other channels.`
    case 'recording_lost':
      return `The object store was away: ${seconds(value)} of the broadcast are not in its recording.`
    case 'quota_near':
      return `${value} % of what the channel may keep is used: at 100 % recording ends. Delete recordings, or keep them for fewer days.`
    case 'quota_reached':
      return 'The channel keeps as much as it may: the broadcast goes on, and is not recorded any more.'
    default:
      return `${warning}: ${value}`
  }
}
