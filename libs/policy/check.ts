import type { Rule } from './policy.ts'
import type { Subject } from './subject.ts'
import type { Verdict } from './verdict.ts'

/** Asks a rule of a message: its verdict, or undefined where the message is none of its business. */
export type Check = (subject: Subject) => Verdict | undefined

/** Steps that are left for the patterns of a policy: who compiles some takes theirs. */
export type Room = { steps: number }

/** Makes a check of a rule, once per policy version. `lists` are the policy's. @throws RuleError */
export type Compile<Kind extends Rule['kind']> = (
  rule: Extract<Rule, { kind: Kind }>,
  lists: Readonly<Record<string, readonly string[]>>,
  room: Room,
) => Check

/** A rule cannot be compiled: a pattern that is none, a list that is not there. `at` names the field. */
export class RuleError extends Error {
  readonly at: string

  constructor(at: string, message: string) {
    super(message)
    this.at = at
  }
}

/** The terms of lists, by their names. @throws RuleError for one that the policy lacks */
export const termsOfLists = (
  names: readonly string[],
  lists: Readonly<Record<string, readonly string[]>>,
): readonly string[] =>
  names.flatMap((name) => {
    const list = Object.hasOwn(lists, name) ? lists[name] : undefined
    if (!list) throw new RuleError('lists', `there is no list ${name} in the policy`)
    return list
  })
