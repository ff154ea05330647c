import type { AttemptEntry, ClaimEntry, CommandRange, UnreadableEntry } from '../envelope.ts'
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
  /** Id of the command before `resume`; unknown where that one was passed over. */
  readonly decided?: string
  /** Attempts marked for the command at `resume`. */
  readonly attempts: number
  readonly fold: Fold
}

/** Progress without its fold. */
export type ProgressHead = Omit<Progress<unknown>, 'fold'>

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
  const progress = entry.kind === 'attempt' ? attempted(followed, entry) : evolved(followed, entry, evolve)
  return { verdict, followed: confirmed(followed, offset, entry.kind, progress) }
}

/** The followed journal one valid record on, whose progress is known. */
export const confirmed = <Fold>(
  followed: Followed<Fold>,
  offset: Offset,
  kind: 'outcome' | 'attempt',
  progress: Progress<Fold>,
): Followed<Fold> => ({
  ...progress,
  next: offset + 1,
  counted: offset,
  claim: followed.claim,
  idleClaims: kind === 'outcome' ? 0 : followed.idleClaims,
})

/**
 * The same within a batch of one's own, of which only the last fold is kept: that of an earlier record is made when it is
 * asked for, which it hardly ever is. Kept for each, folds would be most of what a busy owner allocates and outlives.
 */
export const confirmedWithin = <Fold>(
  { claim }: Followed<Fold>,
  offset: Offset,
  head: ProgressHead,
  makeFold: () => Fold,
): Followed<Fold> => {
  let made: { readonly fold: Fold } | undefined
  return {
    ...head,
    next: offset + 1,
    counted: offset,
    claim,
    idleClaims: 0,
    get fold() {
      made ??= { fold: makeFold() }
      return made.fold
    },
  }
}

/**
 * Whether a claim that tells of commands that are gone changes where decisions go on. Commands behind `resume` have aged
 * out; or those before it were lost, and it goes back: only from the very place that the claim was made for, since what
 * was decided between is there again.
 */
export const movesResume = ({ from, to }: CommandRange, resume: Offset): boolean => to > resume || from === resume

const claimed = <Fold>(followed: Followed<Fold>, offset: Offset, { agedOut }: ClaimEntry): Followed<Fold> => {
  const { decided: _, ...passed } = followed
  const moved = agedOut && movesResume(agedOut, followed.resume)
  return {
    ...(moved ? { ...passed, resume: agedOut.to, attempts: 0 } : followed),
    next: offset + 1,
    counted: offset,
    claim: offset,
    idleClaims: followed.idleClaims + 1,
  }
}

/** Progress behind an attempt mark. */
export const attempted = <Fold>(progress: Progress<Fold>, { n, attempt }: AttemptEntry): Progress<Fold> => ({
  ...progressOf(progress),
  n,
  attempts: attempt,
})

/** Without what a reader knows besides. */
export const progressOf = <Fold>({ n, at, resume, decided, attempts, fold }: Progress<Fold>): Progress<Fold> => ({
  n,
  at,
  resume,
  ...(decided !== undefined && { decided }),
  attempts,
  fold,
})

const evolved = <Fold, Outcome extends AnyOutcome>(
  progress: Progress<Fold>,
  outcome: Outcome,
  evolve: (fold: Fold, outcome: Outcome) => Fold,
): Progress<Fold> => ({ ...behind(outcome), fold: evolve(progress.fold, outcome) })

/** Progress behind an outcome, whatever it leads to. */
export const behind = (outcome: AnyOutcome): ProgressHead => ({
  n: outcome.n,
  at: outcome.at,
  resume: outcome.commandOffset + 1,
  decided: outcome.commandId,
  attempts: 0,
})
