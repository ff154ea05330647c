import { type Policy, policyLimits, type Rule } from '#libs/policy/policy.ts'
import { lettersOf } from '#libs/policy/text/letters.ts'
import { readLines, readTable, type TextLine } from '../list-files.ts'

export const wordListFormats = ['lines', 'csv'] as const
export type WordListFormat = (typeof wordListFormats)[number]

/** Why a line is no word of a list: longer than a term may be, without a letter or digit, or no valid Unicode. */
export type WordProblem = 'too_long' | 'no_letters' | 'invalid'

export type MalformedWord = { readonly line: number; readonly problem: WordProblem }

/** Words in their order, each once, and the lines (from 1 on) that are none. */
export type ReadWordList = { readonly words: readonly string[]; readonly malformed: readonly MalformedWord[] }

/** Two words of one form are one: rules do not tell them apart. */
const formOf = (word: string): string => word.normalize('NFKC').toLowerCase()

const problemOf = (word: string): WordProblem | undefined => {
  if (!word.isWellFormed() || /\p{Cc}/u.test(word)) return 'invalid'
  if (word.length > policyLimits.termLength) return 'too_long'
  const isRead = lettersOf(word, 'words').length > 0 || lettersOf(word, 'skeleton').length > 0
  return isRead ? undefined : 'no_letters'
}

/** Names of the column that holds the words. */
const wordColumns = ['word', 'term', 'phrase', 'text']

const columnOf = (content: string): readonly TextLine[] =>
  readTable(content, wordColumns).map(({ line, fields: [text = ''] }) => ({ line, text }))

/** Of more lines nothing is read: no policy holds so many words. */
const mostLines = 2 * policyLimits.terms

/** Reads a list of words: one a line, or a column of a table. */
export const readWordList = (format: WordListFormat, content: string): ReadWordList => {
  const text = content.replace(/^\ufeff/, '')
  const lines = format === 'csv' ? columnOf(text) : readLines(text)
  // Before any is looked at, since each costs its folding.
  if (lines.length > mostLines) return { words: [], malformed: [] }
  const words = new Map<string, string>()
  const malformed: MalformedWord[] = []
  for (const { line, text: word } of lines) {
    const problem = problemOf(word)
    if (problem) malformed.push({ line, problem })
    else if (!words.has(formOf(word))) words.set(formOf(word), word)
  }
  return { words: [...words.values()], malformed }
}

export type Severity = 1 | 2 | 3

export type WordImport = {
  readonly list: string
  readonly words: readonly string[]
  /** Undefined: as it is, and 2 of a list that no rule had. */
  readonly severity: Severity | undefined
  /** Whether the words come to those that are there, or in their place. */
  readonly how: 'merge' | 'replace'
  /** Whether a rule that is made for the list is on trial. */
  readonly shadow: boolean
}

const emptyPolicy = { format: 1, lists: {}, rules: [] } as const

type PhraseRule = Extract<Rule, { kind: 'phrases' }>

const asksFor = (rule: Rule, name: string): boolean =>
  rule.kind === 'phrases'
    ? rule.lists.some(({ list }) => list === name)
    : rule.kind === 'terms' && rule.lists.includes(name)

const withSeverity = (rule: Rule, name: string, severity: Severity): Rule =>
  rule.kind === 'phrases'
    ? { ...rule, lists: rule.lists.map((each) => (each.list === name ? { ...each, severity } : each)) }
    : rule

/** A list that no rule asks for would do nothing: the rule of imported lists does, which is made where it is not there. */
const rulesFor = (rules: readonly Rule[], { list, severity, shadow }: WordImport): readonly unknown[] => {
  if (rules.some((rule) => asksFor(rule, list)))
    return severity === undefined ? rules : rules.map((rule) => withSeverity(rule, list, severity))
  const id = shadow ? 'word-lists.trial' : 'word-lists'
  const asked = { list, severity: severity ?? 2 }
  const isThere = (rule: Rule): rule is PhraseRule => rule.kind === 'phrases' && rule.id === id
  return rules.some(isThere)
    ? rules.map((rule) => (isThere(rule) ? { ...rule, lists: [...rule.lists, asked] } : rule))
    : [...rules, { id, kind: 'phrases', lists: [asked], mode: shadow ? 'shadow' : 'enforced' }]
}

/**
 * A policy with the words taken into its list, as a document that has yet to be checked against the bounds of policies. The
 * same words again change nothing.
 */
export const importWords = (policy: Policy | undefined, asked: WordImport) => {
  const before = policy ?? emptyPolicy
  const lists: Readonly<Record<string, readonly string[]>> = before.lists
  const known = (Object.hasOwn(lists, asked.list) && lists[asked.list]) || []
  const knownForms = new Set(known.map(formOf))
  const added = asked.words.filter((word) => !knownForms.has(formOf(word)))
  const wanted = new Set(asked.words.map(formOf))
  const kept = asked.how === 'merge' ? known : known.filter((word) => wanted.has(formOf(word)))
  return {
    document: {
      ...before,
      lists: { ...before.lists, [asked.list]: [...kept, ...added] },
      rules: rulesFor(before.rules, asked),
    },
    added: added.length,
    removed: known.length - kept.length,
    words: kept.length + added.length,
  }
}
