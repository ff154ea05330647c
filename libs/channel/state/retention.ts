import type { Instant } from '#libs/journal/log.ts'

/** For how long a channel's history stays in read models, and when it is looked at next. */
export type Retention = { readonly days: number; readonly nextAt: Instant }

export const dayMs = 86_400_000

/** What is older goes once an hour: a history is that much longer than it was set to, and no more. */
export const trimEveryMs = 3_600_000

export const minRetentionDays = 1
/** Ten years. */
export const maxRetentionDays = 3_650

/** The first look is at once. */
export const retentionOf = (days: number | null, at: Instant): Retention | undefined =>
  days === null ? undefined : { days, nextAt: at }

export const afterTrim = (retention: Retention | undefined, at: Instant): Retention | undefined =>
  retention && { ...retention, nextAt: at + trimEveryMs }
