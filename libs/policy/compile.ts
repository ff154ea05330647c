import type { Role } from '#libs/access/roles.ts'
import { type Check, type Compile, type Room, RuleError } from './check.ts'
import { type HistoryNeeds, mostSketches, noHistoryNeeds } from './history.ts'
import { type Policy, policyLimits, type Rule, type RuleKind } from './policy.ts'
import { compileNewAccount } from './rules/accounts.ts'
import { compileClassifier } from './rules/classifier.ts'
import { compileLinks } from './rules/links.ts'
import { compilePatterns } from './rules/patterns.ts'
import { compilePhrases } from './rules/phrases.ts'
import { compileRepeats } from './rules/repeats.ts'
import { compileAsciiArt, compileCaps, compileMentions, compileZalgo } from './rules/shape.ts'
import { compileTerms } from './rules/terms.ts'
import { compileFlood, compileSimilarity } from './rules/waves.ts'
import { maxProgramSize } from './text/patterns.ts'
import type { Finding } from './verdict.ts'

/** A rule ready to be asked. */
export type CompiledRule = {
  readonly check: Check
  readonly isShadow: boolean
  /** Speaks of a message for its links alone, so that a permit overrides it. */
  readonly ofLinks: boolean
  readonly exempt: ReadonlySet<Role>
  /** The finding but for its verdict. */
  readonly finding: Omit<Finding, 'verdict'>
}

/** A policy ready to judge. Made once for a version of a policy, and never changed. */
export type CompiledPolicy = { readonly rules: readonly CompiledRule[]; readonly needs: HistoryNeeds }

type Compiled =
  | ({ readonly ok: true } & CompiledPolicy)
  | { readonly ok: false; readonly violations: readonly { readonly at: string; readonly message: string }[] }

const compilers: { readonly [Kind in RuleKind]: Compile<Kind> } = {
  terms: compileTerms,
  phrases: compilePhrases,
  patterns: compilePatterns,
  links: compileLinks,
  caps: compileCaps,
  repeats: compileRepeats,
  similarity: compileSimilarity,
  flood: compileFlood,
  mentions: compileMentions,
  ascii_art: compileAsciiArt,
  zalgo: compileZalgo,
  new_account: compileNewAccount,
  classifier: compileClassifier,
}

const compileRule = (rule: Rule, lists: Policy['lists'], room: Room): Check =>
  (compilers[rule.kind] as Compile<RuleKind>)(rule, lists, room)

const isOfLinks = (rule: Rule): boolean =>
  rule.kind === 'links' || (rule.kind === 'new_account' && rule.only === 'links')

const termCount = ({ lists, rules }: Policy): number => {
  const listed = Object.fromEntries(Object.entries(lists).map(([name, terms]) => [name, terms.length]))
  const ofRules = rules.map((rule) => {
    if (rule.kind === 'terms') return rule.terms.length + sum(rule.lists.map((name) => listed[name] ?? 0))
    if (rule.kind === 'phrases') return rule.phrases.length + sum(rule.lists.map(({ list }) => listed[list] ?? 0))
    return 0
  })
  return sum(ofRules)
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, number) => all + number, 0)

/** What a policy is over, taken as a whole; a schema sees one field at a time. */
const beyondLimits = (policy: Policy): string | undefined => {
  if (new Set(policy.rules.map(({ id }) => id)).size < policy.rules.length) return 'two rules have the same id'
  if (policy.rules.filter(({ kind }) => kind === 'flood').length > 1) return 'has more than one flood rule'
  if (Object.keys(policy.lists).length > policyLimits.lists) return `has over ${policyLimits.lists} lists`
  if (termCount(policy) > policyLimits.terms) return `has over ${policyLimits.terms} terms and phrases`
  const domains = sum(policy.rules.map((rule) => (rule.kind === 'links' ? rule.domains.length : 0)))
  if (domains > policyLimits.domains) return `has over ${policyLimits.domains} domains`
  const patterns = sum(policy.rules.map((rule) => (rule.kind === 'patterns' ? rule.patterns.length : 0)))
  return patterns > policyLimits.patterns ? `has over ${policyLimits.patterns} patterns` : undefined
}

/** What the rules of a policy ask to be remembered: a function of the data alone, so that it is the same for ever. */
export const historyNeeds = (rules: readonly Rule[]): HistoryNeeds => {
  const sketches = rules.some(({ kind }) => kind === 'similarity') ? mostSketches : 0
  const floodWindowMs = Math.max(0, ...rules.map((rule) => (rule.kind === 'flood' ? rule.withinMs : 0)))
  return sketches === 0 && floodWindowMs === 0 ? noHistoryNeeds : { sketches, floodWindowMs }
}

/** Makes a policy ready to judge, or says what is wrong with it. */
export const compilePolicy = (policy: Policy, version: number, maxSteps = maxProgramSize): Compiled => {
  const beyond = beyondLimits(policy)
  if (beyond !== undefined) return { ok: false, violations: [{ at: '', message: beyond }] }
  const compiled: CompiledRule[] = []
  const room: Room = { steps: maxSteps }
  for (const [index, rule] of policy.rules.entries()) {
    try {
      const { id, kind, timeoutMs, mode } = rule
      compiled.push({
        check: compileRule(rule, policy.lists, room),
        isShadow: mode === 'shadow',
        ofLinks: isOfLinks(rule),
        exempt: new Set(rule.exempt ?? policy.exempt),
        finding: { rule: id, kind, policyVersion: version, timeoutMs },
      })
    } catch (error) {
      if (error instanceof RuleError)
        return { ok: false, violations: [{ at: `rules.${index}.${error.at}`, message: error.message }] }
      // Few signs may stand for many letters, so that it is seen only here.
      if (error instanceof RangeError)
        return { ok: false, violations: [{ at: `rules.${index}`, message: error.message }] }
      throw error
    }
  }
  return { ok: true, rules: compiled, needs: historyNeeds(policy.rules) }
}
