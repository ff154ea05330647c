import type { Instant } from '#libs/journal/log.ts'
import type { ChannelEventOf } from '../events.ts'
import type { Quorum } from './proposals.ts'

export type FollowMode = ChannelEventOf<'BanListSubscribed'>['mode']

/** A channel whose bans are followed. */
export type Source = { readonly channel: string; readonly mode: FollowMode }

/** A ban of another channel that waits: for a moderator, or for its turn to count. */
export type PendingBan = { readonly source: string; readonly member: string; readonly at: Instant }

/** The bans of a channel as others follow them, and those of others that are followed here. */
export type BanLists = {
  readonly published: boolean
  /** Channels that follow the bans of this one. */
  readonly subscribers: readonly string[]
  readonly sources: readonly Source[]
  /** The oldest first. */
  readonly pending: readonly PendingBan[]
}

export const noBanLists: BanLists = { published: false, subscribers: [], sources: [], pending: [] }

export const maxSubscribers = 100
export const maxSources = 20
export const maxPending = 10_000
/** Bans that one command carries or counts, at most: each is an event, and an entry of the log. */
export const bansAtOnce = 100
/** Bans that a new subscriber gets, the first of them by id. */
export const maxShared = 5_000

/** Who comes so far behind waits for a later turn, so that each turn has a time of its own. */
const received = ({ source, added, removed }: ChannelEventOf<'BanListReceived'>, lists: BanLists, at: Instant) => {
  const gone = new Set(removed)
  const left = lists.pending.filter((each) => each.source !== source || !gone.has(each.member))
  const waits = added.map((member, index) => ({ source, member, at: at + Math.floor(index / bansAtOnce) }))
  return { ...lists, pending: [...left, ...waits] }
}

type BanListEvent = ChannelEventOf<
  | 'BanListPublished'
  | 'BanListSubscribed'
  | 'BanListUnsubscribed'
  | 'BanListSubscriberAdded'
  | 'BanListSubscriberRemoved'
  | 'BanListReceived'
  | 'BanListReviewed'
>

export const changeBanLists = (lists: BanLists, event: BanListEvent, at: Instant): BanLists => {
  const { subscribers, sources, pending } = lists
  switch (event.type) {
    case 'BanListPublished':
      return { ...lists, published: event.published, subscribers: event.published ? subscribers : [] }
    case 'BanListSubscribed': {
      const others = sources.filter(({ channel }) => channel !== event.source)
      return { ...lists, sources: [...others, { channel: event.source, mode: event.mode }] }
    }
    case 'BanListUnsubscribed':
      return {
        ...lists,
        sources: sources.filter(({ channel }) => channel !== event.source),
        pending: pending.filter(({ source }) => source !== event.source),
      }
    case 'BanListSubscriberAdded':
      return { ...lists, subscribers: [...subscribers.filter((each) => each !== event.subscriber), event.subscriber] }
    case 'BanListSubscriberRemoved':
      return { ...lists, subscribers: subscribers.filter((each) => each !== event.subscriber) }
    case 'BanListReceived':
      return received(event, lists, at)
    case 'BanListReviewed': {
      const done = new Set(event.members)
      return { ...lists, pending: pending.filter((each) => each.source !== event.source || !done.has(each.member)) }
    }
  }
}

type Lists = { readonly banLists: BanLists; readonly quorum: Quorum | null }

/** Bans that wait for nobody, in their order: none where a ban without end takes several moderators. */
export const applying = ({ banLists: { pending, sources }, quorum }: Lists): readonly PendingBan[] => {
  if (quorum) return []
  const applied = new Set(sources.filter(({ mode }) => mode === 'apply').map(({ channel }) => channel))
  return applied.size === 0 ? [] : pending.filter(({ source }) => applied.has(source))
}

/** When the next of them counts; undefined where none waits for that. */
export const nextApplying = (lists: Lists): Instant | undefined => {
  if (lists.banLists.pending.length === 0) return undefined
  let earliest: Instant | undefined
  for (const { at } of applying(lists)) if (earliest === undefined || at < earliest) earliest = at
  return earliest
}
