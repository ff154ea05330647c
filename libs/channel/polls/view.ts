import type { Opened } from '#libs/contracts/sealed.ts'
import type { PollEvent } from './state.ts'

/** The poll that runs, as an edge knows it. */
export type PollView = {
  readonly pollId: string
  readonly actor: string
  /** Null, like the options, where who asked is erased. */
  readonly question: string | null
  readonly options: readonly string[] | null
  readonly weighted: boolean
  readonly changeable: boolean
  readonly hidden: boolean
  readonly startedAt: number
  readonly endsAt: number
  readonly voters: number
  readonly totals: readonly number[]
  readonly ballot: number
}

/** The view after one more event. A vote tells what all votes come to with it, so one that is known changes nothing. */
export const evolvePollView = (
  poll: PollView | undefined,
  event: Opened<PollEvent>,
  at: number,
): PollView | undefined => {
  switch (event.type) {
    case 'PollStarted': {
      const { pollId, actor, question, options, optionCount, weighted, changeable, hidden, endsAt } = event
      return {
        pollId,
        actor,
        question: question ?? null,
        options: options === undefined ? null : (JSON.parse(options) as string[]),
        weighted,
        changeable,
        hidden,
        startedAt: at,
        endsAt,
        voters: 0,
        totals: Array.from({ length: optionCount }, () => 0),
        ballot: 0,
      }
    }
    case 'VoteCast': {
      const { pollId, ballot, voters, totals } = event
      return poll?.pollId === pollId && ballot > poll.ballot ? { ...poll, ballot, voters, totals } : poll
    }
    case 'PollEnded':
      return undefined
  }
}

/** The poll once this person is erased. */
export const withoutAsker = (poll: PollView | undefined, accountId: string): PollView | undefined =>
  poll?.actor === accountId ? { ...poll, question: null, options: null } : poll
