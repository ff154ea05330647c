import { z } from 'zod'
import { NumericId, pageLimit, Timestamp, timestamp, Uuidv7 } from '#libs/http/ids.ts'
import { routesOf } from '#libs/http/route.ts'
import { reportCategories } from '#libs/protocols/native/casework.ts'
import { termMatches } from '#libs/protocols/native/nukes.ts'
import type { EvidenceView, ReportView } from '../casework/views.ts'
import { type ChannelEdge, channelOr404, moderatorsOnly } from './edge.ts'
import { channelParams } from './schemas.ts'

const route = routesOf<ChannelEdge>()

/** A message as it was when somebody acted on it, or reported it. */
export const EvidenceMessage = z
  .strictObject({
    id: Uuidv7,
    seq: z.int(),
    at: Timestamp,
    author: z.strictObject({ id: NumericId, name: z.string().nullable() }),
    text: z.string().nullable().meta({ description: 'null once the author is erased' }),
    named: z.boolean().meta({ description: 'Whether the act names it; the others stood around it' }),
  })
  .meta({ id: 'EvidenceMessage' })

export const shownEvidence = (evidence: readonly EvidenceView[]) =>
  evidence.map(({ messageId: id, seq, at, authorId, authorName, text, named }) => ({
    id,
    seq,
    at: timestamp(at),
    author: { id: authorId, name: authorName },
    text,
    named,
  }))

const statuses = ['open', 'claimed', 'acted', 'dismissed'] as const

export const Report = z
  .strictObject({
    id: Uuidv7,
    at: Timestamp,
    reporterId: NumericId,
    memberId: NumericId,
    messageId: Uuidv7.nullable().meta({ description: 'null where it is about the person' }),
    category: z.enum(reportCategories),
    words: z.string().nullable().meta({ description: 'null where there are none, or the reporter is erased' }),
    status: z.enum(statuses),
    moderatorId: NumericId.nullable().meta({ description: 'Who has it, or has handled it' }),
    actId: z.string().nullable().meta({ description: 'The act that it led to' }),
    closedAt: Timestamp.nullable(),
    messages: z.array(EvidenceMessage).meta({ description: 'As they were when it was reported' }),
  })
  .meta({ id: 'Report' })

const ReportPage = z
  .strictObject({
    reports: z.array(Report).meta({ description: 'The latest first' }),
    before: Uuidv7.nullable().meta({ description: 'Ask with `before` for the page before this one; null: no more' }),
  })
  .meta({ id: 'ReportPage' })

const OwnReports = z
  .strictObject({
    reports: z.array(
      z.strictObject({
        id: Uuidv7,
        at: Timestamp,
        memberId: NumericId,
        messageId: Uuidv7.nullable(),
        category: z.enum(reportCategories),
        words: z.string().nullable(),
        status: z.enum(['waiting', 'acted', 'dismissed']),
      }),
    ),
  })
  .meta({ id: 'OwnReports' })

const categoryOf = (category: string) => reportCategories.find((known) => known === category) ?? 'other'

/** A report as moderators are shown it. */
export const shownReport = ({ reportId, at, closedAt, category, evidence, messageSeq: _, ...report }: ReportView) => ({
  id: reportId,
  ...report,
  at: timestamp(at),
  category: categoryOf(category),
  closedAt: closedAt === null ? null : timestamp(closedAt),
  messages: shownEvidence(evidence),
})

const listReports = route({
  method: 'GET',
  path: '/v1/channels/{channelId}/reports',
  id: 'listReports',
  tag: 'moderation',
  summary: 'What was reported to the moderators, with the messages as they were then',
  auth: 'account',
  access: { channel: 'handle_reports' },
  scopes: ['channel:moderate'],
  rate: 'read',
  reads: ['channels', 'casework'],
  params: channelParams,
  query: z.strictObject({
    status: z
      .enum(['waiting', ...statuses])
      .default('waiting')
      .meta({ description: '`waiting`: open or claimed' }),
    member: NumericId.optional().meta({ description: 'Only about this account' }),
    before: Uuidv7.optional(),
    limit: pageLimit(100, 25),
  }),
  responses: { 200: { description: 'A page', body: ReportPage } },
  errors: ['channel.unknown', 'channel.forbidden'],
  handler: async ({ params: { channelId }, query, caller }, edge) => {
    await moderatorsOnly(edge, await channelOr404(edge, channelId), caller)
    const { limit } = query
    const found = await edge.casework.reports(channelId, { ...query, limit: limit + 1 })
    const reports = found.slice(0, limit).map(shownReport)
    return { status: 200, body: { reports, before: found.length > limit ? (reports.at(-1)?.id ?? null) : null } }
  },
})

const listOwnReports = route({
  method: 'GET',
  path: '/v1/channels/{channelId}/reports/mine',
  id: 'listOwnReports',
  tag: 'moderation',
  summary: 'What the caller has reported in this channel, and whether it was handled',
  auth: 'account',
  access: { channel: 'report' },
  scopes: ['chat:write'],
  rate: 'read',
  reads: ['casework'],
  params: channelParams,
  responses: { 200: { description: 'The last 100, the latest first', body: OwnReports } },
  errors: [],
  handler: async ({ params: { channelId }, caller }, edge) => {
    const found = await edge.casework.reports(channelId, { reporter: caller.accountId, limit: 100 })
    const reports = found.map(({ reportId: id, at, memberId, messageId, category, words, status }) => ({
      id,
      at: timestamp(at),
      memberId,
      messageId,
      category: categoryOf(category),
      words,
      status: status === 'open' || status === 'claimed' ? ('waiting' as const) : status,
    }))
    return { status: 200, body: { reports } }
  },
})

const BlockedTerms = z
  .strictObject({
    terms: z.array(
      z.strictObject({
        id: Uuidv7.meta({ description: 'Of the nuke that blocked it' }),
        term: z.string().meta({ description: 'A text in its normal form, or a pattern' }),
        match: z.enum(termMatches),
        actorId: NumericId,
        since: Timestamp,
        kept: z.boolean().meta({ description: 'Whether a moderator has decided that it stays' }),
      }),
    ),
  })
  .meta({ id: 'BlockedTerms' })

const listBlockedTerms = route({
  method: 'GET',
  path: '/v1/channels/{channelId}/blocked-terms',
  id: 'listBlockedTerms',
  tag: 'moderation',
  summary: 'What nobody but moderators says since it was nuked, the oldest first',
  auth: 'account',
  access: { channel: 'nuke' },
  scopes: ['channel:moderate'],
  rate: 'read',
  reads: ['channels', 'casework'],
  params: channelParams,
  responses: { 200: { description: 'All of them', body: BlockedTerms } },
  errors: ['channel.unknown', 'channel.forbidden'],
  handler: async ({ params: { channelId }, caller }, edge) => {
    await moderatorsOnly(edge, await channelOr404(edge, channelId), caller)
    const found = await edge.casework.terms(channelId)
    const terms = found.map(({ termId: id, since, ...term }) => ({ id, ...term, since: timestamp(since) }))
    return { status: 200, body: { terms } }
  },
})

export const reportRoutes = [listReports, listOwnReports, listBlockedTerms]
