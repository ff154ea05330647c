import { HttpProblem } from '#libs/http/problem.ts'
import { uuidv7 } from '#libs/journal/ids.ts'
import type { IdentityCommandOf } from '../commands.ts'
import { type IdentityEdge, sendToIdentity } from './edge.ts'

export type AuditReader = { readonly accountId: string; readonly traceparent: string | undefined }

/**
 * Has the journal say what somebody reads of the audit, before they do. Throws `identity.forbidden`, and
 * `platform.unavailable` where it is not known to be there: then nothing is read.
 */
export const noteAuditRead =
  (edge: Pick<IdentityEdge, 'gateway' | 'now'>) =>
  async (
    { accountId, traceparent }: AuditReader,
    read: Omit<IdentityCommandOf<'RecordAuditRead'>, 'type'>,
  ): Promise<void> => {
    const sent = { key: accountId, principal: accountId, commandId: uuidv7(), traceparent }
    // Of what happened while the disk was full somebody will want to read.
    const evenWhenFull = { ...edge, diskFull: () => false }
    const submitted = await sendToIdentity(evenWhenFull, { type: 'RecordAuditRead', ...read }, sent)
    if (submitted.kind === 'pending') throw new HttpProblem('platform.unavailable')
  }
