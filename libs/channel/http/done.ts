import type { Submitted } from '#libs/http/command.ts'
import { entityTag } from '#libs/http/conditional.ts'
import { pendingReply } from '#libs/http/pending.ts'
import type { Detail } from '#libs/journal/outcome.ts'

/** Of a message that waits, and of what kind the rule is that has it wait. */
const heldIn = ({ held, kind }: Detail) =>
  held === true && { held: true as const, ...(typeof kind === 'string' && { kind }) }

/** Of a ban that waits for other moderators. */
const proposalIn = ({ proposal, needed }: Detail) =>
  typeof proposal === 'string' && typeof needed === 'number' && { proposal, needed }

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
