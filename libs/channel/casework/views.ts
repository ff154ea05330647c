import type { Term } from './blocked-terms.ts'

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

export type TermView = Term & {
  readonly termId: string
  readonly actorId: string
  readonly since: number
  readonly kept: boolean
}

export type AppealStatus = 'waiting' | 'upheld' | 'lifted' | 'shortened' | 'over'

export type AppealView = {
  readonly appealId: string
  readonly appellantId: string
  readonly sanction: 'ban' | 'timeout'
  readonly actId: string
  readonly text: string | null
  readonly at: number
  readonly status: AppealStatus
  readonly moderatorId: string | null
  readonly until: number | null
  readonly reason: string | null
  readonly answeredAt: number | null
  /** What it is about, as it was when it was done, and what the appellant had said last when they appealed. */
  readonly evidence: readonly EvidenceView[]
  /** Null while the log of the moderators has not come so far. */
  readonly act: {
    readonly actorId: string
    readonly action: string
    readonly reason: string | null
    readonly at: number
    readonly durationMs: number | null
  } | null
}

export type AppealsAsked = {
  readonly status?: AppealStatus | undefined
  readonly appellant?: string | undefined
  /** Only those opened before that one. */
  readonly before?: string | undefined
  readonly limit: number
}

export type ProposalView = {
  readonly proposalId: string
  readonly memberId: string
  readonly needed: number
  readonly approvedBy: readonly string[]
  readonly until: number
  readonly at: number
  readonly status: 'waiting' | 'approved' | 'rejected' | 'lapsed'
}

export type SettingView = {
  readonly name: string
  readonly value: unknown
  readonly actorId: string
  readonly since: number
}

/** What this channel follows, who follows it, and what waits. */
export type BanListsView = {
  readonly sources: readonly {
    readonly channelId: string
    readonly mode: 'review' | 'apply'
    readonly actorId: string
    readonly since: number
    readonly pending: number
  }[]
  readonly subscribers: readonly string[]
}

export type PendingBanView = { readonly sourceId: string; readonly memberId: string; readonly at: number }

/** A ban as a list has it: why, by whom, and from where. */
export type BanView = {
  readonly memberId: string
  readonly since: number
  readonly until: number | null
  readonly origin: string | null
  readonly reason: string | null
  readonly actorId: string | null
}

export type AltView = {
  readonly memberId: string
  readonly altId: string
  readonly actorId: string
  readonly evidence: string | null
  readonly since: number
}

/** What is read of cases. */
export type CaseworkReads = {
  /** The latest first. */
  readonly reports: (channelId: string, asked: ReportsAsked) => Promise<readonly ReportView[]>
  readonly evidence: (channelId: string, actId: string) => Promise<readonly EvidenceView[]>
  readonly terms: (channelId: string) => Promise<readonly TermView[]>
  /** The latest first. */
  readonly appeals: (channelId: string, asked: AppealsAsked) => Promise<readonly AppealView[]>
  /** The last 100, the latest first. */
  readonly proposals: (channelId: string) => Promise<readonly ProposalView[]>
  readonly settings: (channelId: string) => Promise<readonly SettingView[]>
  readonly banLists: (channelId: string) => Promise<BanListsView>
  /** In the order of the members' ids, behind `after`. */
  readonly pendingBans: (
    channelId: string,
    after: string | undefined,
    limit: number,
  ) => Promise<readonly PendingBanView[]>
  readonly bans: (channelId: string, after: string | undefined, limit: number) => Promise<readonly BanView[]>
  /** Links of this member, and of those linked to them. */
  readonly alts: (channelId: string, member: string) => Promise<readonly AltView[]>
}
