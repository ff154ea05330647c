import type { Instant } from '#libs/journal/log.ts'
import type { SanctionKind } from './sanctions.ts'

/** An appeal that waits for a moderator. What the appellant wrote is not the channel's to hold. */
export type Appeal = {
  readonly id: string
  readonly appellant: string
  readonly sanction: SanctionKind
  readonly actId: string
  readonly openedAt: Instant
}

/** Appeals that wait in a channel, at most. */
export const maxOpenAppeals = 500
