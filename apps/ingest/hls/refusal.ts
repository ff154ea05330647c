import { randomUUID } from 'node:crypto'
import { playbackErrors } from '#libs/broadcast/playback-errors.ts'
import { httpErrors } from '#libs/http/errors.ts'
import { HttpProblem, problemDocument } from '#libs/http/problem.ts'
import type { HlsAnswer } from './answer.ts'

const errors = { ...playbackErrors, 'platform.internal': httpErrors['platform.internal'] }

/** A problem document in the place of media; what is not there may be there in a second. */
export const refusal = (code: keyof typeof errors, requestId: string = randomUUID()): HlsAnswer => {
  const document = problemDocument(new HttpProblem(code), errors, requestId)
  return {
    status: document.status,
    contentType: 'application/problem+json',
    body: JSON.stringify(document),
    maxAgeSeconds: code === 'playback.not_found' ? 1 : 0,
  }
}
