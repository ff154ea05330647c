import type { Opened } from '#libs/contracts/sealed.ts'
import type { EventBody, ServerFrameOf } from '#libs/protocols/native/server-frames.ts'
import type { ChannelEventOf } from '../events.ts'
import type { PollView } from './view.ts'

type Bodies = { readonly [Kind in EventBody['kind']]: Extract<EventBody, { kind: Kind }> }

/** The answers of a poll, as its event has them. */
export const decodeOptions = (options: string | null | undefined): string[] | null =>
  options ? (JSON.parse(options) as string[]) : null

/** Undefined where who asked is erased. */
export const pollStarted = (event: Opened<ChannelEventOf<'PollStarted'>>): Bodies['poll-started'] | undefined => {
  const { pollId, actor, question, options, weighted, changeable, hidden, endsAt } = event
  if (question === undefined || options === undefined) return undefined
  const asked = { question, options: decodeOptions(options) }
  return { kind: 'poll-started', id: pollId, actor, ...asked, weighted, changeable, hidden, endsAt }
}

/** What is not told has no totals. */
const results = (voters: number, totals: readonly number[], isHidden: boolean) => ({
  voters,
  ...(!isHidden && totals.length > 0 && { totals: [...totals] }),
})

export const pollEnded = ({
  pollId,
  cause,
  actor,
  voters,
  totals,
}: Opened<ChannelEventOf<'PollEnded'>>): Bodies['poll-ended'] => ({
  kind: 'poll-ended',
  id: pollId,
  cause,
  actor,
  ...results(voters, totals, false),
})

/** As who joins is told of the poll that runs. */
export const pollShown = (poll: PollView): NonNullable<ServerFrameOf<'joined'>['poll']> => {
  const { pollId: id, actor, question, options, weighted, changeable, hidden, startedAt, endsAt } = poll
  const asked = { question, options: options && [...options] }
  const shown = { id, actor, ...asked, weighted, changeable, hidden, startedAt, endsAt }
  return { ...shown, ...results(poll.voters, poll.totals, hidden) }
}

/** How the votes stand. */
export const pollFrame = (channel: string, { pollId, voters, totals, hidden }: PollView): ServerFrameOf<'poll'> => ({
  type: 'poll',
  channel,
  poll: pollId,
  ...results(voters, totals, hidden),
})
