import type { Instant, StoredRecord } from '#libs/journal/log.ts'
import { partitionOf } from '#libs/journal/partitioner.ts'

/** What of a topic somebody wants. */
export type Filter = {
  /** Ids of channels; undefined for all. */
  readonly channels: ReadonlySet<string> | undefined
  /** Names of types within the topic, `MessagePosted`; undefined for all. */
  readonly types: ReadonlySet<string> | undefined
  /** What was decided before is left out. */
  readonly since: Instant | undefined
}

export const everything: Filter = { channels: undefined, types: undefined, since: undefined }

/** An event as filters look at it; all of it stands in key, headers and time of its record. */
export type Sorted = { readonly channel: string; readonly type: string; readonly at: Instant }

export const sortedOf = ({ key, headers, timestamp }: StoredRecord): Sorted => {
  const { ce_type: fullName = '' } = headers
  return { channel: key?.toString() ?? '', type: fullName.slice(fullName.lastIndexOf('.') + 1), at: timestamp }
}

/** Whether every event passes, so that nobody has to look. */
export const passesAll = ({ channels, types, since }: Filter): boolean =>
  channels === undefined && types === undefined && since === undefined

export const passes = ({ channels, types, since }: Filter, { channel, type, at }: Sorted): boolean =>
  (channels === undefined || channels.has(channel)) &&
  (types === undefined || types.has(type)) &&
  (since === undefined || at >= since)

/** The partitions in which something can pass: a channel has one. */
export const partitionsOf = ({ channels }: Filter, partitions: number): ReadonlySet<number> =>
  new Set(
    channels
      ? [...channels].map((channel) => partitionOf(channel, partitions))
      : Array.from({ length: partitions }, (_, partition) => partition),
  )
