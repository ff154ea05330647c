import type { CompiledPolicy } from './compile.ts'
import type { Subject } from './subject.ts'
import type { Finding, Judgement } from './verdict.ts'

/**
 * Asks the rules of a policy of a message, in their order. The first enforced one that speaks decides; rules in shadow
 * are asked all the same, so that what they would do is known before they do it. Who is permitted to post links is
 * stopped by no rule that speaks of links alone. Pure.
 */
export const judge = ({ rules }: CompiledPolicy, subject: Subject): Judgement => {
  const shadow: Finding[] = []
  let enforced: Finding | undefined
  let permitUsed = false
  for (const { check, isShadow, ofLinks, exempt, finding } of rules) {
    if (exempt.has(subject.message.role) || (enforced && !isShadow)) continue
    const verdict = check(subject)
    if (verdict === undefined) continue
    if (ofLinks && verdict !== 'allow' && subject.message.linksPermitted) {
      permitUsed ||= !isShadow
      continue
    }
    if (isShadow) shadow.push({ ...finding, verdict })
    else enforced = { ...finding, verdict }
  }
  return { enforced, permitUsed, shadow, steps: subject.derived.steps }
}
