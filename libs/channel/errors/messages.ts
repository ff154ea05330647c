import type { ErrorTable } from '#libs/http/problem.ts'

/** What is wrong with a text, or with a message that a command names. */
export const messageErrors = {
  'channel.text_blank': {
    status: 422,
    title: 'The message has nothing in it that would be seen',
    remedy: 'Write something.',
  },
  'channel.text_too_long': {
    status: 422,
    title: 'The text is too long',
    remedy: 'Shorten `field` to `max` code points.',
  },
  'channel.text_invalid': {
    status: 422,
    title: 'The text is not one line of valid Unicode',
    remedy:
      'Leave out lone surrogates, control characters, line breaks, no-break spaces, overrides of the writing direction, other controls of it that do not end where they began, and five or more combining marks in a row in `field`.',
  },
  'channel.color_without_announcement': {
    status: 422,
    title: 'Only announcements have a colour',
    remedy: 'Leave out `color`, or announce it.',
  },
  'channel.message_unknown': {
    status: 404,
    title: 'There is no such message in this channel',
    remedy: 'Check the id of the message.',
  },
  'channel.message_deleted': {
    status: 410,
    title: 'The message is deleted already',
    remedy: 'Nothing is left to do.',
  },
} as const satisfies ErrorTable
