import type { Submitted } from '#libs/http/command.ts'
import { entityTag } from '#libs/http/conditional.ts'
import { pendingReply } from '#libs/http/pending.ts'
import { heldIn, proposalIn } from '../summaries.ts'

/** The answer to a command that changed something. */
export const doneReply = <const Status extends 200 | 201>(
  status: Status,
  commandId: string,
  submitted: Submitted,
  headers: Readonly<Record<string, string>> = {},
) => {
  if (submitted.kind === 'pending') return pendingReply(commandId)
  const { summary, position, n } = submitted
  return {
    status,
    headers: { Position: position, ETag: entityTag(n), ...headers },
    body: {
      commandId,
      seq: Number(summary.seq ?? 0),
      ...heldIn(summary),
      ...proposalIn(summary),
      version: n,
      position,
    },
  } as const
}

/** How routes document what every such answer carries. */
export const doneHeaders = {
  Position: 'Where a query finds it: pass it on as min-position',
  ETag: 'The new version of what was changed',
}
