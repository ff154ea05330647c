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
  /** Whether a moderator lets the author post links. */
  readonly linksPermitted: boolean
  readonly history: History
  readonly sketchKey: SketchKey
}

/** What rules derive of a text, each once, when the first of them asks for it; and the steps that it took. */
type Derived = {
  steps: number
  profile?: Profile
  words?: Letters
  skeleton?: Letters
  plain?: Uint16Array
  links?: readonly Link[]
  sketch?: Sketch
}

/** A message under judgement, and what is known of its text by now. */
export type Subject = { readonly message: Message; readonly derived: Derived }

export const subjectOf = (message: Message): Subject => ({ message, derived: { steps: 0 } })

/** Counts steps of a loop over the text. */
export const count = ({ derived }: Subject, steps: number): void => {
  derived.steps += steps
}

export const profileIn = (subject: Subject): Profile => {
  const { message, derived } = subject
  if (derived.profile) return derived.profile
  count(subject, message.text.length)
  derived.profile = profileOf(message.text)
  return derived.profile
}

/** The letters of the text, signs parting its words. */
export const wordsIn = (subject: Subject): Letters => {
  const { message, derived } = subject
  if (derived.words) return derived.words
  count(subject, message.text.length)
  derived.words = lettersOf(message.text, 'words')
  return derived.words
}

/** The letters of the text, signs standing for letters; undefined where they are the same as its words. */
export const skeletonIn = (subject: Subject): Letters | undefined => {
  const { message, derived } = subject
  if (!wordsIn(subject).formsDiffer) return undefined
  if (derived.skeleton) return derived.skeleton
  count(subject, message.text.length)
  derived.skeleton = lettersOf(message.text, 'skeleton')
  return derived.skeleton
}

const isAscii = (text: string): boolean => {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 127) return false
  return true
}

/** Code units of the text in lower case and compatible form (NFKC). */
export const plainIn = (subject: Subject): Uint16Array => {
  const { message, derived } = subject
  if (derived.plain) return derived.plain
  const lower = (isAscii(message.text) ? message.text : message.text.normalize('NFKC')).toLowerCase()
  const codes = new Uint16Array(lower.length)
  for (let at = 0; at < lower.length; at++) codes[at] = lower.charCodeAt(at)
  count(subject, codes.length)
  derived.plain = codes
  return codes
}

export const linksIn = (subject: Subject): readonly Link[] => {
  const { message, derived } = subject
  if (derived.links) return derived.links
  const { links, steps } = linksOf(message.text)
  count(subject, steps)
  derived.links = links
  return links
}

export const sketchIn = (subject: Subject): Sketch => {
  const { message, derived } = subject
  if (derived.sketch) return derived.sketch
  const words = wordsIn(subject)
  count(subject, words.length)
  derived.sketch = sketchOf(words, message.sketchKey)
  return derived.sketch
}
