import { channelErrors } from '#libs/channel/errors.ts'
import { conversationErrors } from '#libs/conversation/errors.ts'
import { httpErrors } from '#libs/http/errors.ts'
import type { ErrorTable } from '#libs/http/problem.ts'
import { identityErrors } from '#libs/identity/errors.ts'
import { identityHttpErrors } from '#libs/identity/http/errors.ts'
import { commandErrors } from '#libs/journal/errors.ts'

/** What an `answer` tells besides what the same question is answered with over HTTP. */
export const questionErrors = {
  'live.unknown_question': {
    status: 404,
    title: 'There is no question or command of that name',
    remedy: 'Use an `operationId` that schemas/asyncapi.yaml has for this frame.',
  },
  'live.over_http': {
    status: 405,
    title: 'This is done over HTTP',
    remedy: 'Send it to the path that openapi.yaml has for it; `detail` says why.',
  },
  'live.too_many_questions': {
    status: 429,
    title: 'The connection waits for as many answers as it may',
    remedy: 'Wait for one, and send it again with the same id.',
  },
  'live.answer_too_large': {
    status: 422,
    title: 'The answer is larger than one over a socket may be',
    remedy: 'Ask for a smaller page by `limit`, or over HTTP.',
  },
} as const satisfies ErrorTable

/** Every code in the `problem` of an `answer`. */
export const answerErrors: ErrorTable = {
  ...httpErrors,
  ...commandErrors,
  ...identityErrors,
  ...identityHttpErrors,
  ...channelErrors,
  ...conversationErrors,
  ...questionErrors,
}
