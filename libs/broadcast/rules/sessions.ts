import type { Rejection } from '#libs/journal/decider.ts'
import type { Instant } from '#libs/journal/log.ts'
import { reject } from '../errors.ts'
import type { Broadcasts } from '../state.ts'

const terms = {
  /** Shorter ones would fill the journal with renewals. */
  lease: { minMs: 1_000, maxMs: 120_000 },
  grace: { minMs: 0, maxMs: 3_600_000 },
} as const

/** An encoder is there: another has to be let take over. One that has gone may be followed by any. */
export const liveAlready = ({ open }: Broadcasts, takesOver: boolean): Rejection | undefined =>
  open && !open.isInterrupted && !takesOver ? reject('broadcast.live_already') : undefined

export const resting = ({ restUntil }: Broadcasts, at: Instant): Rejection | undefined =>
  restUntil !== null && at < restUntil ? reject('broadcast.resting', { remainingMs: restUntil - at }) : undefined

/** Who was interrupted, replaced or stopped meanwhile speaks for nobody any more. */
export const sessionOver = ({ open }: Broadcasts, sessionId: string): Rejection | undefined =>
  open && !open.isInterrupted && open.sessionId === sessionId ? undefined : reject('broadcast.session_over')

export const termOutOfRange = (term: keyof typeof terms, ms: number): Rejection | undefined => {
  const { minMs, maxMs } = terms[term]
  return ms >= minMs && ms <= maxMs ? undefined : reject('broadcast.term_out_of_range', { minMs, maxMs })
}
