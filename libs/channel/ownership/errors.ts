import type { ErrorTable } from '#libs/http/problem.ts'

/** What a change of a channel's broadcaster or slug is rejected with. */
export const ownershipErrors = {
  'channel.bound_to_account': {
    status: 409,
    title: 'This is somebody’s own channel: it stays theirs, and goes by their handle',
    remedy: 'Change the handle of the account, or open a channel with a slug of its own.',
  },
  'channel.not_offered': {
    status: 409,
    title: 'The channel is not offered to you, or not any more',
    remedy: 'Ask its broadcaster to offer it.',
  },
  'channel.renamed_lately': {
    status: 429,
    title: 'The channel took another slug lately',
    remedy: 'Wait for `remainingMs`.',
  },
} as const satisfies ErrorTable
