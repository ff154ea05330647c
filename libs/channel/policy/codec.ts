import { Map as ImmutableMap } from 'immutable'
import type { Instant } from '#libs/journal/log.ts'
import { type Remembered, recentFrom, recentMessages } from '#libs/policy/history.ts'
import { type Policing, type PolicyInForce, policingFrom } from './policing.ts'

type Counts = readonly (readonly [author: string, count: number])[]

/** What a channel judges by as plain JSON: what follows from the policy's text is left out. */
export type EncodedPolicing = {
  readonly version: number
  readonly policy: PolicyInForce | null
  readonly history: {
    readonly recent: readonly (readonly Remembered[])[]
    readonly since: Instant
    readonly current: Counts
    readonly previous: Counts
  }
}

const counts = (map: ImmutableMap<string, number>): Counts => [...map].sort(([one], [other]) => (one < other ? -1 : 1))

export const encodePolicing = ({ version, policy, history }: Policing): EncodedPolicing => ({
  version,
  policy: policy ?? null,
  history: {
    since: history.since,
    recent: recentMessages(history.recent),
    current: counts(history.current),
    previous: counts(history.previous),
  },
})

export const decodePolicing = ({ version, policy, history }: EncodedPolicing): Policing =>
  policingFrom(version, policy ?? undefined, {
    since: history.since,
    recent: recentFrom(history.recent),
    current: ImmutableMap(history.current),
    previous: ImmutableMap(history.previous),
  })
