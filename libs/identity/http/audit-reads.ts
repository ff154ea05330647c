import type { IdentityCommandOf } from '../commands.ts'
import type { IdentityEdge } from './edge.ts'
import { noteRead, type StaffRequest } from './staff.ts'

/** Has the journal say what somebody reads of the audit, before they do. Throws as `noteRead`, and `identity.forbidden`. */
export const noteAuditRead =
  (edge: Pick<IdentityEdge, 'gateway' | 'now'>) =>
  (reader: Omit<StaffRequest, 'commandId'>, read: Omit<IdentityCommandOf<'RecordAuditRead'>, 'type'>): Promise<void> =>
    noteRead(edge, reader, reader.caller.accountId, { type: 'RecordAuditRead', ...read })
