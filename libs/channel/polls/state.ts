import { Map as ImmutableMap } from 'immutable'
import type { Instant } from '#libs/journal/log.ts'
import type { ChannelEvent, ChannelEventOf } from '../events.ts'

export type Vote = { readonly option: number; readonly weight: number }

/** The poll that runs. What it asks is not held. */
export type Poll = {
  readonly pollId: string
  readonly optionCount: number
  readonly weighted: boolean
  readonly changeable: boolean
  readonly endsAt: Instant
  readonly votes: ImmutableMap<string, Vote>
  /** By option. */
  readonly totals: readonly number[]
  /** Number of the last vote. */
  readonly ballot: number
}

export type PollEvent = ChannelEventOf<'PollStarted' | 'VoteCast' | 'PollEnded'>

export const isPollEvent = (event: ChannelEvent): event is PollEvent =>
  event.type === 'PollStarted' || event.type === 'VoteCast' || event.type === 'PollEnded'

export const evolvePoll = (poll: Poll | undefined, event: PollEvent): Poll | undefined => {
  switch (event.type) {
    case 'PollStarted': {
      const { pollId, optionCount, weighted, changeable, endsAt } = event
      const totals = Array.from({ length: optionCount }, () => 0)
      return { pollId, optionCount, weighted, changeable, endsAt, votes: ImmutableMap(), totals, ballot: 0 }
    }
    case 'VoteCast': {
      const { member, option, weight, totals, ballot } = event
      return poll && { ...poll, votes: poll.votes.set(member, { option, weight }), totals, ballot }
    }
    case 'PollEnded':
      return undefined
  }
}

/** Plain JSON for snapshots, the votes in the order of their voters. */
export type EncodedPoll = Omit<Poll, 'votes'> & { readonly votes: readonly (readonly [string, Vote])[] }

export const encodePoll = (poll: Poll): EncodedPoll => ({
  ...poll,
  votes: [...poll.votes].sort(([one], [other]) => (one < other ? -1 : 1)),
})

export const decodePoll = (encoded: EncodedPoll): Poll => ({ ...encoded, votes: ImmutableMap(encoded.votes) })
