import type { Offset } from '../log.ts'
import { type EnvelopeHead, holdsAt, type ValidityRules, validityRules } from '../validity.ts'

type Place = { readonly offset: Offset; readonly claim: Offset; readonly n: number }

/**
 * The rules on which the safety of a partition rests, each on its own, so that the model check can show what goes wrong
 * without it. Nothing else ever replaces one.
 */
export type OwnerRules = {
  readonly validity: ValidityRules
  /** A record that is not the next one is not taken: what lies between was lost on its way. */
  readonly contiguous: (expected: Offset, offset: Offset) => boolean
  /** An owner that reads a younger claim than its own stops. */
  readonly superseded: (own: Offset, read: Offset) => boolean
  /** A send that fails ends the claim; nothing is sent again under it. */
  readonly failureEndsClaim: () => boolean
  /** Who has claimed decides nothing before it has read its own claim. */
  readonly readUpTo: (claim: Offset, next: Offset) => boolean
  /** A stored position is believed only where the record there is the one it names. */
  readonly positionHolds: (position: Place, found: EnvelopeHead | undefined) => boolean
  /** Who has claimed restores nothing from above its claim. */
  readonly snapshotBelow: (claim: Offset, snapshot: Offset) => boolean
}

export const ownerRules: OwnerRules = {
  validity: validityRules,
  contiguous: (expected, offset) => offset === expected,
  superseded: (own, read) => read > own,
  failureEndsClaim: () => true,
  readUpTo: (claim, next) => next > claim,
  positionHolds: (position, found) => found !== undefined && holdsAt(position, found),
  snapshotBelow: (claim, snapshot) => snapshot < claim,
}

/** Bounds of a turn, well under the broker's 1 MiB, and of patience. */
export type OwnerLimits = {
  readonly batchRecords: number
  readonly batchBytes: number
  /** Claims in a row without an outcome between them, after which commands are tried one by one (I10). */
  readonly idleClaims: number
  /** Attempts marked after which a command is held to be poisoned. */
  readonly attempts: number
  /** How far the clock may lie behind the last record's time. */
  readonly clockBehindMs: number
}

export const ownerLimits: OwnerLimits = {
  batchRecords: 500,
  batchBytes: 512 * 1024,
  idleClaims: 2,
  attempts: 2,
  clockBehindMs: 5_000,
}
