import { z } from 'zod'
import { NumericId, Timestamp, timestamp } from '#libs/http/ids.ts'
import { HttpProblem, problemType } from '#libs/http/problem.ts'
import { routesOf } from '#libs/http/route.ts'
import type { Moment, PastChannel, PastJob } from '../past.ts'
import { type ChannelEdge, channelOr404, moderatorsOnly } from './edge.ts'
import { ChannelAsOf } from './schemas.ts'

const route = routesOf<ChannelEdge>()

/** The moment that is asked for; undefined where the text says none. */
export const momentOf = (text: string): Moment | undefined => {
  if (/^channel\.\d{1,5}\.\d{1,15}$/.test(text)) return { position: text }
  const at = z.iso.datetime({ offset: true }).safeParse(text).success ? Date.parse(text) : Number.NaN
  return Number.isNaN(at) ? undefined : { at }
}

/** RFC 3339, or a position as answers carry it. */
export const AsOf = z
  .string()
  .refine((text) => momentOf(text) !== undefined, 'is a time (RFC 3339) or a position of the channel')
  .meta({ description: 'A time (RFC 3339) or a position: the channel as it was then, for moderators' })

/** What an asker has to wait before they ask again, in seconds. */
const RETRY_AFTER = { 'Retry-After': '1' }

const ChannelAsOfJob = z
  .strictObject({
    id: z.string(),
    status: z.enum(['pending', 'done', 'failed']),
    progress: z.strictObject({
      recordsRead: z.int(),
      recordsAtMost: z.int().meta({ description: 'So many there are to the journal’s end; 0 before the first' }),
    }),
    channel: ChannelAsOf.nullable().meta({
      description:
        'What was found, once it is `done`; null where the case of a member was asked for: ask for that again',
    }),
    problem: z
      .strictObject({ type: z.string(), code: z.string() })
      .nullable()
      .meta({ description: 'Why it has `failed`; asked for again, it is tried again' }),
    expiresAt: Timestamp.meta({ description: 'Forgotten then: ask for the moment again' }),
  })
  .meta({ id: 'ChannelAsOfJob' })

const shown = (
  channelId: string,
  { at, position, timeouts, roles, modes, marks, casework, member: _, ...rest }: PastChannel,
) => ({
  id: channelId,
  asOf: { at: timestamp(at), position },
  ...rest,
  roles: [...roles],
  timeouts: timeouts.map(({ accountId, until }) => ({ accountId, until: timestamp(until) })),
  modes: modes.map((mode) => ({ ...mode, since: timestamp(mode.since) })),
  marks: marks.map((mark) => ({ ...mark, until: mark.until === null ? null : timestamp(mark.until) })),
  casework: {
    ...casework,
    blockedTerms: [...casework.blockedTerms],
    group: [...casework.group],
    followedBanLists: [...casework.followedBanLists],
    alts: casework.alts.map(({ memberId, alts }) => ({ memberId, alts: [...alts] })),
  },
})

const shownJob = (channelId: string, job: PastJob) => ({
  id: job.jobId,
  status: job.status,
  progress: { recordsRead: job.recordsRead, recordsAtMost: job.recordsAtMost },
  channel: job.found && !job.found.member ? shown(channelId, job.found) : null,
  problem: job.code === undefined ? null : { type: problemType(job.code), code: job.code },
  expiresAt: timestamp(job.expiresAt),
})

/** How a route documents that the past takes a while. */
export const laterResponse = {
  202: {
    description: 'The moment is far from a snapshot: a job looks for it. Asked for again, once it is done, it is told.',
    body: ChannelAsOfJob,
    headers: { Location: 'The job', 'Retry-After': 'Seconds' },
  },
} as const

/** A channel as it was, or the answer to who has to wait for it. Who asks has been checked. */
export const askPast = async (edge: ChannelEdge, channelId: string, moment: Moment) => {
  const answer = await edge.past.ask(channelId, moment)
  if (answer.kind === 'none') throw new HttpProblem('channel.unknown', { message: 'There was no such channel then.' })
  if (answer.kind === 'found') return { kind: 'found', channel: answer.channel } as const
  const later = {
    status: 202,
    headers: { Location: `/v1/channels/${channelId}/as-of-jobs/${answer.job.jobId}`, ...RETRY_AFTER },
    body: shownJob(channelId, answer.job),
  } as const
  return { kind: 'later', later } as const
}

/** The channel as it was, for moderators: who asks has been checked. */
export const answerAsOf = async (edge: ChannelEdge, channelId: string, asOf: string) => {
  const moment = momentOf(asOf)
  if (!moment) throw new HttpProblem('http.invalid_request')
  const answer = await askPast(edge, channelId, moment)
  return answer.kind === 'later' ? answer.later : ({ status: 200, body: shown(channelId, answer.channel) } as const)
}

const getChannelAsOfJob = route({
  method: 'GET',
  path: '/v1/channels/{channelId}/as-of-jobs/{jobId}',
  id: 'getChannelAsOfJob',
  tag: 'channels',
  summary: 'How far a job has come that looks for a channel’s past, and what it has found',
  description: 'For moderators. Any edge answers for it; it outlives the one that was asked.',
  auth: 'account',
  access: { channel: 'read_moderation' },
  scopes: ['channel:moderate'],
  rate: 'read',
  params: z.strictObject({ channelId: NumericId, jobId: z.string().regex(/^[A-Za-z0-9_-]{22}$/) }),
  responses: {
    200: { description: 'The job', body: ChannelAsOfJob, headers: { 'Retry-After': 'Seconds, while it is pending' } },
  },
  errors: ['channel.unknown', 'channel.forbidden', 'http.not_found'],
  handler: async ({ params: { channelId, jobId }, caller }, edge) => {
    await moderatorsOnly(edge, await channelOr404(edge, channelId), caller)
    const job = await edge.past.job(channelId, jobId)
    if (!job) throw new HttpProblem('http.not_found', { message: 'No such job: it may be forgotten. Ask anew.' })
    return {
      status: 200,
      ...(job.status === 'pending' && { headers: RETRY_AFTER }),
      body: shownJob(channelId, job),
    }
  },
})

export const pastRoutes = [getChannelAsOfJob]
