import type { Role } from '#libs/access/roles.ts'
import type { Instant } from '#libs/journal/log.ts'
import type { History } from './history.ts'
import { type Letters, lettersOf } from './text/letters.ts'
import { type Link, linksOf } from './text/links.ts'
import { type Profile, profileOf } from './text/profile.ts'
import { type Sketch, type SketchKey, sketchOf } from './text/sketch.ts'

/** What an outside model said of a message; `unavailable` where it did not answer in time, or not sensibly. */
export type Classification =
  | { readonly kind: 'classified'; readonly label: string; readonly score: number; readonly version: string }
  | { readonly kind: 'unavailable' }

/** A message under judgement, with what is known besides its text. */
export type Message = {
  readonly text: string
  readonly author: string
  readonly role: Role
  readonly at: Instant
  readonly accountCreatedAt: Instant | undefined
  /** Undefined where no model is asked. */
  readonly classification: Classification | undefined
  readonly history: History
  readonly sketchKey: SketchKey
}

/** A message with what rules derive of its text: each once, when the first rule asks for it. */
export type Subject = Message & {
  readonly profile: () => Profile
  readonly words: () => Letters
  readonly skeleton: () => Letters
  /** Code units of the text in lower case and compatible form (NFKC). */
  readonly plain: () => Uint16Array
  readonly links: () => readonly Link[]
  readonly sketch: () => Sketch
  /** Counts steps of a loop over the text. */
  readonly count: (steps: number) => void
  readonly steps: () => number
}

const once = <Value>(derive: () => Value): (() => Value) => {
  let derived: { readonly value: Value } | undefined
  return () => {
    derived ??= { value: derive() }
    return derived.value
  }
}

const plainOf = (text: string): Uint16Array => {
  const lower = text.normalize('NFKC').toLowerCase()
  const codes = new Uint16Array(lower.length)
  for (let at = 0; at < lower.length; at++) codes[at] = lower.charCodeAt(at)
  return codes
}

export const subjectOf = (message: Message): Subject => {
  const { text, sketchKey } = message
  let steps = 0
  const count = (more: number): void => {
    steps += more
  }
  const counted = <Value>(derive: () => Value, stepsOf: (value: Value) => number): (() => Value) =>
    once(() => {
      const value = derive()
      count(stepsOf(value))
      return value
    })
  const words = counted(
    () => lettersOf(text, 'words'),
    () => text.length,
  )
  const found = counted(
    () => linksOf(text),
    (links) => links.steps,
  )
  return {
    ...message,
    profile: counted(
      () => profileOf(text),
      () => text.length,
    ),
    words,
    skeleton: counted(
      () => lettersOf(text, 'skeleton'),
      () => text.length,
    ),
    plain: counted(
      () => plainOf(text),
      (codes) => codes.length,
    ),
    links: () => found().links,
    sketch: counted(
      () => sketchOf(words(), sketchKey),
      () => words().length,
    ),
    count,
    steps: () => steps,
  }
}
