import { Map as ImmutableMap } from 'immutable'
import type { Instant } from '#libs/journal/log.ts'
import { type Sketch, type SketchWords, sameBytes, wordsOfSketch } from './text/sketch.ts'

/** What rules remember of messages: who wrote when, and a sketch of what; never a text. */
export type Remembered = { readonly author: string; readonly at: Instant; readonly sketch: SketchWords }

/** The latest first. */
export type Chain = { readonly message: Remembered; readonly before: Chain | undefined }

/** The last messages, in two generations that turn over: appended to without a copy, and bounded. */
export type Recent = {
  readonly count: number
  readonly current: Chain | undefined
  readonly previous: Chain | undefined
}

/**
 * Messages before, as far back as rules ask. Sketches of the last ones; and how many each author wrote, in two spans of
 * time that turn over, so that what is older goes without a search.
 */
export type History = {
  readonly recent: Recent
  readonly since: Instant
  readonly current: ImmutableMap<string, number>
  readonly previous: ImmutableMap<string, number>
}

/** What a policy asks to be remembered; 0 for nothing. */
export type HistoryNeeds = { readonly sketches: number; readonly floodWindowMs: number }

export const noHistoryNeeds: HistoryNeeds = { sketches: 0, floodWindowMs: 0 }

/** Messages that are compared with the next one: so many at least, once there are, and twice as many at most. */
export const mostSketches = 64
/** Authors of one span; more turn it over before its time. */
export const mostAuthors = 10_000

const noRecent: Recent = { count: 0, current: undefined, previous: undefined }

export const noHistory: History = { recent: noRecent, since: 0, current: ImmutableMap(), previous: ImmutableMap() }

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

const rememberSketch = ({ count, current, previous }: Recent, message: Remembered, most: number): Recent =>
  count < most
    ? { count: count + 1, current: { message, before: current }, previous }
    : { count: 1, current: { message, before: undefined }, previous: current }

/** The history with one more message. What the needs do not ask for is forgotten. */
export const remember = (
  history: History,
  { author, at, sketch }: { readonly author: string; readonly at: Instant; readonly sketch: Sketch | null },
  needs: HistoryNeeds,
): History => {
  const recent =
    needs.sketches === 0
      ? noRecent
      : sketch === null
        ? history.recent
        : rememberSketch(history.recent, { author, at, sketch: wordsOfSketch(sketch) }, needs.sketches)
  if (needs.floodWindowMs === 0) return recent === noRecent ? noHistory : { ...noHistory, recent }
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
  { recent: { current, previous } }: History,
  sketch: SketchWords,
  since: Instant,
  bytes: number,
  author: string | undefined,
): number => {
  let alike = 0
  for (const chain of [current, previous])
    for (let link = chain; link !== undefined && link.message.at >= since; link = link.before) {
      const { message } = link
      if (sameBytes(message.sketch, sketch) >= bytes && (author === undefined || message.author === author)) alike++
    }
  return alike
}

/** Both generations as lists, the latest first. */
export const recentMessages = ({ current, previous }: Recent): readonly (readonly Remembered[])[] =>
  [current, previous].map((chain) => {
    const messages: Remembered[] = []
    for (let link = chain; link !== undefined; link = link.before) messages.push(link.message)
    return messages
  })

/** The other way round. */
export const recentFrom = ([current = [], previous = []]: readonly (readonly Remembered[])[]): Recent => {
  const chained = (messages: readonly Remembered[]): Chain | undefined =>
    messages.reduceRight<Chain | undefined>((before, message) => ({ message, before }), undefined)
  return { count: current.length, current: chained(current), previous: chained(previous) }
}
