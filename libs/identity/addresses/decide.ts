import { mayOnPlatform } from '#libs/access/platform.ts'
import { isPerson, system } from '#libs/access/principal.ts'
import { parseRange, rangeText } from '#libs/addresses/range.ts'
import type { DecideContext, Rejection } from '#libs/journal/decider.ts'
import type { Instant } from '#libs/journal/log.ts'
import { platformSubject } from '#libs/vault/platform-subject.ts'
import type { IdentityCommand, IdentityCommandOf } from '../commands.ts'
import { accept, type Decide } from '../decision.ts'
import { reject } from '../errors.ts'
import { notAHandleKey } from '../rules/aggregates.ts'
import { unfitReason, unfitTerm } from '../security/rules.ts'
import type { IdentityState } from '../state.ts'

export type AddressCommand = IdentityCommandOf<'BanAddress' | 'LiftAddressBan'>

/** Whether the platform's key seals what comes of a command. */
export const sealsForPlatform = (command: IdentityCommand): boolean =>
  command.type === 'BanAddress' || command.type === 'LiftAddressBan'

const notAllowed = ({ principal, facts }: DecideContext): Rejection | undefined => {
  const isStaff = isPerson(principal) && mayOnPlatform(facts.platformRole, 'ban_addresses')
  return isStaff || principal === system ? undefined : reject('identity.forbidden')
}

const unfitRange = (range: string): Rejection | undefined =>
  parseRange(range) ? undefined : reject('identity.range_invalid')

const notBanned = (state: IdentityState, at: Instant): Rejection | undefined =>
  state.kind === 'address' && (state.until === null || state.until > at)
    ? undefined
    : reject('identity.address_not_banned')

/** Staff ban addresses, each a key of its own. One that is banned already is banned anew: for another time, and why. */
export const decideAddress: Decide<AddressCommand> = (command, state, context) =>
  command.type === 'BanAddress' ? banAddress(command, state, context) : liftBan(command, state, context)

const banAddress: Decide<IdentityCommandOf<'BanAddress'>> = ({ range, reason, until }, state, context) =>
  notAHandleKey(state) ??
  notAllowed(context) ??
  unfitRange(range) ??
  unfitReason(reason) ??
  unfitTerm(until, context.at) ??
  accept({
    type: 'AddressBanned',
    keeper: platformSubject,
    actor: context.principal,
    range: canonical(range),
    reason,
    until,
  })

const liftBan: Decide<IdentityCommandOf<'LiftAddressBan'>> = ({ reason }, state, context) =>
  notAHandleKey(state) ??
  notAllowed(context) ??
  unfitReason(reason) ??
  notBanned(state, context.at) ??
  accept({ type: 'AddressBanLifted', keeper: platformSubject, actor: context.principal, reason })

const canonical = (text: string): string => {
  const range = parseRange(text)
  return range ? rangeText(range) : text
}
