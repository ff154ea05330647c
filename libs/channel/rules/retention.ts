import type { Rejection } from '#libs/journal/decider.ts'
import { reject } from '../errors.ts'
import { maxRetentionDays, minRetentionDays } from '../state/retention.ts'
import type { Channel } from '../state.ts'

export const retentionOutOfRange = (days: number | null): Rejection | undefined =>
  days === null || (Number.isInteger(days) && days >= minRetentionDays && days <= maxRetentionDays)
    ? undefined
    : reject('channel.retention_out_of_range', { min: minRetentionDays, max: maxRetentionDays })

/** What was there already is not announced again. */
export const retentionUnchanged = (days: number | null, { retention }: Channel): Rejection | undefined =>
  (retention?.days ?? null) === days ? reject('channel.nothing_to_change') : undefined
