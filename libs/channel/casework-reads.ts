import type { Sql } from 'postgres'

/** A message that an act or a report is about, as it was then; without texts once its author is erased. */
export type EvidenceView = {
  readonly messageId: string
  readonly seq: number
  readonly authorId: string
  readonly authorName: string | null
  readonly text: string | null
  readonly at: number
  readonly named: boolean
}

export type ReportStatus = 'open' | 'claimed' | 'acted' | 'dismissed'

export type ReportView = {
  readonly reportId: string
  readonly reporterId: string
  readonly memberId: string
  readonly messageId: string | null
  readonly messageSeq: number | null
  readonly category: string
  readonly words: string | null
  readonly at: number
  readonly status: ReportStatus
  readonly moderatorId: string | null
  readonly actId: string | null
  readonly closedAt: number | null
  readonly evidence: readonly EvidenceView[]
}

export type ReportsAsked = {
  /** `waiting`: open or claimed. */
  readonly status?: 'waiting' | ReportStatus | undefined
  readonly member?: string | undefined
  readonly reporter?: string | undefined
  /** Only those opened before that one. */
  readonly before?: string | undefined
  readonly limit: number
}

export type TermView = {
  readonly termId: string
  readonly term: string
  readonly actorId: string
  readonly since: number
  readonly kept: boolean
}

/** What is read of cases. */
export type CaseworkReads = {
  /** The latest first. */
  readonly reports: (channelId: string, asked: ReportsAsked) => Promise<readonly ReportView[]>
  readonly evidence: (channelId: string, actId: string) => Promise<readonly EvidenceView[]>
  readonly terms: (channelId: string) => Promise<readonly TermView[]>
}

type Bigint = string

/** The messages of an act, as JSON: `act` names the column that has its id. */
const evidenceColumn = (sql: Sql, act: 'report_id') => sql`
  coalesce((
    select jsonb_agg(jsonb_build_object('messageId', message_id, 'seq', seq, 'authorId', author::text,
      'authorName', name, 'text', text, 'at', posted_at, 'named', named) order by seq)
    from readmodel.evidence
    where evidence.channel_id = cases.channel_id and evidence.act_id = cases.${sql(act)}), '[]') as evidence`

const numberOr = (value: Bigint | null): number | null => (value === null ? null : Number(value))

type ReportRow = Omit<ReportView, 'messageSeq' | 'at' | 'closedAt'> & {
  readonly messageSeq: Bigint | null
  readonly at: Bigint
  readonly closedAt: Bigint | null
}

const reports: (sql: Sql) => CaseworkReads['reports'] =
  (sql) =>
  async (channelId, { status, member, reporter, before, limit }) => {
    const rows = await sql<ReportRow[]>`
      select report_id as "reportId", reporter::text as "reporterId", member::text as "memberId",
        message_id as "messageId", message_seq as "messageSeq", category, words, at, status,
        moderator::text as "moderatorId", act_id as "actId", closed_at as "closedAt",
        ${evidenceColumn(sql, 'report_id')}
      from readmodel.reports as cases
      where channel_id = ${channelId}
        ${status === undefined ? sql`` : status === 'waiting' ? sql`and status in ('open', 'claimed')` : sql`and status = ${status}`}
        ${member === undefined ? sql`` : sql`and member = ${member}`}
        ${reporter === undefined ? sql`` : sql`and reporter = ${reporter}`}
        ${before === undefined ? sql`` : sql`and report_id < ${before}`}
      order by report_id desc limit ${limit}`
    return rows.map((row) => ({
      ...row,
      messageSeq: numberOr(row.messageSeq),
      at: Number(row.at),
      closedAt: numberOr(row.closedAt),
    }))
  }

const evidence: (sql: Sql) => CaseworkReads['evidence'] = (sql) => async (channelId, actId) => {
  const rows = await sql<(Omit<EvidenceView, 'seq' | 'at'> & { readonly seq: Bigint; readonly at: Bigint })[]>`
    select message_id as "messageId", seq, author::text as "authorId", name as "authorName", text, posted_at as at, named
    from readmodel.evidence where channel_id = ${channelId} and act_id = ${actId} order by seq`
  return rows.map((row) => ({ ...row, seq: Number(row.seq), at: Number(row.at) }))
}

const terms: (sql: Sql) => CaseworkReads['terms'] = (sql) => async (channelId) => {
  const rows = await sql<(Omit<TermView, 'since'> & { readonly since: Bigint })[]>`
    select term_id as "termId", term, actor::text as "actorId", since, kept
    from readmodel.blocked_terms where channel_id = ${channelId} order by term_id`
  return rows.map((row) => ({ ...row, since: Number(row.since) }))
}

export const caseworkReads = (sql: Sql): CaseworkReads => ({
  reports: reports(sql),
  evidence: evidence(sql),
  terms: terms(sql),
})
