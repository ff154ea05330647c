import { type Compile, termsOfLists } from '../check.ts'
import { disguisedIn } from './disguises.ts'

/** Phrases by severity, however they are disguised. */
export const compilePhrases: Compile<'phrases'> = ({ phrases, lists: named, match, verdict, verdicts }, lists) => {
  const all = [
    ...phrases,
    ...named.flatMap(({ list, severity }) => termsOfLists([list], lists).map((text) => ({ text, severity }))),
  ]
  const severityIn = disguisedIn(all, match)
  return (subject) => {
    const found = severityIn(subject)
    return found === 0 ? undefined : (verdicts[found as 1 | 2 | 3] ?? verdict)
  }
}
