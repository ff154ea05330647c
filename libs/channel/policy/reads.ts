import type { Sql } from 'postgres'
import type { PastMessage } from '#libs/policy/trial.ts'
import { type PastAsked, pastMessages } from './past-messages.ts'

export type PolicyView = {
  readonly version: number
  /** JSON; null where it was taken away. */
  readonly policy: string | null
  readonly actorId: string
  readonly at: number
}

/** What the routes of policies read. */
export type PolicyReads = {
  /** Undefined where none was ever set. */
  readonly policy: (channelId: string) => Promise<PolicyView | undefined>
  /** See `pastMessages`. */
  readonly past: (channelId: string, asked: PastAsked) => Promise<readonly PastMessage[]>
}

export const policyReads = (sql: Sql): PolicyReads => ({
  policy: async (channelId) => {
    const [row] = await sql<{ version: string; policy: string | null; actorId: string; at: string }[]>`
      select version, policy, actor::text as "actorId", at from readmodel.policies where channel_id = ${channelId}`
    return row && { ...row, version: Number(row.version), at: Number(row.at) }
  },
  past: pastMessages(sql),
})
