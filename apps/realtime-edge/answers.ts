import { heldIn, proposalIn } from '#libs/channel/summaries.ts'
import type { Submitted } from '#libs/http/command.ts'
import { answerOf, type Detail, type OutcomeRecord, positionToken } from '#libs/journal/outcome.ts'
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

const doneFrame = (
  id: string,
  status: 'accepted' | 'repeated',
  summary: Detail,
  position: string,
): ServerFrameOf<'outcome'> => ({
  type: 'outcome',
  id,
  status,
  ...(typeof summary.seq === 'number' && { seq: summary.seq }),
  ...heldIn(summary),
  ...proposalIn(summary),
  position,
})

const pendingFrame = (id: string): ServerFrameOf<'outcome'> => ({ type: 'outcome', id, status: 'pending' })

/** How an outcome of the journal is told to the client that asked for it; undefined is one that was not seen in time. */
export const outcomeFrame = (id: string, record: OutcomeRecord | undefined): ServerFrameOf<'outcome'> => {
  if (!record) return pendingFrame(id)
  const { outcome } = record
  const position = positionToken(record)
  const first = answerOf(outcome)
  if (first.kind === 'rejected')
    return { type: 'outcome', id, status: 'rejected', code: first.code, detail: first.detail, position }
  return doneFrame(id, outcome.kind === 'repeated' ? 'repeated' : 'accepted', first.summary, position)
}

/** The same of what came of several commands that were sent for one. */
export const submittedFrame = (id: string, submitted: Submitted): ServerFrameOf<'outcome'> => {
  if (submitted.kind === 'pending') return pendingFrame(id)
  const { isRepeat, summary, position } = submitted
  return doneFrame(id, isRepeat ? 'repeated' : 'accepted', summary, position)
}
