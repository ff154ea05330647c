import type { ErrorTable } from '#libs/http/problem.ts'

/** What is wrong with pictures that are to be shown with a message. */
export const attachmentErrors = {
  'channel.attachments_off': {
    status: 403,
    title: 'This channel takes no pictures with messages',
    remedy: 'Send the message without them; moderators switch them on with the mode `attachments`.',
  },
  'channel.too_many_attachments': {
    status: 422,
    title: 'So many pictures cannot be shown with one message',
    remedy: 'Send at most `max` of them.',
  },
  'channel.attachment_unknown': {
    status: 422,
    title: 'A picture is named that you have not sent in for this channel within the last hour, or named twice',
    remedy: 'Send it in, and name it as the answer does.',
  },
  'channel.too_many_uploads': {
    status: 429,
    title: 'You have sent in many pictures that no message shows yet',
    remedy: 'Post some of them; at most `max` wait, and none for more than a day.',
  },
} as const satisfies ErrorTable
