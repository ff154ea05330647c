import type { ChannelEvent } from '#libs/contracts/generated/channel.ts'
import type { Opened } from '#libs/contracts/sealed.ts'
import type { OutcomeRecord } from '#libs/journal/outcome.ts'
import { storable } from '#libs/readmodel/events.ts'
import type { Mark } from '../state/marks.ts'
import type { AddressesRow, MarkRow } from './channel-rows.ts'

/** A ban that ends lets go of its addresses: one that begins in the same batch has none of them. */
export const addressesIn = (event: Opened<ChannelEvent>): Omit<AddressesRow, 'channel_id'> | undefined => {
  switch (event.type) {
    case 'AddressesBanned':
      return { member_id: event.member, addresses: event.keys.length }
    case 'AddressBanLifted':
    case 'BanEnded':
      return { member_id: event.member, addresses: 0 }
    default:
      return undefined
  }
}

/** What an event says of a mark; undefined where it says nothing. */
export const markRow = (
  { key: channel_id, at: since, n }: OutcomeRecord,
  event: Opened<ChannelEvent>,
): MarkRow | undefined => {
  switch (event.type) {
    case 'SubscriptionGranted': {
      const { member, actor, until, tier } = event
      return {
        channel_id,
        member_id: member,
        mark: 'subscription',
        ended: false,
        until,
        value: tier,
        actor,
        reason: null,
        origin: null,
        since,
        n,
      }
    }
    case 'SubscriptionEnded':
      return endedRow(channel_id, event.member, 'subscription', since, n)
    case 'MemberBanned': {
      const { member, until, origin } = event
      const nobody = { value: null, actor: null, reason: null, origin }
      return { channel_id, member_id: member, mark: 'ban', ended: false, until, ...nobody, since, n }
    }
    case 'BanEnded':
      return endedRow(channel_id, event.member, 'ban', since, n)
    case 'MemberMarked': {
      const { member, mark, until, value, actor } = event
      const reason = storable(event.reason)
      return { channel_id, member_id: member, mark, ended: false, until, value, actor, reason, origin: null, since, n }
    }
    case 'MarkEnded':
      return endedRow(channel_id, event.member, event.mark, since, n)
    default:
      return undefined
  }
}

const endedRow = (channel_id: string, member_id: string, mark: Mark, since: number, n: number): MarkRow => ({
  channel_id,
  member_id,
  mark,
  ended: true,
  until: null,
  value: null,
  actor: null,
  reason: null,
  origin: null,
  since,
  n,
})
