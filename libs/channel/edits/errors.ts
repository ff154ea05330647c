import type { ErrorTable } from '#libs/http/problem.ts'

/** What an edit is rejected with, beside what a post is. */
export const editErrors = {
  'channel.not_editable': {
    status: 403,
    title: 'The message cannot be edited, or not any more',
    remedy: 'Only authors edit, within `windowSeconds` where the channel has an edit window; delete it and post again.',
  },
} as const satisfies ErrorTable
