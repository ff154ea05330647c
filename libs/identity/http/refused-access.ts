import { safeError } from '#libs/http/safe-error.ts'
import type { Logger } from '#libs/telemetry/logger.ts'
import { type IdentityEdge, type Refused, recordRefusedAccess } from './edge.ts'
import { createFailedAttempts, type FailedAttempts } from './failed-attempts.ts'

/** Counts what somebody was refused who may not do it, for the journal, whichever door refused it. */
export const createRefusedAccess = (
  door: Pick<IdentityEdge, 'gateway' | 'diskFull' | 'now'>,
  logger: Pick<Logger, 'warn'>,
): FailedAttempts<Refused> =>
  createFailedAttempts<Refused>({
    record: recordRefusedAccess(door),
    onError: (error) => logger.warn({ error: safeError(error) }, 'that access was refused was not recorded yet'),
  })
