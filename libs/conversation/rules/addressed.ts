import { Map as ImmutableMap } from 'immutable'
import type { Instant } from '#libs/journal/log.ts'

/** To whom an account has whispered, and when last: they may answer. */
export type Addressed = ImmutableMap<string, Instant>

export const nobodyAddressed: Addressed = ImmutableMap()

/** So many may answer; who was whispered to longest ago is forgotten first. */
const maxAddressed = 500

/** Of several at one time the lowest id is forgotten first, so that every reader forgets the same. */
const longerAgo = ([id, at]: readonly [string, Instant], [otherId, otherAt]: readonly [string, Instant]): number =>
  at - otherAt || (id < otherId ? -1 : 1)

export const rememberAddressed = (addressed: Addressed, receiver: string, at: Instant): Addressed => {
  const next = addressed.set(receiver, at)
  const [first] = next.size > maxAddressed ? [...next].sort(longerAgo) : []
  return first ? next.delete(first[0]) : next
}
