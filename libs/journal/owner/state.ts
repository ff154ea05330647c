import type { AttemptEntry, CommandRange } from '../envelope.ts'
import type { Instant, Offset } from '../log.ts'
import type { EnvelopeHead, Verdict } from '../validity.ts'
import { beginning, type Followed, type Progress, type ProgressHead, type Read } from './follow.ts'

/**
 * The owner of one partition as a value. `read` holds what was read back, and evolves by records alone; what an owner
 * has sent and not yet read back stands in its phase, and is simply dropped when the claim ends.
 */
export type OwnerState<Fold> = {
  /** Unique among all owners that ever were, so that its nonces are. */
  readonly owner: string
  readonly assigned: boolean
  /** Sends so far; each is named by its number. */
  readonly sends: number
  readonly read: Followed<Fold>
  readonly phase: Phase<Fold>
}

export type Phase<Fold> =
  /** Reads only. `held` is a claim given up in order, taken up again if it is still the latest one (I5). */
  | { readonly name: 'following'; readonly held?: { readonly claim: Offset; readonly n: number } }
  /** A claim is under way. `readAt` where it was read back before its acknowledgement. */
  | (Backlog & {
      readonly name: 'claiming'
      readonly send: number
      readonly nonce: string
      readonly readAt?: Offset
    })
  /** The claim is in the log; everything before it has to be read. */
  | (Backlog & { readonly name: 'reading'; readonly nonce: string; readonly claim: Offset })
  | OwningPhase<Fold>
  /** For good. */
  | { readonly name: 'stopped' }

/** What is known of the command topic by who claims. */
export type Backlog = {
  /** Behind the last command known to be there: one that brings owners down lies before it. */
  readonly commandsEnd: Offset
  /**
   * Commands that are gone: from `resume` on those that have aged out, and `to` is the first that is left. Or some before
   * `resume` were lost, and `to` lies before it: what was written in their place has to be decided.
   */
  readonly agedOut?: CommandRange
}

export type OwningPhase<Fold> = {
  readonly name: 'owning'
  readonly claim: Offset
  readonly commandsEnd: Offset
  /** Where everything sent leads to; equal to `read` when nothing is unread. */
  readonly ahead: Progress<Fold>
  /** Sent and not read back, in order. */
  readonly unread: readonly SentBatch<Fold>[]
  /** The send that is not acknowledged. */
  readonly inFlight?: number
  /** Commands below `until` are tried one by one; `marked` is the one whose attempt stands in the log. */
  readonly careful?: { readonly until: Offset; readonly marked?: Offset }
}

export type SentBatch<Fold> = {
  readonly send: number
  /** `n` of its first record. */
  readonly firstN: number
  /** Progress behind each of its records. */
  readonly behind: readonly ProgressHead[]
  /** The fold behind the last one. */
  readonly fold: Fold
  /** Offset of its first record, once acknowledged. */
  readonly offset?: Offset
}

export type OwnerInput<Fold, Command, Outcome> =
  /** The partition is this owner's to take, or no longer. */
  | { readonly type: 'assigned' }
  | { readonly type: 'revoked' }
  | { readonly type: 'stop' }
  /** A snapshot, with the record found at its position. */
  | { readonly type: 'restore'; readonly snapshot: Followed<Fold>; readonly found: EnvelopeHead | undefined }
  | { readonly type: 'record'; readonly offset: Offset; readonly entry: Read<Outcome> }
  /** It has read to the end, and may claim. */
  | (Backlog & { readonly type: 'claim' })
  | { readonly type: 'acknowledged'; readonly send: number; readonly offset: Offset }
  | { readonly type: 'failed'; readonly send: number }
  /** Where the journal ends, asked for after the last acknowledgement. */
  | { readonly type: 'end'; readonly end: Offset }
  /** Commands from `ahead.resume` on. */
  | { readonly type: 'turn'; readonly commands: readonly Command[]; readonly clock: Instant }

export type OwnerEffect<Outcome> =
  /** Append a claim record, with a new appender. */
  | { readonly type: 'claim'; readonly send: number; readonly nonce: string; readonly agedOut?: CommandRange }
  /** Append these as one batch. */
  | { readonly type: 'append'; readonly send: number; readonly entries: readonly (Outcome | AttemptEntry)[] }
  /** Throw the appender away. */
  | { readonly type: 'discard' }
  /** Read the command topic from here. The command before it should be the one of the id `after`. */
  | { readonly type: 'commands'; readonly from: Offset; readonly after?: string }
  /** Commands are no longer wanted. */
  | { readonly type: 'idle' }
  /** The journal must be read again from here. */
  | { readonly type: 'reread'; readonly from: Offset }
  /** What became of a record that was read: a valid outcome is final from here on, and may be told. */
  | { readonly type: 'judged'; readonly verdict: Verdict; readonly offset: Offset; readonly entry: Read<Outcome> }
  /** A record was acknowledged and is not in the journal; the claim has ended. */
  | { readonly type: 'lost'; readonly offset: Offset }
  /** The clock is this far behind the last record's time, so nothing was decided. */
  | { readonly type: 'clockBehind'; readonly byMs: number }
  /** A command could not be decided; the claim has ended. */
  | { readonly type: 'turnFailed'; readonly commandOffset: Offset; readonly error: unknown }

export type OwnerStep<Fold, Outcome> = {
  readonly state: OwnerState<Fold>
  readonly effects: readonly OwnerEffect<Outcome>[]
}

export const newOwner = <Fold>(owner: string, empty: Fold): OwnerState<Fold> => ({
  owner,
  assigned: false,
  sends: 0,
  read: beginning(empty),
  phase: { name: 'following' },
})
