import { count, type Subject, skeletonIn, wordsIn } from '../subject.ts'
import { automatonOf } from '../text/automaton.ts'
import { type Letters, lettersOf, SPACE } from '../text/letters.ts'

type Severity = 1 | 2 | 3

/** A phrase among those of the same letters: where it has some more than once in a row, so must the text. */
type Entry = { readonly severity: Severity; readonly doubled: readonly (readonly [at: number, times: number])[] }

export type Phrase = { readonly text: string; readonly severity: number }

type Group = { readonly codes: readonly number[]; readonly entries: Entry[] }

const groupsOf = (phrases: readonly Phrase[]): readonly Group[] => {
  const groups = new Map<string, Group>()
  for (const { text, severity } of phrases) {
    for (const form of ['words', 'skeleton'] as const) {
      const { codes, runs, length } = lettersOf(text, form)
      if (length === 0) continue
      const units = [...codes.subarray(0, length)]
      const doubled = [...runs.subarray(0, length)].flatMap((times, at) => (times > 1 ? [[at, times] as const] : []))
      const name = units.join()
      const group = groups.get(name) ?? { codes: units, entries: [] }
      groups.set(name, group)
      const known = group.entries.some(
        (entry) => entry.severity >= severity && JSON.stringify(entry.doubled) === JSON.stringify(doubled),
      )
      if (!known) group.entries.push({ severity: severity as Severity, doubled })
    }
  }
  return [...groups.values()]
}

const standsAlone = ({ codes, spelled, length }: Letters, start: number, end: number): boolean =>
  ((start === 0 || codes[start - 1] === SPACE) && (end === length || codes[end] === SPACE)) ||
  (spelled[start] === 1 && spelled[end - 1] === 1)

/**
 * Finds phrases through accents, look-alike letters, digits and signs for letters, repeats and spelling out.
 * @returns the worst severity of those that a message has, or 0
 */
export const disguisedIn = (phrases: readonly Phrase[], match: 'word' | 'anywhere'): ((subject: Subject) => number) => {
  const groups = groupsOf(phrases)
  const automaton = automatonOf(groups.map(({ codes }) => codes))
  const worstOf = groups.map(({ entries }) => Math.max(...entries.map(({ severity }) => severity)))
  const worst = Math.max(0, ...worstOf)

  const severityIn = (letters: Letters, subject: Subject): number => {
    let found = 0
    const steps = automaton.scan(letters.codes, letters.length, (index, end) => {
      const group = groups[index]
      if (!group || (worstOf[index] ?? 0) <= found) return false
      const start = end - group.codes.length
      if (match === 'word' && !standsAlone(letters, start, end)) return false
      for (const { severity, doubled } of group.entries) {
        count(subject, 1 + doubled.length)
        if (severity > found && doubled.every(([at, times]) => (letters.runs[start + at] ?? 1) >= times))
          found = severity
      }
      return found === worst
    })
    count(subject, steps)
    return found
  }

  return (subject) => {
    const inWords = severityIn(wordsIn(subject), subject)
    const skeleton = inWords === worst ? undefined : skeletonIn(subject)
    return Math.max(inWords, skeleton ? severityIn(skeleton, subject) : 0)
  }
}
