import { Map as ImmutableMap } from 'immutable'
import type { ChannelEvent, ChannelEventOf } from '../events.ts'

export type SanctionKind = ChannelEventOf<'AppealOpened'>['sanction']

/** A ban or a timeout that stands: which act began it, and whether it was appealed against. */
export type Sanction = { readonly actId: string; readonly appealed: boolean }

/** By kind and member; there as long as the ban or timeout itself. */
export type Sanctions = ImmutableMap<string, Sanction>

export const noSanctions: Sanctions = ImmutableMap()

const keyOf = (kind: SanctionKind, member: string): string => `${kind} ${member}`

export const sanctionOf = (sanctions: Sanctions, kind: SanctionKind, member: string): Sanction | undefined =>
  sanctions.get(keyOf(kind, member))

export const changeSanction = (
  sanctions: Sanctions,
  kind: SanctionKind,
  member: string,
  sanction: Sanction | undefined,
): Sanctions => {
  const key = keyOf(kind, member)
  return sanction ? sanctions.set(key, sanction) : sanctions.delete(key)
}

/** What begins and ends them. */
export const sanctionTypes = ['MemberBanned', 'BanEnded', 'MemberTimedOut', 'TimeoutEnded'] as const

/** The kind of sanction that begins or ends with an event, and of whom; undefined of all else. */
export const sanctionIn = (
  event: ChannelEvent,
): { readonly kind: SanctionKind; readonly member: string; readonly begins: boolean } | undefined => {
  switch (event.type) {
    case 'MemberBanned':
      return { kind: 'ban', member: event.member, begins: true }
    case 'BanEnded':
      return { kind: 'ban', member: event.member, begins: false }
    case 'MemberTimedOut':
      return { kind: 'timeout', member: event.member, begins: true }
    case 'TimeoutEnded':
      return { kind: 'timeout', member: event.member, begins: false }
    default:
      return undefined
  }
}
