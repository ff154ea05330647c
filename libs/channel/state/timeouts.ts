import { Map as ImmutableMap } from 'immutable'
import type { Instant } from '#libs/journal/log.ts'

/** Who may not post until when. A timeout stays until an event ends it, so that its end is announced once. */
export type Timeouts = {
  readonly until: ImmutableMap<string, Instant>
  /** The earliest of all ends; known without a search, since an owner asks after every record. */
  readonly earliest: Instant | undefined
}

export const noTimeouts: Timeouts = { until: ImmutableMap(), earliest: undefined }

const withUntil = (timeouts: Timeouts, member: string, until: ImmutableMap<string, Instant>): Timeouts => {
  const before = timeouts.until.get(member)
  const after = until.get(member)
  const { earliest } = timeouts
  // The earliest is gone: the only case in which all must be looked at.
  if (before !== undefined && before === earliest) return { until, earliest: until.min() }
  return { until, earliest: after === undefined ? earliest : Math.min(earliest ?? after, after) }
}

export const startTimeout = (timeouts: Timeouts, member: string, until: Instant): Timeouts =>
  withUntil(timeouts, member, timeouts.until.set(member, until))

export const endTimeout = (timeouts: Timeouts, member: string): Timeouts =>
  withUntil(timeouts, member, timeouts.until.delete(member))

/** Members whose timeout is over by then, the earliest first. */
export const timeoutsOver = (timeouts: Timeouts, at: Instant): readonly (readonly [member: string, until: Instant])[] =>
  [...timeouts.until.filter((until) => until <= at)].sort(
    ([one, oneUntil], [other, otherUntil]) => oneUntil - otherUntil || (one < other ? -1 : 1),
  )
