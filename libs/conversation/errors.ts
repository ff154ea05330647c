import type { ErrorTable } from '#libs/http/problem.ts'
import type { Rejection } from '#libs/journal/decider.ts'
import type { Detail } from '#libs/journal/outcome.ts'

/** All that a whisper, or what is done with whispers, may be rejected with. */
export const conversationErrors = {
  'conversation.receiver_unknown': {
    status: 404,
    title: 'There is nobody of this id to whisper to',
    remedy: 'Check the id of the account.',
  },
  'conversation.to_oneself': {
    status: 422,
    title: 'Nobody whispers to themselves',
    remedy: 'Choose somebody else.',
  },
  'conversation.not_wanted': {
    status: 403,
    title: 'This account does not take whispers from you',
    remedy: 'Talk to them elsewhere, if they want it.',
  },
  'conversation.rate_limited': {
    status: 429,
    title: 'Too many whispers to the same account',
    remedy: 'Wait for `remainingMs` and send it again.',
  },
  'conversation.text_blank': {
    status: 422,
    title: 'The whisper has nothing in it that would be seen',
    remedy: 'Write something.',
  },
  'conversation.text_too_long': {
    status: 422,
    title: 'The whisper is too long',
    remedy: 'Shorten it to `max` code points.',
  },
  'conversation.text_invalid': {
    status: 422,
    title: 'The whisper is not one line of valid Unicode',
    remedy:
      'Leave out lone surrogates, control characters, line breaks, no-break spaces, overrides of the writing direction, other controls of it that do not end where they began, and five or more combining marks in a row.',
  },
  'conversation.nothing_to_read': {
    status: 422,
    title: 'The lane has not come to this number',
    remedy: 'Name a number up to `whisperSeq`.',
  },
  'conversation.peer_invalid': {
    status: 422,
    title: 'This is not the id of another account',
    remedy: 'Name the account by its id.',
  },
  'conversation.forbidden': {
    status: 403,
    title: 'This is done by the platform, or by whose whispers they are',
    remedy: 'Nothing is to be done.',
  },
} as const satisfies ErrorTable

export type ConversationErrorCode = keyof typeof conversationErrors

/** A rejection by a code of the table. `detail` never holds what a person wrote. */
export const reject = (code: ConversationErrorCode, detail: Detail = {}): Rejection => ({
  kind: 'rejected',
  code,
  detail,
})
