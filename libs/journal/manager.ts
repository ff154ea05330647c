import type { Family } from './families.ts'
import type { OutcomeRecord } from './outcome.ts'

/** A command of a process manager; its id, principal and source are given by who runs the manager. */
export type ManagedCommand = {
  readonly family: Family
  readonly key: string
  readonly type: string
  readonly version: number
  readonly payload: Buffer
  /** Sent where this one is rejected, whatever for: by the rules, as poisoned, or because somebody was erased. */
  readonly ifRejected?: ManagedCommand
}

/**
 * The rules of a process manager (I17). Who runs it sends each command as `manager/<name>` with an id derived from its
 * source, `ifRejected` with the next index, and moves its position only once it has read their outcomes (I7).
 */
export type Manager<OpenedEvent> = {
  readonly name: string
  /** The family whose journal it reads. */
  readonly family: Family
  /** Of records without an event of these types nothing is decoded; all are looked at where it is left out. */
  readonly types?: readonly string[]
  /** How long records may be gathered before they are looked at, where nobody waits for what follows; 0 by default. */
  readonly gatherMs?: number
  /** What follows on an outcome, a function of its arguments alone, so that it is the same again after a restart. */
  readonly react: (outcome: OutcomeRecord, events: readonly OpenedEvent[]) => readonly ManagedCommand[]
}
