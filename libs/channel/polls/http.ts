import { z } from 'zod'
import { Cursor, NumericId, pageLimit, Timestamp, timestamp, Uuidv7 } from '#libs/http/ids.ts'
import { HttpProblem } from '#libs/http/problem.ts'
import { routesOf } from '#libs/http/route.ts'
import { type ChannelEdge, channelOr404 } from '../http/edge.ts'
import { channelParams } from '../http/schemas.ts'
import type { StoredPoll } from './queries.ts'

const route = routesOf<ChannelEdge>()
const tag = 'polls'

const Poll = z
  .strictObject({
    id: Uuidv7,
    seq: z.int().meta({ description: 'Where it was started, in the public lane' }),
    actor: NumericId.meta({ description: 'Who asked' }),
    question: z.string().nullable().meta({ description: 'null, like the options: who asked is erased' }),
    options: z.array(z.string()).nullable(),
    weighted: z.boolean().meta({ description: 'A vote counts 1 and the tier of the voter’s subscription' }),
    changeable: z.boolean(),
    hidden: z.boolean().meta({ description: 'Results are shown only at the end' }),
    startedAt: Timestamp,
    endsAt: Timestamp,
    endedAt: Timestamp.nullable(),
    cause: z.enum(['expired', 'ended', 'cancelled']).nullable().meta({ description: 'null: it is running' }),
    voters: z.int(),
    totals: z
      .array(z.int())
      .nullable()
      .meta({ description: 'By option; null while hidden, or where it was cancelled' }),
  })
  .meta({ id: 'Poll' })

const shown = (poll: StoredPoll) => ({
  id: poll.pollId,
  seq: poll.seq,
  actor: poll.actor,
  question: poll.question,
  options: poll.options && [...poll.options],
  weighted: poll.weighted,
  changeable: poll.changeable,
  hidden: poll.hidden,
  startedAt: timestamp(poll.startedAt),
  endsAt: timestamp(poll.endsAt),
  endedAt: poll.endedAt === null ? null : timestamp(poll.endedAt),
  cause: poll.cause,
  voters: poll.voters,
  totals: (poll.hidden && poll.cause === null) || poll.cause === 'cancelled' ? null : [...poll.totals],
})

const read = {
  method: 'GET',
  tag,
  access: { channel: 'read' },
  rate: 'read',
  reads: ['channels'],
} as const

const listPolls = route({
  ...read,
  path: '/v1/channels/{channelId}/polls',
  id: 'listPolls',
  summary: 'Polls of a channel, the latest first; the one that runs among them',
  description: 'They are started, ended and voted in with acts.',
  auth: 'none',
  params: channelParams,
  query: z.strictObject({
    before: Cursor.optional().meta({ description: 'Only those that were started at a lower number' }),
    limit: pageLimit(100, 20),
  }),
  responses: {
    200: {
      description: 'A page',
      body: z.strictObject({
        polls: z.array(Poll),
        before: z.int().nullable().meta({ description: 'For the next page; null: there is none' }),
      }),
    },
  },
  errors: ['channel.unknown'],
  handler: async ({ params: { channelId }, query: { before, limit } }, edge) => {
    await channelOr404(edge, channelId)
    const found = await edge.polls.list(channelId, { before, limit: limit + 1 })
    const page = found.slice(0, limit)
    return {
      status: 200,
      body: { polls: page.map(shown), before: found.length > limit ? (page.at(-1)?.seq ?? null) : null },
    }
  },
})

const getPoll = route({
  ...read,
  path: '/v1/channels/{channelId}/polls/{pollId}',
  id: 'getPoll',
  summary: 'One poll, and how one has voted oneself',
  auth: 'optional',
  scopes: ['chat:read'],
  params: channelParams.extend({ pollId: Uuidv7 }),
  responses: {
    200: {
      description: 'The poll',
      body: Poll.extend({
        vote: z
          .int()
          .nullable()
          .meta({ description: 'The option that one has chosen; what others have, nobody is told' }),
      }).meta({ id: 'PollWithVote' }),
    },
  },
  errors: ['http.not_found'],
  handler: async ({ params: { channelId, pollId }, caller }, edge) => {
    const poll = await edge.polls.get(channelId, pollId)
    if (!poll) throw new HttpProblem('http.not_found')
    const vote = caller && (await edge.polls.voteOf(channelId, pollId, caller.accountId))
    return { status: 200, body: { ...shown(poll), vote: vote ?? null } }
  },
})

export const pollRoutes = [listPolls, getPoll]
