import assert from 'node:assert/strict'
import type { CompiledPolicy } from './compile.ts'
import { compilePolicy } from './compile.ts'
import { type History, noHistory, remember } from './history.ts'
import { judge } from './judge.ts'
import { parsePolicy } from './parse.ts'
import type { Policy } from './policy.ts'
import { type Message, sketchIn, subjectOf } from './subject.ts'
import { sketchKeyOf } from './text/sketch.ts'
import type { Judgement, Verdict } from './verdict.ts'

export const t0 = 1_800_000_000_000

export const sketchKey = sketchKeyOf((text) => `a secret hash of ${text}`)

/** A policy of these rules, as a file would have it. */
export const policyOf = (
  rules: readonly Readonly<Record<string, unknown>>[],
  rest: Readonly<Record<string, unknown>> = {},
): Policy => {
  const parsed = parsePolicy(
    JSON.stringify({ format: 1, rules: rules.map((rule, at) => ({ id: `r${at}`, ...rule })), ...rest }),
  )
  if (!parsed.ok) assert.fail(JSON.stringify(parsed.violations))
  return parsed.policy
}

export const compiled = (...rules: readonly Readonly<Record<string, unknown>>[]): CompiledPolicy => {
  const result = compilePolicy(policyOf(rules), 1)
  assert.ok(result.ok)
  return result
}

export const message = (text: string, about: Partial<Message> = {}): Message => ({
  text,
  author: '7',
  role: 'member',
  at: t0,
  accountCreatedAt: undefined,
  classification: undefined,
  linksPermitted: false,
  history: noHistory,
  sketchKey,
  ...about,
})

export const judged = (policy: CompiledPolicy, text: string, about: Partial<Message> = {}): Judgement =>
  judge(policy, subjectOf(message(text, about)))

/** What a policy of one rule says of a text. */
export const saysOf =
  (rule: Readonly<Record<string, unknown>>) =>
  (text: string, about: Partial<Message> = {}): Verdict | undefined =>
    judged(compiled(rule), text, about).enforced?.verdict

/** The history after these messages, a second apart, the last of them a second before `t0`. */
export const after = (policy: CompiledPolicy, posts: readonly (readonly [author: string, text: string])[]): History =>
  posts.reduce(
    (history, [author, text], index) =>
      remember(
        history,
        { author, at: t0 - (posts.length - index) * 1_000, sketch: sketchIn(subjectOf(message(text))) },
        policy.needs,
      ),
    noHistory,
  )
