import type { Instant, Offset } from '../log.ts'

/** What the machine knows of a command: its place in the topic, and a name for the attempt marks. */
export type AnyCommand = { readonly offset: Offset; readonly id: string }

/** What the machine knows of an outcome; all else is the domain's. */
export type AnyOutcome = {
  readonly kind: 'outcome'
  readonly claim: Offset
  readonly n: number
  readonly at: Instant
  readonly commandOffset: Offset
  readonly commandId: string
}

/** What the owner stamps on a record. */
export type Stamp = { readonly claim: Offset; readonly n: number; readonly at: Instant }

/** An outcome, and the fold that every reader will have behind it. */
export type Decided<Fold, Outcome> = { readonly outcome: Outcome; readonly fold: Fold }

/**
 * What is folded over one partition, for the generic owner: all aggregates of the partition with their dedupe windows,
 * or something tiny in a model check. A fold is an immutable value.
 *
 * `evolve(fold, decide(fold, command, stamp).outcome)` equals `decide(fold, command, stamp).fold`: an owner does not
 * evolve its own record a second time when it reads it back.
 */
export type Domain<Fold, Command extends AnyCommand, Outcome extends AnyOutcome> = {
  readonly empty: Fold
  readonly evolve: (fold: Fold, outcome: Outcome) => Fold
  /** Throws where the command cannot be decided at all: that ends the claim (I10). */
  readonly decide: (fold: Fold, command: Command, stamp: Stamp) => Decided<Fold, Outcome>
  /** Rejects a command that brought its owners down, without trying it. */
  readonly poisoned: (fold: Fold, command: Command, stamp: Stamp) => Decided<Fold, Outcome>
  /** Bytes that the outcome takes in the log, about. */
  readonly sizeOf: (outcome: Outcome) => number
}
