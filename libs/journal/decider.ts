import type { Family } from './families.ts'
import type { Instant } from './log.ts'
import type { Detail } from './outcome.ts'

/** Events in the order in which they happened, and what the caller is told (its `seq`, say); or why not. */
export type Decision<Draft> =
  | { readonly kind: 'accepted'; readonly events: readonly Draft[]; readonly summary: Detail }
  | Rejection

/** `code` is stable and documented in the context's `errors.ts`; `detail` holds numbers such as `remainingMs`. */
export type Rejection = { readonly kind: 'rejected'; readonly code: string; readonly detail: Detail }

export type DecideContext = {
  /** The owner's time: never below that of the record before. */
  readonly at: Instant
  /** The number that this command's record will have. */
  readonly n: number
  readonly commandId: string
  /** Account id, `manager/<name>` or `system`. */
  readonly principal: string
  readonly facts: Readonly<Record<string, string>>
  readonly expectedVersion?: number
  /** A keyed hash of a text, the only form in which state may keep one. */
  readonly fingerprint: (text: string) => string
}

export type EvolveContext = { readonly at: Instant; readonly n: number; readonly commandId: string }

/**
 * The rules of one family, pure (I6): no I/O, no clock, no random source. States are immutable values; `evolve`
 * returns a new one and leaves the old as it was, since an owner keeps both while a turn is in flight.
 *
 * `Draft` is an event with its personal fields in clear, as `decide` makes it; `Event` is the same with them sealed, as
 * the journal holds it and as `evolve` sees it.
 */
export type Decider<
  State,
  Command extends { type: string },
  Event extends { type: string },
  Draft extends { type: string },
> = {
  readonly family: Family
  /** Stamped on records and snapshots; raised when `State` or `evolve` changes its meaning. */
  readonly stateVersion: number
  readonly initial: (key: string) => State
  readonly decide: (command: Command, state: State, context: DecideContext) => Decision<Draft>
  readonly evolve: (state: State, event: Event, context: EvolveContext) => State
  /** The earliest moment at which the aggregate wants a `due` command, and a name unique in it (I16). */
  readonly due: (state: State) => { readonly name: string; readonly at: Instant } | undefined
  /** The command that is sent then, as a command of this family. */
  readonly dueCommand: (name: string, at: Instant) => Command
  /** For snapshots. `decodeState(encodeState(s))` equals `s`. Plain JSON values. */
  readonly encodeState: (state: State) => unknown
  readonly decodeState: (value: unknown) => State
  /** Accounts whose personal keys the drafts of this command may be sealed with, known before it is decided. */
  readonly subjects: (
    command: Command,
    principal: string,
    key: string,
    facts: Readonly<Record<string, string>>,
  ) => readonly string[]
}
