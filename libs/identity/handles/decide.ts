import type { Rejection } from '#libs/journal/decider.ts'
import type { IdentityCommandOf } from '../commands.ts'
import { accept, type Decide } from '../decision.ts'
import { reject } from '../errors.ts'
import { accountNotOpen, handleNotHeld, notAHandleKey, notAnAccountKey } from '../rules/aggregates.ts'
import { unfitHandle } from '../rules/profile.ts'
import { reservedHandle } from '../rules/reserved.ts'
import { notClock, notHandlesManager, notRetiring, notThemselves } from '../rules/senders.ts'
import type { IdentityState } from '../state.ts'

export type HandleCommand = IdentityCommandOf<'TakeHandle' | 'ChangeHandle' | 'RetireHandle' | 'EndRetirement'>

/** How long a handle that was left is kept for who had it. */
export const retirementMs = 30 * 24 * 60 * 60_000

/** How long an account goes by a handle at least, so that nobody keeps many. */
export const handleKeptMs = 7 * 24 * 60 * 60_000

/**
 * The rules of a change of handle. The new one is taken first, which is final at once, then the manager of handles gives
 * it to the account and takes the old one out of use; where the account will not have it, what was taken is given back.
 */
export const decideHandle: Decide<HandleCommand> = (command, state, context) => {
  switch (command.type) {
    case 'TakeHandle':
      return takeHandle(command, state, context)
    case 'ChangeHandle':
      return changeHandle(command, state, context)
    case 'RetireHandle':
      return retireHandle(command, state, context)
    case 'EndRetirement':
      return endRetirement(command, state, context)
  }
}

/** What a handle is to who would take it; undefined where somebody else has it. */
const heldBefore = (state: IdentityState, holderId: string): 'free' | 'retired' | 'current' | undefined => {
  if (state.kind === 'none') return 'free'
  if (state.kind !== 'handle' || state.holderKind !== 'account' || state.holderId !== holderId) return undefined
  return state.retiredUntil === null ? 'current' : 'retired'
}

const takeHandle: Decide<IdentityCommandOf<'TakeHandle'>> = (take, state, { principal }) => {
  const { holderId, handle, previousKey, nameKey } = take
  const refused =
    notAHandleKey(state) ??
    notThemselves(holderId, principal) ??
    unfitHandle(handle) ??
    reservedHandle(handle, principal)
  if (refused) return refused
  const held = heldBefore(state, holderId)
  if (held === undefined) return reject('identity.handle_taken')
  // One that was held before has its name kept already.
  const fresh = held === 'free' ? nameKey : null
  return accept([{ type: 'HandleTaken', holderId, handle, held, previousKey, nameKey: fresh }], { holderId })
}

const changedLately = (state: IdentityState, at: number): Rejection | undefined => {
  const remainingMs = state.kind === 'account' ? (state.handleChangedAt ?? -handleKeptMs) + handleKeptMs - at : 0
  return remainingMs > 0 ? reject('identity.handle_changed_lately', { remainingMs }) : undefined
}

const changeHandle: Decide<IdentityCommandOf<'ChangeHandle'>> = (change, state, { principal, at }) =>
  notAnAccountKey(state) ??
  notHandlesManager(principal) ??
  accountNotOpen(state) ??
  changedLately(state, at) ??
  accept([
    {
      type: 'HandleChanged',
      accountId: state.key,
      handle: change.handle,
      handleKey: change.handleKey,
      previousKey: (state.kind === 'account' ? state.handleKey : null) ?? change.previousKey,
    },
  ])

const retireHandle: Decide<IdentityCommandOf<'RetireHandle'>> = ({ holderId }, state, { principal, at }) =>
  notAHandleKey(state) ??
  notRetiring(principal) ??
  handleNotHeld(state, holderId) ??
  accept([{ type: 'HandleRetired', holderId, until: at + retirementMs }])

const endRetirement: Decide<IdentityCommandOf<'EndRetirement'>> = ({ dueAt }, state, { principal, at }) => {
  const refused = notClock(principal)
  if (refused) return refused
  const isOver = state.kind === 'handle' && state.retiredUntil !== null && state.retiredUntil <= Math.max(at, dueAt)
  if (!isOver) return reject('identity.nothing_due')
  const { holderId, ownerId, nameKey } = state
  return accept([{ type: 'HandleReleased', holderId, ownerId, nameKey }])
}
