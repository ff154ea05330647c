import type { Role } from '#libs/access/roles.ts'
import type { Instant } from '#libs/journal/log.ts'
import type { CompiledPolicy } from './compile.ts'
import { type History, noHistory, remember } from './history.ts'
import { judge } from './judge.ts'
import { sketchIn, subjectOf } from './subject.ts'
import type { SketchKey } from './text/sketch.ts'
import type { Finding, Verdict } from './verdict.ts'

/** A message of the past, and whether moderators acted on it. */
export type PastMessage = {
  readonly id: string
  readonly seq: number
  readonly at: Instant
  readonly author: string
  readonly role: Role
  readonly accountCreatedAt: Instant | undefined
  readonly text: string
  readonly moderated: boolean
}

/** Of messages that a policy would have stopped, and those that it would have let pass, by what moderators did. */
export type Confusion = {
  readonly truePositive: number
  readonly falsePositive: number
  readonly falseNegative: number
  readonly trueNegative: number
}

/** How often one rule spoke, first or in shadow, and how often moderators agreed. */
export type RuleTrial = Pick<Finding, 'rule' | 'kind'> & {
  readonly shadow: boolean
  readonly hits: number
  readonly moderated: number
}

/** A message about which the policy and the moderators were not of one mind. */
export type Disagreement = Pick<PastMessage, 'id' | 'seq' | 'moderated'> & {
  readonly rule: string | null
  readonly verdict: Verdict | null
}

export type TrialResult = {
  readonly messages: number
  readonly verdicts: Readonly<Record<Verdict, number>>
  readonly confusion: Confusion
  /** Of what it would have stopped, the share that moderators acted on; null where it would have stopped nothing. */
  readonly precision: number | null
  /** Of what moderators acted on, the share that it would have stopped; null where they did nothing. */
  readonly recall: number | null
  readonly rules: readonly RuleTrial[]
  /** The first ones. */
  readonly disagreements: readonly Disagreement[]
}

export type Trial = {
  /** The next messages, in the order in which they were posted. */
  readonly take: (messages: readonly PastMessage[]) => void
  readonly result: () => TrialResult
}

const disagreementsShown = 100

const shareOf = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole)

/**
 * Runs a policy over messages of the past as if it had been in force, and compares what it would have stopped (held,
 * rejected, timed out for) with what moderators did. What it would have stopped is not remembered by the rules that
 * look back, as it would not have been posted. Models are not asked about the past.
 */
export const openTrial = (policy: CompiledPolicy, sketchKey: SketchKey): Trial => {
  const verdicts: Record<Verdict, number> = { allow: 0, hold: 0, reject: 0, time_out: 0 }
  const confusion = { truePositive: 0, falsePositive: 0, falseNegative: 0, trueNegative: 0 }
  const rules = new Map(
    policy.rules.map(({ finding: { rule, kind }, isShadow }) => [
      rule,
      { rule, kind, shadow: isShadow, hits: 0, moderated: 0 },
    ]),
  )
  const disagreements: Disagreement[] = []
  let messages = 0
  let history: History = noHistory

  const spoke = ({ rule }: Finding, moderated: boolean): void => {
    const counts = rules.get(rule)
    if (!counts) return
    counts.hits++
    if (moderated) counts.moderated++
  }

  const takeOne = ({ id, seq, at, author, role, accountCreatedAt, text, moderated }: PastMessage): void => {
    const message = { text, author, role, at, accountCreatedAt, history, sketchKey }
    // What rode with a message besides its text is not kept: it is judged as one that no model saw and nobody had permitted.
    const subject = subjectOf({ ...message, classification: undefined, linksPermitted: false })
    const { enforced, shadow } = judge(policy, subject)
    const stopped = enforced !== undefined && enforced.verdict !== 'allow'
    messages++
    if (enforced) verdicts[enforced.verdict]++
    for (const finding of [...(enforced ? [enforced] : []), ...shadow]) spoke(finding, moderated)
    confusion[stopped ? (moderated ? 'truePositive' : 'falsePositive') : moderated ? 'falseNegative' : 'trueNegative']++
    if (stopped !== moderated && disagreements.length < disagreementsShown)
      disagreements.push({ id, seq, moderated, rule: enforced?.rule ?? null, verdict: enforced?.verdict ?? null })
    if (stopped) return
    const sketch = policy.needs.sketches > 0 ? sketchIn(subject) : null
    history = remember(history, { author, at, sketch }, policy.needs)
  }

  return {
    take: (more) => {
      for (const message of more) takeOne(message)
    },
    result: () => ({
      messages,
      verdicts: { ...verdicts },
      confusion: { ...confusion },
      precision: shareOf(confusion.truePositive, confusion.truePositive + confusion.falsePositive),
      recall: shareOf(confusion.truePositive, confusion.truePositive + confusion.falseNegative),
      rules: [...rules.values()].map((rule) => ({ ...rule })),
      disagreements: [...disagreements],
    }),
  }
}
