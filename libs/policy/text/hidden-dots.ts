import type { Tokens } from './tokens.ts'

/** What is written for a dot, in brackets of any kind, or between spaces where a well-known ending follows. */
const dotWords = new Set(['dot', 'd0t', 'punkt', 'punto', 'точка', '.'])
const openings = new Set(['(', '[', '{', '<'])
const closings: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}', '<': '>' }
/** Read as a dot where a well-known ending follows; words of some languages have them within. */
const middleDots = new Set(['·', '•', '∙', '⋅', '‧', '・'])

/** A dot between spaces ends sentences too, so that only these make a link of it. */
const wellKnownEndings = new Set(['com', 'net', 'org', 'info', 'biz', 'gg', 'tv', 'io', 'ru', 'xyz', 'cc', 'gl', 'tk'])

const isWellKnown = (tokens: Tokens, at: number): boolean => wellKnownEndings.has(tokens[at]?.text ?? '')

/** A text without any of these holds no link, which is seen at once. */
export const mayHoldLink = /[.\u3002\uff0e\uff61\u2024:[({<·•∙⋅‧・･]| (?:dot|d0t|punkt|punto|точка) /iu

const isBracketedDot = (tokens: Tokens, at: number): boolean => {
  const opening = tokens[at]
  if (opening?.kind !== 'sign' || !openings.has(opening.text)) return false
  return dotWords.has(tokens[at + 1]?.text ?? '') && tokens[at + 2]?.text === closings[opening.text]
}

/** Behind a space: a dot (or the word for it, or one in brackets), perhaps a space, and then a well-known ending. */
const dotAtSpace = (tokens: Tokens, at: number): number => {
  const here = tokens[at]
  const bracketed = isBracketedDot(tokens, at)
  const length = bracketed ? 3 : here && (dotWords.has(here.text) || middleDots.has(here.text)) ? 1 : 0
  if (length === 0) return 0
  const spaced = tokens[at + length]?.kind === 'space' ? 1 : 0
  // The word alone needs spaces on both sides; otherwise it is a part of another.
  if (!bracketed && here?.kind === 'label' && spaced === 0) return 0
  return isWellKnown(tokens, at + length + spaced) ? length + spaced : 0
}

const none = { length: 0, hidden: false }

/** How many tokens from there on stand for a dot within a link, and whether they hide it; 0 where none do. */
export const dotAt = (tokens: Tokens, at: number): { readonly length: number; readonly hidden: boolean } => {
  const here = tokens[at]
  if (here?.kind === 'dot') {
    const isSpaced = tokens[at + 1]?.kind === 'space' && isWellKnown(tokens, at + 2)
    return isSpaced ? { length: 2, hidden: true } : { length: 1, hidden: false }
  }
  if (here?.kind === 'sign' && middleDots.has(here.text))
    return isWellKnown(tokens, at + 1) ? { length: 1, hidden: true } : none
  if (isBracketedDot(tokens, at)) return { length: 3, hidden: true }
  const behindSpace = here?.kind === 'space' ? dotAtSpace(tokens, at + 1) : 0
  return behindSpace > 0 ? { length: behindSpace + 1, hidden: true } : none
}
