import { z } from 'zod'
import { roles } from '#libs/access/roles.ts'
import { NumericId, Position, Timestamp, timestamp, Uuidv7 } from '#libs/http/ids.ts'
import { HttpProblem } from '#libs/http/problem.ts'
import { routesOf } from '#libs/http/route.ts'
import type { ReportView } from '../casework/views.ts'
import type { PastChannel, PastMember } from '../past.ts'
import { type ChannelEdge, channelOr404, moderatorsOnly } from './edge.ts'
import { shownEntry } from './moderation.ts'
import { AsOf, askPast, laterResponse, momentOf } from './past.ts'
import { EvidenceMessage, Report, shownEvidence, shownReport } from './reports.ts'
import { channelParams, ModerationEntry } from './schemas.ts'

const route = routesOf<ChannelEdge>()

const MemberCase = z
  .strictObject({
    memberId: NumericId,
    asOf: z.strictObject({ at: Timestamp, position: Position }),
    role: z.enum(roles),
    timedOutUntil: Timestamp.nullable(),
    marks: z
      .array(
        z.strictObject({
          mark: z.string(),
          until: Timestamp.nullable().meta({ description: 'null: without end' }),
          value: z.int().nullable(),
          origin: NumericId.nullable().meta({ description: 'Of a ban: the channel whose list it came from' }),
          addresses: z.int().meta({ description: 'Of a ban: with how many addresses' }),
        }),
      )
      .meta({ description: 'Ban, flags, warnings that were not acknowledged, and a subscription' }),
    sanctions: z
      .array(
        z.strictObject({
          kind: z.enum(['ban', 'timeout']),
          actId: z.string(),
          appealed: z.boolean(),
          messages: z.array(EvidenceMessage).meta({ description: 'What it was about and what stood around' }),
        }),
      )
      .meta({ description: 'That stood then' }),
    step: z.int().nullable().meta({ description: 'How far up the ladder, from 0; null: not at all' }),
    alts: z.array(NumericId).meta({ description: 'Accounts that were taken for the same person’s' }),
    waiting: z
      .strictObject({
        reports: z.array(Uuidv7),
        appeals: z.array(Uuidv7),
        proposals: z.array(Uuidv7).meta({ description: 'Bans that waited for other moderators' }),
        heldMessages: z.int(),
      })
      .meta({ description: 'For a moderator, then' }),
    reports: z.array(Report).meta({ description: 'About the member, the last 50, the latest first' }),
    log: z
      .array(ModerationEntry)
      .meta({ description: 'What was done to the member up to then, notes among it: the last 100, the latest first' }),
    messages: z
      .array(
        z.strictObject({
          id: Uuidv7,
          seq: z.int(),
          at: Timestamp,
          text: z.string().nullable().meta({ description: 'As it was then; null once the author is erased' }),
          deleted: z.boolean().meta({ description: 'By then' }),
          hidden: z.boolean().meta({ description: 'Only its author and the moderators saw it' }),
        }),
      )
      .meta({ description: 'The last 50 of the member up to then, the latest first' }),
  })
  .meta({ id: 'MemberCase' })

const mostReports = 50
const mostEntries = 100
const mostMessages = 50

type Then = PastChannel & { readonly member: PastMember }

/** As it was then: what has become of it since is left out. Undefined where it was not there yet. */
const reportThen = (report: ReportView, { at, member }: Then): ReportView | undefined => {
  const waited = member.reports.find(({ id }) => id === report.reportId)
  if (waited) {
    const { claimedBy } = waited
    return {
      ...report,
      status: claimedBy === null ? 'open' : 'claimed',
      moderatorId: claimedBy,
      actId: null,
      closedAt: null,
    }
  }
  return report.closedAt !== null && report.closedAt <= at ? report : undefined
}

/** The state is the journal's; rows beside it are held against its numbers, once they have come so far. */
const caseOf = async (edge: ChannelEdge, channelId: string, memberId: string, then: Then) => {
  const { at, position, seq, moderationSeq, member } = then
  await Promise.all(
    ['channels', 'casework', 'messages'].map((projection) => edge.waitForPosition(projection, position)),
  )
  const [log, messages, reports, evidence] = await Promise.all([
    edge.reads.moderationLog(channelId, { member: memberId, before: moderationSeq + 1, limit: mostEntries }),
    edge.reads.messagesAsOf(channelId, memberId, { seq, limit: mostMessages }),
    edge.casework.reports(channelId, { member: memberId, limit: mostReports }),
    Promise.all(member.sanctions.map(({ actId }) => edge.casework.evidence(channelId, actId))),
  ])
  return {
    memberId,
    asOf: { at: timestamp(at), position },
    role: member.role,
    timedOutUntil: member.timedOutUntil === null ? null : timestamp(member.timedOutUntil),
    marks: member.marks.map(({ memberId: _, until, ...mark }) => ({
      ...mark,
      until: until === null ? null : timestamp(until),
    })),
    sanctions: member.sanctions.map((sanction, index) => ({
      ...sanction,
      messages: shownEvidence(evidence[index] ?? []),
    })),
    step: member.step,
    alts: [...member.alts],
    waiting: {
      reports: member.reports.map(({ id }) => id),
      appeals: [...member.appeals],
      proposals: [...member.proposals],
      heldMessages: member.heldMessages,
    },
    reports: reports.flatMap((report) => {
      const shown = reportThen(report, then)
      return shown ? [shownReport(shown)] : []
    }),
    log: log.map(shownEntry),
    messages: messages.map(({ messageId: id, at, ...message }) => ({ id, at: timestamp(at), ...message })),
  }
}

const getMemberCase = route({
  method: 'GET',
  path: '/v1/channels/{channelId}/members/{accountId}/case',
  id: 'getMemberCase',
  tag: 'moderation',
  summary: 'What a channel’s moderators know of a member, now or as of some time: the journal’s own word',
  auth: 'account',
  access: { channel: 'read_moderation' },
  scopes: ['channel:moderate'],
  rate: 'read',
  params: channelParams.extend({ accountId: NumericId }),
  query: z.strictObject({ 'as-of': AsOf.optional() }),
  responses: { 200: { description: 'The case', body: MemberCase }, ...laterResponse },
  errors: ['channel.unknown', 'channel.forbidden', 'http.as_of_out_of_reach'],
  handler: async ({ params: { channelId, accountId }, query, caller }, edge) => {
    await moderatorsOnly(edge, await channelOr404(edge, channelId), caller)
    const moment = query['as-of'] === undefined ? { at: edge.now() } : momentOf(query['as-of'])
    if (!moment) throw new HttpProblem('http.invalid_request')
    const answer = await askPast(edge, channelId, { ...moment, member: accountId })
    if (answer.kind === 'later') return answer.later
    const { channel } = answer
    if (!channel.member) throw new HttpProblem('http.as_of_out_of_reach')
    return { status: 200, body: await caseOf(edge, channelId, accountId, { ...channel, member: channel.member }) }
  },
})

export const caseRoutes = [getMemberCase]
