import { Map as ImmutableMap } from 'immutable'
import type { Instant } from '#libs/journal/log.ts'
import { type Sketch, type SketchWords, sameBytes, wordsOfSketch } from './text/sketch.ts'

/** What rules remember of messages: who wrote when, and a sketch of what; never a text. */
export type Remembered = { readonly author: string; readonly at: Instant; readonly sketch: SketchWords }

/**
 * Messages before, as far back as rules ask. Sketches of the last ones; and how many each author wrote, in two spans of
 * time that turn over, so that what is older goes without a search.
 */
export type History = {
  readonly recent: readonly Remembered[]
  readonly since: Instant
  readonly current: ImmutableMap<string, number>
  readonly previous: ImmutableMap<string, number>
}

/** What a policy asks to be remembered; 0 for nothing. */
export type HistoryNeeds = { readonly sketches: number; readonly floodWindowMs: number }

export const noHistoryNeeds: HistoryNeeds = { sketches: 0, floodWindowMs: 0 }

/** Messages that are compared with the next one. */
export const mostSketches = 128
/** Authors of one span; more turn it over before its time. */
export const mostAuthors = 10_000

export const noHistory: History = { recent: [], since: 0, current: ImmutableMap(), previous: ImmutableMap() }

const turned = (history: History, at: Instant, windowMs: number): History => {
  const age = at - history.since
  if (age < windowMs && history.current.size < mostAuthors) return history
  return {
    ...history,
    since: at,
    current: noHistory.current,
    previous: age < 2 * windowMs ? history.current : noHistory.current,
  }
}

/** The history with one more message. What the needs do not ask for is forgotten. */
export const remember = (
  history: History,
  { author, at, sketch }: { readonly author: string; readonly at: Instant; readonly sketch: Sketch | null },
  needs: HistoryNeeds,
): History => {
  const recent =
    needs.sketches === 0
      ? noHistory.recent
      : sketch === null
        ? history.recent
        : [...history.recent.slice(1 - needs.sketches), { author, at, sketch: wordsOfSketch(sketch) }]
  if (needs.floodWindowMs === 0) return recent === noHistory.recent ? noHistory : { ...noHistory, recent }
  const { since, current, previous } = turned(history, at, needs.floodWindowMs)
  return { recent, since, current: current.set(author, (current.get(author) ?? 0) + 1), previous }
}

/**
 * How many messages an author wrote within the window before, about: those of the span before count by the share of it
 * that the window still covers.
 */
export const postedWithin = (history: History, author: string, at: Instant, windowMs: number): number => {
  const age = at - history.since
  const before = history.previous.get(author) ?? 0
  const now = history.current.get(author) ?? 0
  if (age >= 2 * windowMs) return 0
  if (age >= windowMs) return now * (2 - age / windowMs)
  return now + before * (1 - age / windowMs)
}

/** How many of the messages remembered since then share so many bytes of their sketches with this one. */
export const alikeIn = (
  { recent }: History,
  sketch: SketchWords,
  since: Instant,
  bytes: number,
  author: string | undefined,
): number => {
  let alike = 0
  for (let index = recent.length - 1; index >= 0; index--) {
    const message = recent[index] as Remembered
    if (message.at < since) break
    if (sameBytes(message.sketch, sketch) >= bytes && (author === undefined || message.author === author)) alike++
  }
  return alike
}
