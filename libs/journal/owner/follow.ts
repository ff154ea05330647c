import type { AttemptEntry, ClaimEntry, UnreadableEntry } from '../envelope.ts'
import type { Instant, Offset } from '../log.ts'
import type { Position } from '../outcome.ts'
import { judge, type Verdict } from '../validity.ts'
import type { AnyOutcome } from './domain.ts'
import type { OwnerRules } from './rules.ts'

/** What the records up to some `n` come to. An owner holds one that was read back, and one ahead of it. */
export type Progress<Fold> = {
  /** Of the last valid record, 0 before the first. */
  readonly n: number
  /** Of the last outcome. */
  readonly at: Instant
  /** The first command without an outcome. */
  readonly resume: Offset
  /** Attempts marked for the command at `resume`. */
  readonly attempts: number
  readonly fold: Fold
}

/** What a reader of one journal partition knows: a function of the records alone, the same for every reader. */
export type Followed<Fold> = Progress<Fold> & {
  /** Of the record to be read next. */
  readonly next: Offset
  /** Of the last record that counted, -1 before the first. */
  readonly counted: Offset
  /** The latest claim, -1 before the first. */
  readonly claim: Offset
  /** Claims since the last outcome. */
  readonly idleClaims: number
}

export type Read<Outcome> = ClaimEntry | AttemptEntry | UnreadableEntry | Outcome

export const beginning = <Fold>(empty: Fold): Followed<Fold> => ({
  n: 0,
  at: 0,
  resume: 0,
  attempts: 0,
  fold: empty,
  next: 0,
  counted: -1,
  claim: -1,
  idleClaims: 0,
})

export const placeOf = <Fold>(followed: Followed<Fold>): Omit<Position, 'logId'> => ({
  offset: followed.counted,
  claim: followed.claim,
  n: followed.n,
})

export type FollowStep<Fold> = { readonly verdict: Verdict; readonly followed: Followed<Fold> }

/** Reads one record. Its offset is `followed.next`; the caller has seen to that. */
export const follow = <Fold, Outcome extends AnyOutcome>(
  followed: Followed<Fold>,
  offset: Offset,
  entry: Read<Outcome>,
  evolve: (fold: Fold, outcome: Outcome) => Fold,
  rules: OwnerRules,
): FollowStep<Fold> => {
  const { verdict } = judge(followed, entry, offset, rules.validity)
  const next = offset + 1
  if (verdict === 'void' || entry.kind === 'unreadable') return { verdict, followed: { ...followed, next } }
  if (entry.kind === 'claim') return { verdict, followed: claimed(followed, offset, entry) }
  const progress = entry.kind === 'attempt' ? attempted(followed, entry) : decided(followed, entry, evolve)
  return { verdict, followed: confirmed(followed, offset, entry.kind, progress) }
}

/** The followed journal one valid record on, whose progress is known. */
export const confirmed = <Fold>(
  followed: Followed<Fold>,
  offset: Offset,
  kind: 'outcome' | 'attempt',
  { n, at, resume, attempts, fold }: Progress<Fold>,
): Followed<Fold> => ({
  n,
  at,
  resume,
  attempts,
  fold,
  next: offset + 1,
  counted: offset,
  claim: followed.claim,
  idleClaims: kind === 'outcome' ? 0 : followed.idleClaims,
})

const claimed = <Fold>(followed: Followed<Fold>, offset: Offset, { agedOut }: ClaimEntry): Followed<Fold> => ({
  ...followed,
  next: offset + 1,
  counted: offset,
  claim: offset,
  idleClaims: followed.idleClaims + 1,
  ...(agedOut && agedOut.to > followed.resume && { resume: agedOut.to, attempts: 0 }),
})

/** Progress behind an attempt mark. */
export const attempted = <Fold>(progress: Progress<Fold>, { n, attempt }: AttemptEntry): Progress<Fold> => ({
  n,
  at: progress.at,
  resume: progress.resume,
  attempts: attempt,
  fold: progress.fold,
})

const decided = <Fold, Outcome extends AnyOutcome>(
  progress: Progress<Fold>,
  outcome: Outcome,
  evolve: (fold: Fold, outcome: Outcome) => Fold,
): Progress<Fold> => behind(outcome, evolve(progress.fold, outcome))

/** Progress behind an outcome that leads to `fold`. */
export const behind = <Fold>(outcome: AnyOutcome, fold: Fold): Progress<Fold> => ({
  n: outcome.n,
  at: outcome.at,
  resume: outcome.commandOffset + 1,
  attempts: 0,
  fold,
})
