/** What a warning means to a broadcaster, with what was measured (milliseconds). */
export const warningWords = (warning: string, value: number): string =>
  warning === 'keyframe_interval'
    ? `Keyframes come ${(value / 1000).toFixed(1)} s apart: set the keyframe interval of the encoder to 2 s or less.`
    : `${warning}: ${value}`
