import { compilePolicy } from '#libs/policy/compile.ts'
import { type History, noHistory, remember } from '#libs/policy/history.ts'
import { judge } from '#libs/policy/judge.ts'
import { sketchIn, subjectOf } from '#libs/policy/subject.ts'
import { sketchKeyOf } from '#libs/policy/text/sketch.ts'
import { largePolicy, lineOf } from './policy.ts'

const LINES = 4_096

/** What a message costs in the rules alone, in µs of CPU: every kind of rule, the history kept. */
export const measureRules = (messages: number, textBytes: number): number => {
  const compiled = compilePolicy(largePolicy().policy, 1)
  if (!compiled.ok) throw new Error('the policy does not compile')
  const lines = Array.from({ length: LINES }, (_, number) =>
    // As it comes off the wire: one flat string.
    Buffer.from(lineOf(number, textBytes)).toString(),
  )
  const sketchKey = sketchKeyOf((text) => text)
  let history: History = noHistory
  const run = (count: number): void => {
    for (let number = 0; number < count; number++) {
      const subject = subjectOf({
        text: lines[number % LINES] ?? '',
        author: String(number % 1_000),
        role: 'member',
        at: number,
        accountCreatedAt: -1_000_000_000,
        classification: { kind: 'classified', label: 'toxic', score: 0.1, version: '1' },
        linksPermitted: false,
        history,
        sketchKey,
      })
      const { enforced } = judge(compiled, subject)
      if (enforced) throw new Error(`${enforced.rule} spoke of ${subject.message.text}`)
      history = remember(
        history,
        { author: subject.message.author, at: number, sketch: sketchIn(subject) },
        compiled.needs,
      )
    }
  }
  run(messages / 4)
  const began = process.cpuUsage()
  run(messages)
  return process.cpuUsage(began).user / messages
}
