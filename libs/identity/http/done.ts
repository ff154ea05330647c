import type { Submitted } from '#libs/http/command.ts'
import { pendingReply, pendingResponse } from '#libs/http/pending.ts'
import type { IdentityEdge } from './edge.ts'

/** The answers of a change of an account. */
export const done = {
  204: { description: 'Done', headers: { Position: 'For min-position' } },
  ...pendingResponse,
} as const

export const gone = ['identity.account_unknown', 'identity.account_erased'] as const

/** What a change answers that no read model is asked about. */
export const sentReply = (submitted: Submitted, commandId: string) =>
  submitted.kind === 'pending'
    ? pendingReply(commandId)
    : ({ status: 204, headers: { Position: submitted.position } } as const)

/** Once the read model has it, or nearly: what the change answers itself. */
export const doneReply = async (edge: Pick<IdentityEdge, 'settle'>, submitted: Submitted, commandId: string) => {
  if (submitted.kind === 'accepted') await edge.settle([submitted.position])
  return sentReply(submitted, commandId)
}
