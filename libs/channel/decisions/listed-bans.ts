import { isNumericId } from '#libs/access/principal.ts'
import type { DecideContext, Decision } from '#libs/journal/decider.ts'
import { addressesBanned } from '../address-bans/decide.ts'
import { addressesEachOf } from '../address-bans/facts.ts'
import { addressesUnread, maxAddressBans } from '../address-bans/rules.ts'
import { applying, bansAtOnce } from '../casework/ban-lists.ts'
import type { Quorum } from '../casework/proposals.ts'
import type { ChannelCommandOf } from '../commands.ts'
import { reject } from '../errors.ts'
import type { ChannelDraft, ChannelDraftOf } from '../events.ts'
import {
  bannableByList,
  knownSource,
  notChannelsManager,
  roomToBan,
  roomToWait,
  tooManyBans,
} from '../rules/ban-lists.ts'
import { notClock, unknown } from '../rules/existence.ts'
import { notAlone, proposable } from '../rules/quorum.ts'
import { notAllowed } from '../rules/ranks.ts'
import { unfitReason } from '../rules/text.ts'
import { marksOf } from '../state/marks.ts'
import type { Channel } from '../state.ts'
import { acceptHidden, type Decide, type LogEntry, logEntry } from './accept.ts'
import { platformActor } from './filtering.ts'
import { proposedEach } from './quorum.ts'

type Entries = readonly { readonly member: string; readonly reason: string | null }[]

/** Bans of many, and how many of them with their addresses. */
type Bans = { readonly events: readonly ChannelDraft[]; readonly addresses: number }

/** An event and an entry of the log each, and with their addresses where those go along. */
const bans = (
  entries: Entries,
  channel: Channel,
  context: DecideContext,
  { origin, ...entry }: Partial<LogEntry> & { readonly origin: string | null },
): Bans => {
  const addressed = withAddresses(entries, channel, context)
  const events = [
    ...entries.map(({ member }, index): ChannelDraft => {
      return { type: 'MemberBanned', seq: channel.seq + 1 + index, member, until: null, origin }
    }),
    ...entries.map(({ member, reason }, index) =>
      logEntry({ ...channel, moderationSeq: channel.moderationSeq + index }, context, {
        action: 'ban_member',
        ...entry,
        member,
        reason,
        origin,
      }),
    ),
    ...addressed.flatMap(({ member, reason, keys }, index) =>
      addressesBanned(keys, { member, reason }, channel, context, entries.length + index),
    ),
  ]
  return { events, addresses: addressed.length }
}

/** Of these those who are banned with their addresses, as far as the channel has room. */
const withAddresses = (entries: Entries, { marks }: Channel, { facts }: DecideContext) => {
  const known = addressesEachOf(facts)
  let room = maxAddressBans - marks.byAddress.size
  return entries.flatMap((entry) => {
    const keys = known.get(entry.member) ?? []
    if (keys.length === 0 || keys.length > room) return []
    room -= keys.length
    return [{ ...entry, keys }]
  })
}

const told = (channel: Channel, count: number, addresses: number) => ({
  seq: channel.seq + count,
  moderationSeq: channel.moderationSeq + count + addresses,
  banned: count,
})

export const receiveBanList: Decide<ChannelCommandOf<'ReceiveBanList'>> = (list, channel, context) => {
  const { source } = list
  const refused = notChannelsManager(context) ?? unknown(channel)
  if (refused) return refused
  const known = knownSource(channel, source)
  if ('kind' in known) return known
  const { pending } = channel.casework.banLists
  const waits = new Set(pending.filter((each) => each.source === source).map(({ member }) => member))
  const added = list.added
    .filter((member) => isNumericId(member) && !waits.has(member) && bannableByList(channel, member, context.at))
    .slice(0, Math.max(0, roomToWait(channel)))
  const removed = list.removed.filter((member) => waits.has(member))
  const lifted = list.removed
    .filter((member) => known.mode === 'apply' && marksOf(channel.marks, member).ban?.origin === source)
    .slice(0, bansAtOnce)
  if (added.length + removed.length + lifted.length === 0) return reject('channel.ban_list_unchanged')
  return {
    kind: 'accepted',
    events: [
      ...lifted.map((member, index): ChannelDraft => {
        return { type: 'BanEnded', seq: channel.seq + 1 + index, member, cause: 'lifted' }
      }),
      { type: 'BanListReceived', source, added, removed },
      logEntry(channel, context, {
        action: 'receive_ban_list',
        actor: platformActor,
        origin: source,
        value: added.length,
        ...(lifted.length > 0 && { related: lifted, label: 'lifted' }),
      }),
    ],
    summary: { seq: channel.seq + lifted.length, moderationSeq: channel.moderationSeq + 1 },
  }
}

/**
 * Where a ban without end takes several moderators, who accepts those of a list proposes them. Who is proposed already, or
 * finds no room, goes on waiting in the list.
 */
