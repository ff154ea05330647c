import type { IdentityCommandOf } from '../commands.ts'
import { accept } from '../decision.ts'
import { reject } from '../errors.ts'
import { type DecideOpen, ofOpenAccount } from '../rules/open-account.ts'
import { notClock, notThemselves } from '../rules/senders.ts'
import { notStaff, suspended, unfitReason } from '../security/rules.ts'
import {
  lastFactor,
  noResetScheduled,
  noSuchFactor,
  nothingToReset,
  unfitFactor,
  unfitResetDelay,
  withoutPasskey,
} from './rules.ts'

/** Commands on what an account is logged in to by. */
export type FactorCommand = IdentityCommandOf<
  | 'AddFactor'
  | 'RemoveFactor'
  | 'RemovePassword'
  | 'IssueRecoveryCodes'
  | 'UseRecoveryCode'
  | 'RecordFailedFactor'
  | 'RenewAuthentication'
  | 'ScheduleFactorReset'
  | 'CancelFactorReset'
  | 'CompleteFactorReset'
>

const decideOpen: DecideOpen<FactorCommand> = (command, account, context) => {
  switch (command.type) {
    case 'AddFactor':
      return addFactor(command, account, context)
    case 'RemoveFactor':
      return removeFactor(command, account, context)
    case 'RemovePassword':
      return removePassword(command, account, context)
    case 'IssueRecoveryCodes':
      return issueRecoveryCodes(command, account, context)
    case 'UseRecoveryCode':
      return useRecoveryCode(command, account, context)
    case 'RecordFailedFactor':
      return recordFailedFactor(command, account, context)
    case 'RenewAuthentication':
      return renewAuthentication(command, account, context)
    case 'ScheduleFactorReset':
      return scheduleReset(command, account, context)
    case 'CancelFactorReset':
      return cancelReset(command, account, context)
    case 'CompleteFactorReset':
      return completeReset(command, account, context)
  }
}

/** The rules of factors, each command's in the order in which a person is told of them. */
export const decideFactors = ofOpenAccount(decideOpen)

const addFactor: DecideOpen<IdentityCommandOf<'AddFactor'>> = ({ factor, factorId }, account, { principal, at }) =>
  notThemselves(account.key, principal) ??
  suspended(account, at) ??
  unfitFactor(account, { factor, factorId }) ??
  accept({ type: 'FactorAdded', accountId: account.key, factor, factorId })

const removeFactor: DecideOpen<IdentityCommandOf<'RemoveFactor'>> = ({ factor, factorId }, account, { principal }) =>
  notThemselves(account.key, principal) ??
  noSuchFactor(account, factor, factorId) ??
  lastFactor(account, { factor, factorId }) ??
  accept({ type: 'FactorRemoved', accountId: account.key, factor, factorId })

const removePassword: DecideOpen<IdentityCommandOf<'RemovePassword'>> = (_remove, account, { principal }) =>
  notThemselves(account.key, principal) ??
  withoutPasskey(account) ??
  accept(account.passwordless ? [] : { type: 'PasswordRemoved', accountId: account.key })

const issueRecoveryCodes: DecideOpen<IdentityCommandOf<'IssueRecoveryCodes'>> = (_issue, account, { principal }) =>
  notThemselves(account.key, principal) ??
  noSuchFactor(account, 'totp') ??
  accept({ type: 'RecoveryCodesIssued', accountId: account.key })

const useRecoveryCode: DecideOpen<IdentityCommandOf<'UseRecoveryCode'>> = ({ left }, account, { principal }) =>
  notThemselves(account.key, principal) ?? accept({ type: 'RecoveryCodeUsed', accountId: account.key, left })

const recordFailedFactor: DecideOpen<IdentityCommandOf<'RecordFailedFactor'>> = (_record, account, { principal }) =>
  notThemselves(account.key, principal) ?? accept({ type: 'FactorFailed', accountId: account.key })

const renewAuthentication: DecideOpen<IdentityCommandOf<'RenewAuthentication'>> = (command, account, context) =>
  notThemselves(account.key, context.principal) ??
  suspended(account, context.at) ??
  accept({
    type: 'AuthenticationRenewed',
    accountId: account.key,
    sessionId: command.sessionId,
    method: command.method,
  })

/** One that is under way keeps its time. */
const scheduleReset: DecideOpen<IdentityCommandOf<'ScheduleFactorReset'>> = ({ delayMs, reason }, account, context) => {
  const { key: accountId } = account
  const resetAt = account.factorResetAt ?? context.at + delayMs
  const scheduled = { type: 'FactorResetScheduled', accountId, resetAt, reason } as const
  return (
    notStaff(account, 'reset_factors', context) ??
    unfitReason(reason) ??
    unfitResetDelay(delayMs) ??
    nothingToReset(account) ?? {
      kind: 'accepted',
      events: account.factorResetAt === null ? [scheduled] : [],
      summary: { resetAt },
    }
  )
}

/** Without a reason it is its owner, who need give none. */
const cancelReset: DecideOpen<IdentityCommandOf<'CancelFactorReset'>> = ({ reason }, account, context) => {
  const refused =
    reason === null
      ? notThemselves(account.key, context.principal)
      : (notStaff(account, 'reset_factors', context) ?? unfitReason(reason))
  return (
    refused ?? noResetScheduled(account) ?? accept({ type: 'FactorResetCancelled', accountId: account.key, reason })
  )
}

const completeReset: DecideOpen<IdentityCommandOf<'CompleteFactorReset'>> = ({ dueAt }, account, { principal, at }) => {
  const refused = notClock(principal)
  if (refused) return refused
  const isOver = account.factorResetAt !== null && account.factorResetAt <= Math.max(at, dueAt)
  return isOver ? accept({ type: 'FactorsReset', accountId: account.key }) : reject('identity.nothing_due')
}
