import { Map as ImmutableMap } from 'immutable'
import type { Instant } from '#libs/journal/log.ts'

/**
 * How often somebody may whisper to the same account: 20 at once, and 30 a minute in the long run. By the generic cell
 * rate algorithm (ITU-T I.371): of each sender only the theoretical arrival time is kept, and only while it is to come.
 */
export type Arrivals = ImmutableMap<string, Instant>

export const noArrivals: Arrivals = ImmutableMap()

const intervalMs = 2_000
const burst = 20

/** So many may whisper to one account at about the same time; more than any person reads. */
export const maxSenders = 500

/** Where all senders are kept that can be, those whose allowance is whole again are forgotten. */
export const rememberArrival = (arrivals: Arrivals, sender: string, at: Instant): Arrivals => {
  const arrival = Math.max(arrivals.get(sender) ?? at, at) + intervalMs
  const kept = arrivals.size < maxSenders ? arrivals : arrivals.filter((due) => due > at)
  return kept.set(sender, arrival)
}

/** How long the sender has to wait, in ms; 0 where they need not. */
export const remainingMs = (arrivals: Arrivals, sender: string, at: Instant): number => {
  const arrival = arrivals.get(sender)
  if (arrival !== undefined) return Math.max(0, arrival - at - intervalMs * (burst - 1))
  if (arrivals.size < maxSenders) return 0
  return arrivals.some((due) => due <= at) ? 0 : intervalMs
}
