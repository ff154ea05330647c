import type { OwnerReport } from './report.ts'

/** Why a partition does not decide, for readiness and for the operator. */
export type Hindrance =
  /** What comes next was never in the command topic, or is no longer: it was deleted, or its end was lost. */
  | 'journal.commands_truncated'
  /** The journal has lost records that were read before. */
  | 'journal.truncated'
  /** A newer release wrote here. */
  | 'journal.version_unknown'
  /** A valid record that this release cannot fold. */
  | 'journal.evolve_failed'
  | 'journal.clock_behind'
  | 'journal.clock_ahead'
  /** Personal keys cannot be had right now. */
  | 'journal.keys_away'
  /** Snapshots cannot be listed right now. */
  | 'journal.objects_away'

/** The latest reason, told to the operator once for as long as it lasts. */
export type Hindrances = {
  readonly set: (code: Hindrance, error?: unknown) => void
  readonly clear: () => void
  readonly current: () => Hindrance | undefined
}

export const openHindrances = (report: OwnerReport): Hindrances => {
  let current: Hindrance | undefined
  return {
    set: (code, error) => {
      if (current !== code) report.alarm(code, error)
      current = code
    },
    clear: () => {
      current = undefined
    },
    current: () => current,
  }
}
