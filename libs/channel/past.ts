import type { AssignableRole, Role } from '#libs/access/roles.ts'

/** A channel at some time, from its journal. */
export type PastChannel = {
  readonly at: number
  readonly position: string
  readonly ownerId: string
  readonly topic: string | null
  readonly slowModeSeconds: number
  readonly roles: readonly { readonly accountId: string; readonly role: AssignableRole }[]
  readonly timeouts: readonly { readonly accountId: string; readonly until: number }[]
  readonly closed: boolean
  readonly modes: readonly {
    readonly mode: string
    readonly value: number
    readonly actor: string
    readonly since: number
  }[]
  /** Bans, marks and subscriptions, in the order of the members' ids; the first 10,000 members. */
  readonly marks: readonly PastMark[]
  readonly casework: PastCasework
  /** The case of the member who was asked for; the lists of members above are then empty. */
  readonly member: PastMember | null
  readonly seq: number
  readonly moderationSeq: number
}

export type PastMark = {
  readonly memberId: string
  readonly mark: string
  readonly until: number | null
  readonly value: number | null
  readonly origin: string | null
  readonly addresses: number
}

/** What moderators had on their desk, and what they went by. */
export type PastCasework = {
  readonly reports: number
  readonly appeals: number
  readonly proposals: number
  /** How many moderators it took to ban without end; null: one. */
  readonly quorum: number | null
  readonly blockedTerms: readonly string[]
  readonly group: readonly string[]
  readonly followedBanLists: readonly string[]
  readonly alts: readonly { readonly memberId: string; readonly alts: readonly string[] }[]
}

/** One member as the channel knew them, and what of theirs waited for a moderator. */
export type PastMember = {
  readonly role: Role
  /** null: not timed out. */
  readonly timedOutUntil: number | null
  readonly marks: readonly PastMark[]
  /** Bans and timeouts that stood: by which act, and whether they were appealed against. */
  readonly sanctions: readonly {
    readonly kind: 'ban' | 'timeout'
    readonly actId: string
    readonly appealed: boolean
  }[]
  /** How far they had climbed the ladder, from 0; null: not at all, or it is forgotten. */
  readonly step: number | null
  readonly alts: readonly string[]
  /** Those that waited, and who had taken them on. */
  readonly reports: readonly { readonly id: string; readonly claimedBy: string | null }[]
  readonly appeals: readonly string[]
  readonly proposals: readonly string[]
  readonly heldMessages: number
}

/** A moment: a time in ms, or the number of a record in the channel's partition; of one member alone, where one is named. */
export type Moment = ({ readonly at: number } | { readonly position: string }) & { readonly member?: string }

/** A moment of the past that is looked for, by whichever edge is free. */
export type PastJob = {
  readonly jobId: string
  readonly status: 'pending' | 'done' | 'failed'
  readonly recordsRead: number
  /** 0 before the first have been read. */
  readonly recordsAtMost: number
  /** Of a job that is done. */
  readonly found: PastChannel | undefined
  /** Why a job failed. */
  readonly code: string | undefined
  /** When it is forgotten, with what was found. */
  readonly expiresAt: number
}

/** `none`: there was no such channel then. `later`: it takes a job, which has been begun or was before. */
export type PastAnswer =
  | { readonly kind: 'found'; readonly channel: PastChannel }
  | { readonly kind: 'none' }
  | { readonly kind: 'later'; readonly job: PastJob }

/** The past of channels, by replay of their journal. */
export type Past = {
  readonly ask: (channelId: string, moment: Moment) => Promise<PastAnswer>
  /** Undefined where there is none of that id for that channel, or it has been forgotten. */
  readonly job: (channelId: string, jobId: string) => Promise<PastJob | undefined>
}
