import type { Rejection } from '#libs/journal/decider.ts'
import type { Instant } from '#libs/journal/log.ts'
import { reject } from '../errors.ts'
import type { Broadcasts, Takeovers } from '../state.ts'

const terms = {
  /** Shorter ones would fill the journal with renewals. */
  lease: { minMs: 1_000, maxMs: 120_000 },
  grace: { minMs: 0, maxMs: 3_600_000 },
} as const

/**
 * How long encoders are left alone after one has taken over, twice as long after each further time. Those who are sent away
 * come back by themselves: two of them would take over from each other for as long as both are on.
 */
export const holdMs = { first: 60_000, most: 3_600_000 } as const

const heldFor = ({ count, lastAt }: Takeovers, at: Instant): number =>
  lastAt + Math.min(holdMs.most, holdMs.first * 2 ** (count - 1)) - at

/** An encoder is there: another has to be let take over, and not too often. One that has gone may be followed by any. */
export const liveAlready = (
  { open, takeovers }: Broadcasts,
  takesOver: boolean,
  at: Instant,
): Rejection | undefined => {
  if (!open || open.isInterrupted) return undefined
  if (!takesOver) return reject('broadcast.live_already')
  const remainingMs = takeovers ? heldFor(takeovers, at) : 0
  return remainingMs > 0 ? reject('broadcast.taken_over', { remainingMs }) : undefined
}

export const resting = ({ restUntil }: Broadcasts, at: Instant): Rejection | undefined =>
  restUntil !== null && at < restUntil ? reject('broadcast.resting', { remainingMs: restUntil - at }) : undefined

/** Who was interrupted, replaced or stopped meanwhile speaks for nobody any more. */
export const sessionOver = ({ open }: Broadcasts, sessionId: string): Rejection | undefined =>
  open && !open.isInterrupted && open.sessionId === sessionId ? undefined : reject('broadcast.session_over')

/** Who was taken for lost, and for whom nobody has come back since, may still say that they had ended. */
export const spokenForByAnother = ({ open }: Broadcasts, sessionId: string): Rejection | undefined =>
  open?.sessionId === sessionId ? undefined : reject('broadcast.session_over')

export const termOutOfRange = (term: keyof typeof terms, ms: number): Rejection | undefined => {
  const { minMs, maxMs } = terms[term]
  return ms >= minMs && ms <= maxMs ? undefined : reject('broadcast.term_out_of_range', { minMs, maxMs })
}
