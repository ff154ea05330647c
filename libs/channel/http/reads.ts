import type { Sql } from 'postgres'
import type { Dependency } from '#libs/http/dependency.ts'
import { guarded } from '#libs/readmodel/dependency.ts'
import { caseworkReads } from '../casework/reads.ts'
import { emoteReads } from '../emotes/reads.ts'
import { policyReads } from '../policy/reads.ts'
import { pollReads } from '../polls/queries.ts'
import { channelReads } from '../reads/reads.ts'
import { historyReads } from '../reads/search.ts'
import type { ChannelEdge } from './edge.ts'

/** All that routes of channels read of Postgres, each call guarded. */
export const readSide = (
  sql: Sql,
  dependency: Dependency,
): Pick<ChannelEdge, 'reads' | 'casework' | 'policies' | 'emotes' | 'history' | 'polls'> => ({
  reads: guarded(dependency, channelReads(sql)),
  casework: guarded(dependency, caseworkReads(sql)),
  policies: guarded(dependency, policyReads(sql)),
  emotes: guarded(dependency, emoteReads(sql)),
  history: guarded(dependency, historyReads(sql)),
  polls: guarded(dependency, pollReads(sql)),
})
