import { z } from 'zod'
import { roles } from '#libs/access/roles.ts'
import { verdicts } from './verdict.ts'

/** A policy is data: rules in the order in which they are asked. Bounds keep what it costs to compile and to run small. */
export const policyLimits = {
  rules: 64,
  /** Of all terms and phrases, those of lists too. */
  terms: 5_000,
  termLength: 64,
  patterns: 50,
  patternLength: 256,
  domains: 2_000,
  lists: 32,
  /** Of the policy as JSON, in UTF-8. */
  bytes: 64 * 1024,
} as const

/** 14 days. */
const maxTimeoutMs = 1_209_600_000

const Term = z.string().min(1).max(policyLimits.termLength)
const Domain = z
  .string()
  .max(253)
  .regex(/^(?:[^\s/.:@]+(?:\.[^\s/.:@]+)+|[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*)$/)
  .meta({
    description:
      'A domain, which stands for all of its subdomains, or an address; as browsers read it, however it is written',
    examples: ['example.org', '2001:db8::1'],
  })
/** How a list of terms is called. */
export const ListName = z
  .string()
  .regex(/^[a-z0-9]+(?:[.-][a-z0-9]+)*$/)
  .max(64)
const count = (least: number, most: number) => z.int().min(least).max(most)
const share = z.number().min(0).max(1)

const common = {
  id: z
    .string()
    .regex(/^[a-z0-9]+(?:[._-][a-z0-9]+)*$/)
    .max(64)
    .meta({ description: 'Names the rule in the log of the moderators' }),
  verdict: z.enum(verdicts).default('reject'),
  timeoutMs: count(1_000, maxTimeoutMs).default(600_000).meta({ description: 'For the verdict time_out' }),
  mode: z
    .enum(['enforced', 'shadow'])
    .default('enforced')
    .meta({ description: 'A rule in shadow is computed and logged, and not enforced' }),
  exempt: z
    .array(z.enum(roles))
    .optional()
    .meta({ description: 'Roles that it leaves alone; the policy’s by default' }),
}

const Match = z
  .enum(['word', 'anywhere'])
  .default('word')
  .meta({ description: 'Whether a term stands for itself alone, or may be part of a longer word' })

const rules = {
  terms: {
    terms: z.array(Term).default([]),
    lists: z.array(ListName).default([]),
    match: Match,
    lookalikes: z.boolean().default(false).meta({
      description: 'Whether they are found in disguise too, as phrases are: look-alike letters, digits for letters',
    }),
  },
  phrases: {
    phrases: z.array(z.strictObject({ text: Term, severity: count(1, 3).default(2) })).default([]),
    lists: z.array(z.strictObject({ list: ListName, severity: count(1, 3).default(2) })).default([]),
    match: Match,
    verdicts: z
      .strictObject({ 1: z.enum(verdicts), 2: z.enum(verdicts), 3: z.enum(verdicts) })
      .partial()
      .default({})
      .meta({ description: 'By severity, where it is another than the rule’s own' }),
  },
  patterns: {
    patterns: z.array(z.string().min(1).max(policyLimits.patternLength)).max(policyLimits.patterns),
    caseSensitive: z.boolean().default(false),
  },
  links: {
    domains: z.array(Domain).default([]),
    listed: z
      .enum(['forbidden', 'permitted'])
      .default('forbidden')
      .meta({ description: 'Whether the domains are the ones that are forbidden, or the only ones permitted' }),
    obfuscated: z.boolean().default(true).meta({ description: 'Whether hidden links count: example[dot]com' }),
  },
  caps: { minLetters: count(1, 512).default(12), share: share.default(0.8) },
  repeats: {
    character: count(2, 512).default(16).meta({ description: 'So many of one character in a row' }),
    word: count(2, 512).default(8).meta({ description: 'So often one word in a row' }),
  },
  similarity: {
    scope: z.enum(['author', 'channel']).default('channel'),
    withinMs: count(1_000, 600_000).default(60_000),
    resemblance: share.default(0.8).meta({ description: 'Share of the text in common, as estimated' }),
    messages: count(1, 100).default(4).meta({ description: 'So many like it before' }),
    minLength: count(1, 512).default(12).meta({ description: 'Shorter ones are not compared' }),
  },
  flood: { messages: count(1, 1_000).default(10), withinMs: count(1_000, 600_000).default(10_000) },
  mentions: { most: count(1, 100).default(5) },
  ascii_art: { minLength: count(8, 512).default(40), share: share.default(0.6) },
  zalgo: { marks: count(1, 32).default(3).meta({ description: 'So many combining marks on one character' }) },
  new_account: {
    youngerThanMs: count(1_000, 31_536_000_000),
    only: z.enum(['any', 'links', 'mentions']).default('any'),
    unknownAge: z.enum(['new', 'old']).default('old'),
  },
  classifier: {
    label: z.string().max(64).optional().meta({ description: 'One that the model gives; any by default' }),
    score: share.default(0.9),
    unavailable: z.enum(['allow', 'hold']).default('allow').meta({ description: 'Where the model did not answer' }),
  },
} as const satisfies Readonly<Record<string, z.core.$ZodLooseShape>>

export type RuleKind = keyof typeof rules

const ruleOf = <Kind extends RuleKind>(kind: Kind) =>
  z.strictObject({ ...common, kind: z.literal(kind), ...(rules[kind] as (typeof rules)[Kind]) })

export const Rule = z.discriminatedUnion('kind', [
  ruleOf('terms'),
  ruleOf('phrases'),
  ruleOf('patterns'),
  ruleOf('links'),
  ruleOf('caps'),
  ruleOf('repeats'),
  ruleOf('similarity'),
  ruleOf('flood'),
  ruleOf('mentions'),
  ruleOf('ascii_art'),
  ruleOf('zalgo'),
  ruleOf('new_account'),
  ruleOf('classifier'),
])

export type Rule = z.output<typeof Rule>

export const Policy = z
  .strictObject({
    format: z.literal(1),
    exempt: z
      .array(z.enum(roles))
      .default(['platform_admin', 'broadcaster', 'lead_moderator', 'moderator', 'bot'])
      .meta({ description: 'Roles that no rule is asked about, unless it names its own' }),
    lists: z
      .record(ListName, z.array(Term))
      .default({})
      .meta({ description: 'Named lists of terms, which rules refer to: slurs by language, for one' }),
    rules: z.array(Rule).max(policyLimits.rules).default([]),
  })
  .meta({ id: 'ModerationPolicy' })

/** A policy with all of its defaults filled in. */
export type Policy = z.output<typeof Policy>

/** The rules of a policy file, as JSON Schema (draft 2020-12), for editors and for who writes one. */
export const policyJsonSchema = () => z.toJSONSchema(Policy, { io: 'input' })