const proposedByList = (
  entries: Entries,
  reviewed: ChannelDraftOf<'BanListReviewed'>,
  quorum: Quorum,
  channel: Channel,
  context: DecideContext,
): Decision<ChannelDraft> => {
  const { source: origin } = reviewed
  const found = proposable(
    channel,
    entries.map(({ member }) => member),
  )
  if ('kind' in found) return found
  const addressed = new Map(withAddresses(entries, channel, context).map(({ member, keys }) => [member, keys]))
  const acts = entries
    .filter(({ member }) => found.has(member))
    .map((entry) => ({ ...entry, origin, keys: addressed.get(entry.member) ?? [] }))
  const decision = proposedEach(acts, quorum, channel, context)
  if (decision.kind === 'rejected') return decision
  const left = new Set(entries.flatMap(({ member }) => (found.has(member) ? [] : [member])))
  const members = reviewed.members.filter((member) => !left.has(member))
  return { ...decision, events: [...decision.events, { ...reviewed, members }] }
}

export const reviewBanList: Decide<ChannelCommandOf<'ReviewBanList'>> = (review, channel, context) => {
  const { source, accept, reason } = review
  const refused =
    unknown(channel) ??
    notAllowed(channel, 'ban', context) ??
    addressesUnread('ban', context) ??
    tooManyBans(review.members) ??
    unfitReason(reason)
  if (refused) return refused
  const asked = new Set(review.members)
  const waits = channel.casework.banLists.pending.filter((each) => each.source === source && asked.has(each.member))
  if (waits.length === 0) return reject('channel.nothing_pending')
  const members = waits.map(({ member }) => member)
  const reviewed: ChannelDraftOf<'BanListReviewed'> = { type: 'BanListReviewed', source, members, accepted: accept }
  if (!accept)
    return acceptHidden(channel, context, [reviewed], {
      action: 'review_ban_list',
      origin: source,
      value: members.length,
      related: members,
      reason,
    })
  const entries = members
    .filter((member) => bannableByList(channel, member, context.at))
    .slice(0, Math.max(0, roomToBan(channel)))
    .map((member) => ({ member, reason }))
  const { quorum } = channel.casework
  if (quorum && entries.length > 0) return proposedByList(entries, reviewed, quorum, channel, context)
  const { events, addresses } = bans(entries, channel, context, { origin: source })
  return {
    kind: 'accepted',
    events: [...events, reviewed],
    summary: told(channel, entries.length, addresses),
  }
}

export const applyBanLists: Decide<ChannelCommandOf<'ApplyBanLists'>> = ({ dueAt }, channel, context) => {
  const refused = notClock(context.principal) ?? unknown(channel)
  if (refused) return refused
  const now = Math.max(context.at, dueAt)
  const due = applying(channel.casework).filter(({ at }) => at <= now)
  // All of one time are done at once, so that the next due time is a later one.
  const turn = due.filter(({ at }, index) => index < bansAtOnce || at <= dueAt)
  if (turn.length === 0) return reject('channel.nothing_due')
  let counted: readonly ChannelDraft[] = []
  const reviewed: ChannelDraft[] = []
  let next = channel
  for (const source of new Set(turn.map((each) => each.source))) {
    const members = turn.flatMap((each) => (each.source === source ? [each.member] : []))
    const seen = new Set(counted.flatMap((event) => (event.type === 'MemberBanned' ? [event.member] : [])))
    const entries = members
      .filter((member) => bannableByList(channel, member, context.at) && !seen.has(member))
      .map((member) => ({ member, reason: null }))
    counted = [...counted, ...bans(entries, next, context, { origin: source, actor: platformActor }).events]
    next = { ...next, seq: next.seq + entries.length, moderationSeq: next.moderationSeq + entries.length }
    reviewed.push({ type: 'BanListReviewed', source, members, accepted: true })
  }
  return { kind: 'accepted', events: [...counted, ...reviewed], summary: told(channel, next.seq - channel.seq, 0) }
}

export const importBans: Decide<ChannelCommandOf<'ImportBans'>> = (list, channel, context) => {
  const { members, reasons, reason } = list
  const refused =
    unknown(channel) ??
    notAllowed(channel, 'import_bans', context) ??
    addressesUnread('import_bans', context) ??
    notAlone(channel) ??
    tooManyBans(members) ??
    [reason, ...reasons].map(unfitReason).find((each) => each !== undefined)
  if (refused) return refused
  const seen = new Set<string>()
  const entries = members
    .map((member, index) => ({ member, reason: reasons[index] || reason }))
    .filter(({ member }) => {
      const isNew = isNumericId(member) && !seen.has(member) && bannableByList(channel, member, context.at)
      seen.add(member)
      return isNew
    })
    .slice(0, Math.max(0, roomToBan(channel)))
  if (entries.length === 0) return reject('channel.nothing_to_import')
  const { events, addresses } = bans(entries, channel, context, { origin: null, label: 'import' })
  return { kind: 'accepted', events, summary: told(channel, entries.length, addresses) }
}
