import { decideOwn } from './account/decide.ts'
import { decideAddress } from './addresses/decide.ts'
import type { IdentityCommand, IdentityCommandOf } from './commands.ts'
import { accept, type Decide } from './decision.ts'
import { decideExport } from './export/decide.ts'
import { decideFactors } from './factors/decide.ts'
import { decideHandle } from './handles/decide.ts'
import { decideName } from './names/decide.ts'
import {
  accountExists,
  accountNotOpen,
  handleNotHeld,
  handleTaken,
  notAHandleKey,
  notAnAccountKey,
} from './rules/aggregates.ts'
import { unfitDisplayName, unfitEmail, unfitHandle, unfitHolder } from './rules/profile.ts'
import { reservedHandle } from './rules/reserved.ts'
import { notClaimant, notHandlesManager, notInCharge } from './rules/senders.ts'
import { sessionsRevoked, tooManySessions } from './rules/sessions.ts'
import { decideSecurity } from './security/decide.ts'
import type { IdentityState } from './state.ts'

/** The rules of accounts and handles, each command's in the order in which a person is told of them. */
export const decide: Decide<IdentityCommand> = (command, state, context) => {
  switch (command.type) {
    case 'ClaimHandle':
      return claimHandle(command, state, context)
    case 'ReleaseHandle':
      return releaseHandle(command, state, context)
    case 'OpenAccount':
      return openAccount(command, state, context)
    case 'RecordPasswordChange':
      return recordPasswordChange(command, state, context)
    case 'EraseAccount':
      return eraseAccount(command, state, context)
    case 'ReserveName':
    case 'EndNameReservation':
    case 'LapseName':
    case 'KeepName':
    case 'ReleaseName':
      return decideName(command, state, context)
    case 'TakeHandle':
    case 'ChangeHandle':
    case 'RetireHandle':
    case 'EndRetirement':
      return decideHandle(command, state, context)
    case 'ConfirmEmail':
    case 'AcceptTerms':
    case 'ChangeProfile':
    case 'BlockAccount':
    case 'UnblockAccount':
    case 'DeactivateAccount':
    case 'ReactivateAccount':
    case 'ScheduleErasure':
    case 'CancelErasure':
    case 'CompleteErasure':
      return decideOwn(command, state, context)
    case 'AddFactor':
    case 'RemoveFactor':
    case 'RemovePassword':
    case 'IssueRecoveryCodes':
    case 'UseRecoveryCode':
    case 'RecordFailedFactor':
    case 'RenewAuthentication':
    case 'ScheduleFactorReset':
    case 'CancelFactorReset':
    case 'CompleteFactorReset':
      return decideFactors(command, state, context)
    case 'RecordExport':
      return decideExport(command, state, context)
    case 'BanAddress':
    case 'LiftAddressBan':
      return decideAddress(command, state, context)
    default:
      return decideSecurity(command, state, context)
  }
}

/** Final at once: of two that claim one handle, the log's order says whose it is. */
const claimHandle: Decide<IdentityCommandOf<'ClaimHandle'>> = (claim, state, { principal }) =>
  notAHandleKey(state) ??
  notClaimant(claim, principal) ??
  unfitHandle(claim.handle) ??
  reservedHandle(claim.handle, principal) ??
  unfitHolder(claim) ??
  unfitDisplayName(claim.displayName) ??
  unfitEmail(claim.email) ??
  handleTaken(state) ??
  accept(
    [
      {
        type: 'HandleClaimed',
        holderKind: claim.holderKind,
        holderId: claim.holderId,
        ownerId: claim.ownerId,
        handle: claim.handle,
        displayName: claim.displayName,
        email: claim.email,
        platformRole: claim.platformRole,
        termsVersion: claim.termsVersion,
        invitedBy: claim.invitedBy,
        createdAt: claim.createdAt,
        nameKey: claim.nameKey,
        displayNameKey: claim.displayNameKey,
        previousKey: claim.previousKey,
      },
    ],
    { holderId: claim.holderId },
  )

/** Of an account that could not be opened, or a channel that could not be created. An erased account's stays claimed. */
const releaseHandle: Decide<IdentityCommandOf<'ReleaseHandle'>> = ({ holderId }, state, { principal }) =>
  notAHandleKey(state) ??
  notHandlesManager(principal) ??
  handleNotHeld(state, holderId) ??
  accept([{ type: 'HandleReleased', holderId, ...nameOf(state) }])

/** The name that is kept for a handle, and for whom. */
const nameOf = (state: IdentityState) =>
  state.kind === 'handle' ? { ownerId: state.ownerId, nameKey: state.nameKey } : { ownerId: null, nameKey: null }

const openAccount: Decide<IdentityCommandOf<'OpenAccount'>> = (open, state, { principal }) =>
  notAnAccountKey(state) ??
  notHandlesManager(principal) ??
  accountExists(state) ??
  accept(
    [
      {
        type: 'AccountOpened',
        accountId: state.key,
        handle: open.handle,
        displayName: open.displayName,
        email: open.email,
        platformRole: open.platformRole,
        termsVersion: open.termsVersion,
        invitedBy: open.invitedBy,
        createdAt: open.createdAt,
        handleKey: open.handleKey,
        displayNameKey: open.displayNameKey,
      },
    ],
    { accountId: state.key },
  )

const recordPasswordChange: Decide<IdentityCommandOf<'RecordPasswordChange'>> = ({ sessionIds }, state, context) =>
  notAnAccountKey(state) ??
  notInCharge(state.key, context) ??
  accountNotOpen(state) ??
  tooManySessions(sessionIds) ??
  accept([{ type: 'PasswordChanged' }, ...sessionsRevoked(sessionIds)])

const eraseAccount: Decide<IdentityCommandOf<'EraseAccount'>> = (_erase, state, context) =>
  notAnAccountKey(state) ??
  notInCharge(state.key, context) ??
  accountNotOpen(state) ??
  accept([{ type: 'AccountErased', accountId: state.key }])
