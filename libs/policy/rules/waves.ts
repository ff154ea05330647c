import type { Compile } from '../check.ts'
import { alikeIn, postedWithin } from '../history.ts'

/** The same text again and again, by one author or by many, small changes notwithstanding: waves of spam. */
export const compileSimilarity: Compile<'similarity'> =
  ({ scope, withinMs, resemblance, messages, minLength, verdict }) =>
  (subject) => {
    const { history, at, author } = subject
    if (history.recent.length < messages || subject.words().length < minLength) return undefined
    subject.count(history.recent.length)
    const by = scope === 'author' ? author : undefined
    return alikeIn(history, subject.sketch(), at - withinMs, resemblance, by) >= messages ? verdict : undefined
  }

/** Too many messages of one author in a short time. */
export const compileFlood: Compile<'flood'> =
  ({ messages, withinMs, verdict }) =>
  ({ history, author, at }) =>
    postedWithin(history, author, at, withinMs) >= messages ? verdict : undefined
