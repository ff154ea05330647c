import type { Compile } from '../check.ts'
import { alikeIn, mostSketches, postedWithin } from '../history.ts'
import { count, sketchIn, wordsIn } from '../subject.ts'
import { bytesFor, wordsOfSketch } from '../text/sketch.ts'

/** The same text again and again, by one author or by many, small changes notwithstanding: waves of spam. */
export const compileSimilarity: Compile<'similarity'> = ({
  scope,
  withinMs,
  resemblance,
  messages,
  minLength,
  verdict,
}) => {
  const bytes = bytesFor(resemblance)
  return (subject) => {
    const { history, at, author } = subject.message
    if (wordsIn(subject).length < minLength) return undefined
    count(subject, 2 * mostSketches)
    const sketch = wordsOfSketch(sketchIn(subject))
    const by = scope === 'author' ? author : undefined
    return alikeIn(history, sketch, at - withinMs, bytes, by) >= messages ? verdict : undefined
  }
}

/** Too many messages of one author in a short time. */
export const compileFlood: Compile<'flood'> =
  ({ messages, withinMs, verdict }) =>
  ({ message: { history, author, at } }) =>
    postedWithin(history, author, at, withinMs) >= messages ? verdict : undefined
