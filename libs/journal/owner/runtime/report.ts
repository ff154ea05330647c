import { meters } from '#libs/telemetry/instruments.ts'
import type { Logger } from '#libs/telemetry/logger.ts'
import type { ClaimEntry, JournalEntry, OutcomeEntry } from '../../envelope.ts'
import type { Family } from '../../families.ts'
import type { Offset } from '../../log.ts'
import type { Verdict } from '../../validity.ts'
import { countVoid } from '../../void-records.ts'

/** What an owner tells the operator: one line each, an id to follow, nothing personal. */
export type OwnerReport = {
  /** A record was read; `own` where this owner wrote it. */
  readonly judged: (verdict: Verdict, offset: Offset, entry: JournalEntry, own: boolean) => void
  readonly claimed: () => void
  readonly owning: (claim: Offset, resume: Offset) => void
  readonly sendFailed: (send: number, error: unknown) => void
  readonly turnFailed: (commandOffset: Offset, error: unknown) => void
  /** A record of one's own that was acknowledged is not in the journal. */
  readonly lost: (offset: Offset) => void
  /** Something that an operator has to look at. */
  readonly alarm: (code: string, error?: unknown) => void
  readonly stage: (stage: 'decide' | 'append', ms: number) => void
}

/** Its name and where it arose; never its message, which may quote what somebody wrote. */
const redacted = (error: unknown): { readonly error: string; readonly at: string } => {
  const { name, code, stack } = (error ?? {}) as {
    readonly name?: string
    readonly code?: string
    readonly stack?: string
  }
  const frame = stack?.split('\n').find((line) => line.trim().startsWith('at '))
  return { error: code ?? name ?? 'Error', at: frame?.trim() ?? '' }
}

export const ownerReport = (
  logger: Pick<Logger, 'info' | 'warn' | 'error'>,
  logId: string,
  family: Family,
  partition: number,
): OwnerReport => {
  const place = { family, partition }

  const ownOutcome = ({ outcome, commandId, commandOffset }: OutcomeEntry): void => {
    const code = outcome.kind === 'rejected' ? outcome.code : undefined
    meters().outcomes.add(1, { family, kind: outcome.kind, ...(code && { code }) })
    if (code !== 'command.poisoned') return
    meters().alarms.add(1, { code })
    logger.error({ ...place, commandId, commandOffset, code }, 'a command could not be decided and was given up')
  }

  const ownClaim = ({ agedOut }: ClaimEntry): void => {
    if (!agedOut) return
    // Alarmed as it was found: `journal.commands_truncated`.
    if (agedOut.to <= agedOut.from) {
      logger.error({ ...place, ...agedOut }, 'commands that were decided had gone; goes on where newer ones may be')
      return
    }
    const code = 'journal.commands_aged_out'
    meters().alarms.add(1, { code })
    logger.error({ ...place, ...agedOut, code }, 'commands had gone before they were decided')
  }

  return {
    judged: (verdict, offset, entry, own) => {
      if (verdict === 'void') {
        if (countVoid({ logId, ...place, offset }))
          logger.warn({ ...place, offset }, 'a void record: an owner wrote too late')
      } else if (own && entry.kind === 'outcome') ownOutcome(entry)
      else if (own && entry.kind === 'claim') ownClaim(entry)
    },
    claimed: () => meters().claims.add(1, { family }),
    owning: (claim, resume) => logger.info({ ...place, claim, resume }, 'owns a partition'),
    sendFailed: (send, error) => {
      meters().sendFailures.add(1, { family })
      logger.warn({ ...place, send, ...redacted(error) }, 'a send failed; claims anew')
    },
    turnFailed: (commandOffset, error) => {
      meters().alarms.add(1, { code: 'journal.turn_failed' })
      logger.error({ ...place, commandOffset, ...redacted(error) }, 'a command could not be decided; claims anew')
    },
    lost: (offset) => {
      const code = 'journal.truncated'
      meters().alarms.add(1, { code })
      logger.error({ ...place, offset, code }, 'a record that was acknowledged is not in the journal; claims anew')
    },
    alarm: (code, error) => {
      meters().alarms.add(1, { code })
      logger.error({ ...place, code, ...(error !== undefined && redacted(error)) }, 'a partition needs an operator')
    },
    stage: (stage, ms) => meters().stageSeconds.record(ms / 1_000, { stage }),
  }
}
