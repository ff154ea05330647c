/**
 * What a rule says of a message: `allow` ends the pipeline in its favour, `hold` sends it to the moderators first,
 * `reject` refuses it, `time_out` refuses it and keeps its author from posting for a while.
 */
export const verdicts = ['allow', 'hold', 'reject', 'time_out'] as const

export type Verdict = (typeof verdicts)[number]

/** A rule that spoke of a message, by its id, its kind and the version of the policy that it stands in. */
export type Finding = {
  readonly rule: string
  readonly kind: string
  readonly policyVersion: number
  readonly verdict: Verdict
  /** For `time_out`. */
  readonly timeoutMs: number
}

/** What a policy says of a message. */
export type Judgement = {
  /** The first enforced rule that spoke; undefined where none did. */
  readonly enforced: Finding | undefined
  /** Whether a rule in force was overridden, since the author may post links. */
  readonly permitUsed: boolean
  /** Rules on trial: what they would have said. */
  readonly shadow: readonly Finding[]
  /** Steps of the loops that ran over the text: what a message cost, counted and not timed. */
  readonly steps: number
}
