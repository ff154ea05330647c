import { compilePolicy } from './compile.ts'
import { Policy, policyLimits } from './policy.ts'

/** What is wrong with a policy: where, and what. */
export type PolicyViolation = { readonly at: string; readonly message: string }

export type ParsedPolicy =
  | { readonly ok: true; readonly policy: Policy; readonly text: string }
  | { readonly ok: false; readonly violations: readonly PolicyViolation[] }

const refused = (at: string, message: string): ParsedPolicy => ({ ok: false, violations: [{ at, message }] })

const violationsShown = 20

/**
 * Reads a policy from JSON and tries to compile it, so that what is accepted once always runs. `text` is the policy in
 * its one canonical form, with all defaults: what a log keeps.
 */
export const parsePolicy = (json: string): ParsedPolicy => {
  if (Buffer.byteLength(json) > policyLimits.bytes) return refused('', `is over ${policyLimits.bytes} bytes`)
  const value = jsonOf(json)
  if (value === undefined) return refused('', 'is not JSON')
  const parsed = Policy.safeParse(value)
  if (!parsed.success) {
    const violations = parsed.error.issues.map(({ path, message }) => ({ at: path.join('.'), message }))
    return { ok: false, violations: violations.slice(0, violationsShown) }
  }
  const text = JSON.stringify(parsed.data)
  if (Buffer.byteLength(text) > policyLimits.bytes) return refused('', `is over ${policyLimits.bytes} bytes`)
  const compiled = compilePolicy(parsed.data, 0)
  return compiled.ok ? { ok: true, policy: parsed.data, text } : compiled
}

const jsonOf = (json: string): unknown => {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}
