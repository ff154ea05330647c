import { answerOf, type OutcomeRecord, positionToken } from '#libs/journal/outcome.ts'
import type { ServerFrameOf } from '#libs/protocols/native/server-frames.ts'
import { type EdgeErrorCode, edgeErrors } from './errors.ts'

/** What a refusal concerns, so that the client can tell which frame it was. */
export type Concern = {
  readonly channel?: string
  readonly id?: string
  readonly retryAfterMs?: number
  readonly message?: string
}

export const errorFrame = (code: EdgeErrorCode, concern: Concern = {}): ServerFrameOf<'error'> => ({
  type: 'error',
  code,
  message: edgeErrors[code].title,
  ...concern,
})

/** How an outcome of the journal is told to the client that asked for it; undefined is one that was not seen in time. */
export const outcomeFrame = (id: string, record: OutcomeRecord | undefined): ServerFrameOf<'outcome'> => {
  if (!record) return { type: 'outcome', id, status: 'pending' }
  const { outcome } = record
  const position = positionToken(record)
  const first = answerOf(outcome)
  if (first.kind === 'rejected')
    return { type: 'outcome', id, status: 'rejected', code: first.code, detail: first.detail, position }
  const { seq, held, kind, proposal, needed } = first.summary
  return {
    type: 'outcome',
    id,
    status: outcome.kind === 'repeated' ? 'repeated' : 'accepted',
    ...(typeof seq === 'number' && { seq }),
    ...(held === true && { held, ...(typeof kind === 'string' && { kind }) }),
    ...(typeof proposal === 'string' && typeof needed === 'number' && { proposal, needed }),
    position,
  }
}
