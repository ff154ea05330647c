import { parsePolicy } from '#libs/policy/parse.ts'
import type { Policy } from '#libs/policy/policy.ts'

/** Words of a chat, out of which texts and terms are made; none of the terms is among the words. */
const syllables = ['ka', 'lo', 'mi', 'ren', 'so', 'ta', 'vu', 'zen', 'pro', 'gam', 'er', 'ist', 'ing', 'ed', 'ly']

/** A word that is the same for the same number. */
const wordOf = (number: number): string => {
  let word = ''
  for (let rest = number + 17; rest > 0; rest = Math.floor(rest / syllables.length))
    word += syllables[rest % syllables.length] ?? ''
  return word
}

/** A policy in which every kind of rule stands, and as much in them as a large channel has: nothing of it hits. */
export const largePolicy = (): { readonly policy: Policy; readonly text: string } => {
  const rules = [
    { id: 'terms', kind: 'terms', terms: Array.from({ length: 120 }, (_, index) => `x${wordOf(index)}q`) },
    {
      id: 'phrases',
      kind: 'phrases',
      phrases: Array.from({ length: 120 }, (_, index) => ({ text: `q${wordOf(index)} ${wordOf(index * 7)}x` })),
    },
    {
      id: 'patterns',
      kind: 'patterns',
      patterns: Array.from({ length: 20 }, (_, index) => patternOf(index)),
    },
    { id: 'links', kind: 'links', domains: Array.from({ length: 50 }, (_, index) => `${wordOf(index)}.example`) },
    { id: 'caps', kind: 'caps' },
    { id: 'repeats', kind: 'repeats' },
    { id: 'similarity', kind: 'similarity', messages: 100 },
    { id: 'flood', kind: 'flood', messages: 1_000 },
    { id: 'mentions', kind: 'mentions' },
    { id: 'ascii-art', kind: 'ascii_art' },
    { id: 'zalgo', kind: 'zalgo' },
    { id: 'new-account', kind: 'new_account', youngerThanMs: 86_400_000 },
    { id: 'classifier', kind: 'classifier' },
  ]
  const parsed = parsePolicy(JSON.stringify({ format: 1, rules }))
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.violations))
  return parsed
}

const patternOf = (index: number): string =>
  [
    `free\\s+(v-?bucks|robux)\\s*${index}`,
    `\\bcheap\\s+viewers${index}\\b`,
    `(buy|get).{0,20}followers${index}`,
    `[a-z]{3,}coin${index}`,
    `https?://short\\.example/[a-z0-9]+${index}`,
  ][index % 5] ?? ''

/** A line of chat of about so many bytes, another for each number: words, now and then a link, a name, an emoji. */
export const lineOf = (number: number, bytes: number): string => {
  let line = number % 5 === 0 ? '@somebody ' : ''
  if (number % 7 === 0) line += 'https://docs.example.org/page '
  if (number % 3 === 0) line += '😀 '
  for (let word = number * 31; line.length < bytes; word = (word * 131 + 7) % 100_003) line += `${wordOf(word)} `
  return line.slice(0, bytes).trim()
}
