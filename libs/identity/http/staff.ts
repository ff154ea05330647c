import { z } from 'zod'
import { HttpProblem } from '#libs/http/problem.ts'
import type { Caller } from '#libs/http/route.ts'
import { uuidv7 } from '#libs/journal/ids.ts'
import type { IdentityCommand } from '../commands.ts'
import { type IdentityEdge, sendToIdentity } from './edge.ts'

/** A request by somebody of staff. */
export type StaffRequest = {
  readonly caller: Pick<Caller, 'accountId' | 'platformRole'>
  readonly commandId: string
  readonly traceparent: string | undefined
}

export const Reason = z.string().min(1).max(500).meta({ description: 'What its owner is told' })

/** Sends a command of staff: who they are stands in the record, what they are rides along (I9). */
export const sendAsStaff = (
  edge: Pick<IdentityEdge, 'gateway' | 'diskFull' | 'now'>,
  { caller: { accountId, platformRole }, commandId, traceparent }: StaffRequest,
  key: string,
  command: IdentityCommand,
) => sendToIdentity(edge, command, { key, principal: accountId, commandId, traceparent, facts: { platformRole } })

/**
 * Has the journal say what somebody of staff reads or is handed, before they are: `key` is the account that it is told of. Throws
 * the rejection, and `platform.unavailable` where it is not known to be there: then nothing is shown.
 */
export const noteRead = async (
  edge: Pick<IdentityEdge, 'gateway' | 'now'>,
  request: Omit<StaffRequest, 'commandId'>,
  key: string,
  command: IdentityCommand,
): Promise<void> => {
  // Of what happened while the disk was full somebody will want to read.
  const evenWhenFull = { ...edge, diskFull: () => false }
  const submitted = await sendAsStaff(evenWhenFull, { ...request, commandId: uuidv7() }, key, command)
  if (submitted.kind === 'pending') throw new HttpProblem('platform.unavailable')
}
