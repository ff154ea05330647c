/** A text as a pattern of `like` that means itself: `%` and `_` would stand for other characters. */
export const literally = (text: string): string => text.replaceAll(/[\\%_]/g, '\\$&')
