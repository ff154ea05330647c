import type { Logger } from '#libs/telemetry/logger.ts'
import type { PersonalKeys } from '#libs/vault/vault.ts'
import type { CommandEnvelope } from '../../command.ts'
import type { Bounds, Instant, Log, Offset } from '../../log.ts'
import type { Meta } from '../../meta.ts'
import type { ObjectStore } from '../../objects.ts'
import type { FamilyRules } from '../../turn.ts'

export type OwnerOptions<State, Command extends { type: string }, Event extends { type: string }> = {
  readonly log: Log
  readonly meta: Meta
  readonly objects: ObjectStore
  readonly rules: FamilyRules<State, Command, Event>
  readonly keys: Pick<PersonalKeys, 'prefetch' | 'seal'>
  readonly fingerprint: (value: string | Buffer) => string
  /** Unique for each start of a process. */
  readonly instance: string
  readonly logger: Pick<Logger, 'info' | 'warn' | 'error'>
  readonly now?: () => Instant
  readonly timings?: Partial<OwnerTimings>
}

export type OwnerTimings = {
  readonly tickMs: number
  /** Pause before claiming again what somebody else has claimed: this, and up to as much again by chance. */
  readonly pauseMs: number
  /** How long a partition that was taken away is still followed, for it may come back. */
  readonly lingerMs: number
  readonly snapshotRecords: number
  readonly snapshotMs: number
}

export const ownerTimings: OwnerTimings = {
  tickMs: 250,
  pauseMs: 3_000,
  lingerMs: 30_000,
  snapshotRecords: 50_000,
  snapshotMs: 10 * 60_000,
}

/** What all partitions of a family share. */
export type FamilyLinks = {
  /** Of both topics of the partition; calls made at once are one request. */
  readonly bounds: (partition: number) => Promise<{ readonly commands: Bounds; readonly journal: Bounds }>
  /** Where the commands begin that came after this time of the broker. */
  readonly commandsSince: (partition: number, time: Instant) => Promise<Offset>
  /** Calls made while an answer is on its way share it. */
  readonly brokerTime: () => Promise<Instant>
  readonly sendCommands: (
    partition: number,
    commands: readonly (CommandEnvelope & { readonly key: string })[],
  ) => Promise<void>
  /** Leaves the partition to other processes, for good. */
  readonly refuse: (partition: number) => void
  readonly readJournal: (partition: number, from: number) => void
  readonly readCommands: (partition: number, from: number) => void
  readonly stopJournal: (partition: number) => void
  readonly stopCommands: (partition: number) => void
}
