import type { Sql } from 'postgres'
import { type Bigint, numberOr } from '#libs/postgres/bigint.ts'
import type {
  AltView,
  AppealView,
  BanListsView,
  BanView,
  CaseworkReads,
  EvidenceView,
  PendingBanView,
  ProposalView,
  ReportView,
  SettingView,
  TermView,
} from './views.ts'

/** The messages of an act, and of a case about it, each once, as JSON: the columns have their ids, the act's first. */
const evidenceColumn = (sql: Sql, act: 'report_id' | 'act_id', about: 'report_id' | 'appeal_id') => sql`
  coalesce((
    select jsonb_agg(jsonb_build_object('messageId', message_id, 'seq', seq, 'authorId', author::text,
      'authorName', name, 'text', text, 'at', posted_at, 'named', named) order by seq, posted_at)
    from (
      select distinct on (message_id) * from readmodel.evidence
      where evidence.channel_id = cases.channel_id and evidence.act_id in (cases.${sql(act)}, cases.${sql(about)})
      order by message_id, evidence.act_id <> cases.${sql(act)}) as kept), '[]') as evidence`

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
        ${evidenceColumn(sql, 'report_id', 'report_id')}
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
    select term_id as "termId", term, match, actor::text as "actorId", since, kept
    from readmodel.blocked_terms where channel_id = ${channelId} order by term_id`
  return rows.map((row) => ({ ...row, since: Number(row.since) }))
}

type AppealRow = Omit<AppealView, 'at' | 'until' | 'answeredAt'> & {
  readonly at: Bigint
  readonly until: Bigint | null
  readonly answeredAt: Bigint | null
}

/** What was done, of the log of the moderators. */
const actColumn = (sql: Sql) => sql`
  (select jsonb_build_object('actorId', actor::text, 'action', action, 'reason', reason, 'at', logged.at,
      'durationMs', duration_ms)
    from readmodel.moderation_log as logged
    where logged.channel_id = cases.channel_id and logged.member = cases.appellant
      and logged.command_id = cases.act_id
    order by moderation_seq limit 1) as act`

const appeals: (sql: Sql) => CaseworkReads['appeals'] =
  (sql) =>
  async (channelId, { status, appellant, before, limit }) => {
    const rows = await sql<AppealRow[]>`
      select appeal_id as "appealId", appellant::text as "appellantId", sanction, act_id as "actId", text, at, status,
        moderator::text as "moderatorId", until, reason, answered_at as "answeredAt",
        ${evidenceColumn(sql, 'act_id', 'appeal_id')}, ${actColumn(sql)}
      from readmodel.appeals as cases
      where channel_id = ${channelId}
        ${status === undefined ? sql`` : sql`and status = ${status}`}
        ${appellant === undefined ? sql`` : sql`and appellant = ${appellant}`}
        ${before === undefined ? sql`` : sql`and appeal_id < ${before}`}
      order by appeal_id desc limit ${limit}`
    return rows.map((row) => ({
      ...row,
      at: Number(row.at),
      until: numberOr(row.until),
      answeredAt: numberOr(row.answeredAt),
    }))
  }

type ProposalRow = Omit<ProposalView, 'needed' | 'until' | 'at'> & Readonly<Record<'needed' | 'until' | 'at', Bigint>>

const proposals: (sql: Sql) => CaseworkReads['proposals'] = (sql) => async (channelId) => {
  const rows = await sql<ProposalRow[]>`
    select proposal_id as "proposalId", member::text as "memberId", needed, approved_by as "approvedBy", until, at, status
    from readmodel.ban_proposals where channel_id = ${channelId} order by proposal_id desc limit 100`
  return rows.map((row) => ({ ...row, needed: Number(row.needed), until: Number(row.until), at: Number(row.at) }))
}

const settings: (sql: Sql) => CaseworkReads['settings'] = (sql) => async (channelId) => {
  const rows = await sql<(Omit<SettingView, 'since'> & { readonly since: Bigint })[]>`
    select name, value, actor::text as "actorId", since
    from readmodel.moderation_settings where channel_id = ${channelId} order by name`
  return rows.map((row) => ({ ...row, since: Number(row.since) }))
}

type SourceRow = Omit<BanListsView['sources'][number], 'since' | 'pending'> & {
  readonly since: Bigint
  readonly pending: Bigint
}

const banLists: (sql: Sql) => CaseworkReads['banLists'] = (sql) => async (channelId) => {
  const [sources, subscribers] = await Promise.all([
    sql<SourceRow[]>`
      select source::text as "channelId", mode, actor::text as "actorId", since, (
        select count(*) from readmodel.ban_list_pending as pending
        where pending.channel_id = sources.channel_id and pending.source = sources.source) as pending
      from readmodel.ban_list_sources as sources where channel_id = ${channelId} order by source`,
    sql<{ readonly subscriber: string }[]>`
      select subscriber::text from readmodel.ban_list_subscribers
      where channel_id = ${channelId} order by ban_list_subscribers.subscriber`,
  ])
  return {
    sources: sources.map((row) => ({ ...row, since: Number(row.since), pending: Number(row.pending) })),
    subscribers: subscribers.map(({ subscriber }) => subscriber),
  }
}

const pendingBans: (sql: Sql) => CaseworkReads['pendingBans'] = (sql) => async (channelId, after, limit) => {
  const rows = await sql<(Omit<PendingBanView, 'at'> & { readonly at: Bigint })[]>`
    select source::text as "sourceId", member::text as "memberId", at
    from readmodel.ban_list_pending where channel_id = ${channelId} and member > ${after ?? 0}
    order by member, source limit ${limit}`
  return rows.map((row) => ({ ...row, at: Number(row.at) }))
}

type BanRow = Omit<BanView, 'since' | 'until'> & { readonly since: Bigint; readonly until: Bigint | null }

/** Why somebody is banned stands in the log of the moderators: the last ban of them. What the platform did is nobody's. */
const bans: (sql: Sql) => CaseworkReads['bans'] = (sql) => async (channelId, after, limit) => {
  const rows = await sql<BanRow[]>`
    select member_id::text as "memberId", since, until, marks.origin, logged.reason, nullif(logged.actor, 0)::text as "actorId"
    from readmodel.marks left join lateral (
      select reason, actor from readmodel.moderation_log
      where moderation_log.channel_id = marks.channel_id and member = member_id and action = 'ban_member'
      order by moderation_seq desc limit 1) as logged on true
    where marks.channel_id = ${channelId} and mark = 'ban' and member_id > ${after ?? 0}
    order by member_id limit ${limit}`
  return rows.map((row) => ({ ...row, since: Number(row.since), until: numberOr(row.until) }))
}

const alts: (sql: Sql) => CaseworkReads['alts'] = (sql) => async (channelId, member) => {
  const rows = await sql<(Omit<AltView, 'since'> & { readonly since: Bigint })[]>`
    with recursive known (id) as (
      select ${member}::bigint
      union
      select case when alts.member = known.id then alts.alt else alts.member end
      from known join readmodel.alts
        on alts.channel_id = ${channelId} and (alts.member = known.id or alts.alt = known.id))
    select member::text as "memberId", alt::text as "altId", actor::text as "actorId", evidence, since
    from readmodel.alts
    where channel_id = ${channelId} and member in (select id from known)
    order by alts.member, alts.alt limit 200`
  return rows.map((row) => ({ ...row, since: Number(row.since) }))
}

export const caseworkReads = (sql: Sql): CaseworkReads => ({
  reports: reports(sql),
  evidence: evidence(sql),
  terms: terms(sql),
  appeals: appeals(sql),
  proposals: proposals(sql),
  settings: settings(sql),
  banLists: banLists(sql),
  pendingBans: pendingBans(sql),
  bans: bans(sql),
  alts: alts(sql),
})
