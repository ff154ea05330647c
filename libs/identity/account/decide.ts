import type { IdentityCommandOf } from '../commands.ts'
import { accept } from '../decision.ts'
import { reject } from '../errors.ts'
import { type DecideOpen, ofOpenAccount } from '../rules/open-account.ts'
import { emailChangedSince, unfitEmail } from '../rules/profile.ts'
import { notClock, notInCharge, notThemselves } from '../rules/senders.ts'
import { sessionsRevoked, tooManySessions } from '../rules/sessions.ts'
import {
  deactivated,
  notDeactivated,
  notToBeErased,
  unfitDelay,
  unfitProfile,
  unfitTerms,
  unfitToBlock,
} from './rules.ts'

/** What people do with accounts of their own. */
export type OwnCommand = IdentityCommandOf<
  | 'ConfirmEmail'
  | 'AcceptTerms'
  | 'ChangeProfile'
  | 'BlockAccount'
  | 'UnblockAccount'
  | 'DeactivateAccount'
  | 'ReactivateAccount'
  | 'ScheduleErasure'
  | 'CancelErasure'
  | 'CompleteErasure'
>

const decideOpen: DecideOpen<OwnCommand> = (command, account, context) => {
  switch (command.type) {
    case 'ConfirmEmail':
      return confirmEmail(command, account, context)
    case 'AcceptTerms':
      return acceptTerms(command, account, context)
    case 'ChangeProfile':
      return changeProfile(command, account, context)
    case 'BlockAccount':
      return blockAccount(command, account, context)
    case 'UnblockAccount':
      return unblockAccount(command, account, context)
    case 'DeactivateAccount':
      return deactivateAccount(command, account, context)
    case 'ReactivateAccount':
      return reactivateAccount(command, account, context)
    case 'ScheduleErasure':
      return scheduleErasure(command, account, context)
    case 'CancelErasure':
      return cancelErasure(command, account, context)
    case 'CompleteErasure':
      return completeErasure(command, account, context)
  }
}

/** The rules of an account in its owner's hands, each command's in the order in which a person is told of them. */
export const decideOwn = ofOpenAccount(decideOpen)

/** By a mail that was sent for the address before, so that of two under way at once one holds, and the other is told. */
const confirmEmail: DecideOpen<IdentityCommandOf<'ConfirmEmail'>> = ({ email, revision }, account, context) =>
  notInCharge(account.key, context) ??
  unfitEmail(email) ??
  emailChangedSince(account, revision) ??
  accept({ type: 'EmailConfirmed', accountId: account.key, email, revision: revision + 1 })

const acceptTerms: DecideOpen<IdentityCommandOf<'AcceptTerms'>> = ({ version }, account, { principal }) =>
  notThemselves(account.key, principal) ??
  unfitTerms(version) ??
  accept(version === account.termsVersion ? [] : termsAccepted(account.key, version))

const termsAccepted = (accountId: string, version: string) => ({ type: 'TermsAccepted', accountId, version }) as const

const changeProfile: DecideOpen<IdentityCommandOf<'ChangeProfile'>> = (change, account, { principal }) => {
  const { displayName, displayNameKey, bio, colour, avatar } = change
  const isRenamed = displayName !== null && displayNameKey !== account.displayNameKey
  return (
    notThemselves(account.key, principal) ??
    unfitProfile(change) ??
    accept({
      type: 'ProfileChanged',
      accountId: account.key,
      displayName,
      bio,
      colour,
      avatar,
      displayNameKey: isRenamed ? displayNameKey : null,
      previousDisplayNameKey: isRenamed ? account.displayNameKey : null,
    })
  )
}

const blockAccount: DecideOpen<IdentityCommandOf<'BlockAccount'>> = ({ blocked }, account, { principal }) => {
  const { key: accountId } = account
  if (account.blocked.includes(blocked)) return notThemselves(accountId, principal) ?? accept([])
  return (
    notThemselves(accountId, principal) ??
    unfitToBlock(account, blocked) ??
    accept({ type: 'AccountBlocked', accountId, blocked })
  )
}

const unblockAccount: DecideOpen<IdentityCommandOf<'UnblockAccount'>> = ({ blocked }, account, { principal }) => {
  const { key: accountId } = account
  const isBlocked = account.blocked.includes(blocked)
  return (
    notThemselves(accountId, principal) ?? accept(isBlocked ? { type: 'AccountUnblocked', accountId, blocked } : [])
  )
}

const deactivateAccount: DecideOpen<IdentityCommandOf<'DeactivateAccount'>> = ({ sessionIds }, account, context) =>
  notThemselves(account.key, context.principal) ??
  deactivated(account) ??
  tooManySessions(sessionIds) ??
  accept([{ type: 'AccountDeactivated', accountId: account.key }, ...sessionsRevoked(sessionIds)])

const reactivateAccount: DecideOpen<IdentityCommandOf<'ReactivateAccount'>> = (_reactivate, account, { principal }) =>
  notThemselves(account.key, principal) ??
  notDeactivated(account) ??
  accept({ type: 'AccountReactivated', accountId: account.key })

/** One that is under way keeps its time. */
const scheduleErasure: DecideOpen<IdentityCommandOf<'ScheduleErasure'>> = ({ delayMs }, account, context) => {
  const { key: accountId } = account
  const eraseAt = account.eraseAt ?? context.at + delayMs
  const events = account.eraseAt === null ? [{ type: 'ErasureScheduled' as const, accountId, eraseAt }] : []
  return notInCharge(accountId, context) ?? unfitDelay(delayMs) ?? { kind: 'accepted', events, summary: { eraseAt } }
}

const cancelErasure: DecideOpen<IdentityCommandOf<'CancelErasure'>> = (_cancel, account, context) =>
  notInCharge(account.key, context) ??
  notToBeErased(account) ??
  accept({ type: 'ErasureCancelled', accountId: account.key })

const completeErasure: DecideOpen<IdentityCommandOf<'CompleteErasure'>> = ({ dueAt }, account, { principal, at }) => {
  const refused = notClock(principal)
  if (refused) return refused
  const isOver = account.eraseAt !== null && account.eraseAt <= Math.max(at, dueAt)
  return isOver ? accept({ type: 'AccountErased', accountId: account.key }) : reject('identity.nothing_due')
}
