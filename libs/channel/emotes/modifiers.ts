/**
 * What may be written behind an emote, each after a colon, for how it is shown: `Emote:mirror:slow`. Clients draw them;
 * one that does not know a modifier shows the emote without.
 */
export const emoteModifiers = [
  'mirror',
  'flip',
  'rotate',
  'wide',
  'small',
  'spin',
  'reverse',
  'slow',
  'fast',
  'pause',
  'jump',
  'shake',
  'slide',
  'peek',
  'blur',
  'gray',
  'invert',
  'dark',
  'rainbow',
  'hyper',
  'love',
  'rain',
  'snow',
] as const

export const mostModifiers = 5

const known: ReadonlySet<string> = new Set(emoteModifiers)

/** Whether all of them are known, none stands twice, and there are not too many. */
export const areModifiers = (given: readonly string[]): boolean =>
  given.length <= mostModifiers && given.every((each) => known.has(each)) && new Set(given).size === given.length
