import type { AssignableRole } from '#libs/access/roles.ts'

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

/** A moment: a time in ms, or the number of a record in the channel's partition. */
export type Moment = { readonly at: number } | { readonly position: string }

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
