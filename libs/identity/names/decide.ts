import type { Rejection } from '#libs/journal/decider.ts'
import type { IdentityCommandOf } from '../commands.ts'
import { accept, type Decide } from '../decision.ts'
import { reject } from '../errors.ts'
import { notAHandleKey } from '../rules/aggregates.ts'
import { notClock, notHandlesManager, notThemselves } from '../rules/senders.ts'
import type { IdentityState } from '../state.ts'

export type NameCommand = IdentityCommandOf<
  'ReserveName' | 'EndNameReservation' | 'LapseName' | 'KeepName' | 'ReleaseName'
>

/** How long a name waits for the handle or the name shown that needs it: longer than any command takes. */
export const reservationMs = 10 * 60_000

/**
 * The rules of names. Who needs one reserves it first, and the manager of handles keeps it once what needed it is there; a
 * reservation that nothing came of ends by itself.
 */
export const decideName: Decide<NameCommand> = (command, state, context) => {
  switch (command.type) {
    case 'ReserveName':
      return reserveName(command, state, context)
    case 'EndNameReservation':
      return endReservation(command, state, context)
    case 'LapseName':
      return lapseName(command, state, context)
    case 'KeepName':
      return keepName(command, state, context)
    case 'ReleaseName':
      return releaseName(command, state, context)
  }
}

/** Of a handle that is somebody's, or about to be, it is told that it is taken: no other name would help. */
const confusable = (state: IdentityState, holderId: string, handleKey: string | null = null): Rejection | undefined => {
  if (state.kind !== 'name' || state.holderId === holderId) return undefined
  const isThatHandle = handleKey !== null && state.handleKey === handleKey
  return reject(isThatHandle ? 'identity.handle_taken' : 'identity.name_confusable')
}

const notHeld = (state: IdentityState, holderId: string): Rejection | undefined =>
  state.kind === 'name' && state.holderId === holderId ? undefined : reject('identity.name_not_held')

const reserveName: Decide<IdentityCommandOf<'ReserveName'>> = ({ holderId, handleKey }, state, { principal, at }) =>
  notAHandleKey(state) ??
  notThemselves(holderId, principal) ??
  confusable(state, holderId, handleKey) ??
  accept([{ type: 'NameReserved', holderId, until: at + reservationMs, handleKey }])

const endReservation: Decide<IdentityCommandOf<'EndNameReservation'>> = ({ holderId }, state, { principal }) =>
  notAHandleKey(state) ??
  notThemselves(holderId, principal) ??
  notHeld(state, holderId) ??
  accept([{ type: 'NameReservationEnded', holderId }])

const lapseName: Decide<IdentityCommandOf<'LapseName'>> = ({ dueAt }, state, { principal, at }) => {
  const refused = notClock(principal)
  if (refused) return refused
  const isOver = state.kind === 'name' && state.reservedUntil !== null && state.reservedUntil <= Math.max(at, dueAt)
  return isOver ? accept([{ type: 'NameReservationEnded', holderId: state.holderId }]) : reject('identity.nothing_due')
}

const keepName: Decide<IdentityCommandOf<'KeepName'>> = ({ holderId, uses }, state, { principal }) =>
  notAHandleKey(state) ??
  notHandlesManager(principal) ??
  confusable(state, holderId) ??
  accept([{ type: 'NameKept', holderId, uses }])

const releaseName: Decide<IdentityCommandOf<'ReleaseName'>> = ({ holderId }, state, { principal }) =>
  notAHandleKey(state) ??
  notHandlesManager(principal) ??
  notHeld(state, holderId) ??
  accept([{ type: 'NameReleased', holderId }])
