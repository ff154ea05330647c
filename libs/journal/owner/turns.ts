import type { AttemptEntry } from '../envelope.ts'
import type { Instant } from '../log.ts'
import { failed, readOn } from './claims.ts'
import type { AnyCommand, AnyOutcome, Domain } from './domain.ts'
import { attempted, behind, type Progress, type ProgressHead } from './follow.ts'
import type { OwnerLimits } from './rules.ts'
import type { OwnerState, OwnerStep, OwningPhase } from './state.ts'

type Entries<Fold, Outcome> = {
  readonly entries: readonly (Outcome | AttemptEntry)[]
  /** Progress behind each of them, and all of it behind the last. */
  readonly behind: readonly ProgressHead[]
  readonly ahead: Progress<Fold>
  readonly careful?: OwningPhase<Fold>['careful']
}

/**
 * One turn: decides as many of the commands as fit a batch, and sends their outcomes. Nothing happens while a send is in
 * flight (I4), nor when the commands are not the next ones. A command that throws ends the claim.
 */
export const takeTurn = <Fold, Command extends AnyCommand, Outcome extends AnyOutcome>(
  state: OwnerState<Fold>,
  phase: OwningPhase<Fold>,
  commands: readonly Command[],
  clock: Instant,
  domain: Domain<Fold, Command, Outcome>,
  limits: OwnerLimits,
): OwnerStep<Fold, Outcome> => {
  const first = commands[0]
  if (phase.inFlight !== undefined || first === undefined) return { state, effects: [] }
  if (first.offset !== phase.ahead.resume) return { state, effects: [readOn(phase.ahead)] }
  const byMs = phase.ahead.at - clock
  if (byMs > limits.clockBehindMs) return { state, effects: [{ type: 'clockBehind', byMs }] }
  const at = Math.max(phase.ahead.at, clock)
  try {
    const careful = phase.careful && first.offset < phase.careful.until ? phase.careful : undefined
    const batch = careful
      ? tryOne(phase, careful, first, at, domain, limits)
      : decideMany(phase, commands, at, domain, limits)
    return sendBatch(state, phase, batch)
  } catch (error) {
    const commandsEnd = Math.max(phase.commandsEnd, first.offset + 1)
    return failed(state, { commandsEnd }, [{ type: 'turnFailed', commandOffset: first.offset, error }])
  }
}

const decideMany = <Fold, Command extends AnyCommand, Outcome extends AnyOutcome>(
  { claim, ahead }: OwningPhase<Fold>,
  commands: readonly Command[],
  at: Instant,
  domain: Domain<Fold, Command, Outcome>,
  limits: OwnerLimits,
): Entries<Fold, Outcome> => {
  const entries: Outcome[] = []
  const behindEach: ProgressHead[] = []
  let progress = ahead
  let bytes = 0
  for (const command of commands) {
    if (entries.length === limits.batchRecords || command.offset !== progress.resume) break
    const decided = orUndefined(() => domain.decide(progress.fold, command, { claim, n: progress.n + 1, at }), entries)
    if (!decided) break
    bytes += domain.sizeOf(decided.outcome)
    if (bytes > limits.batchBytes && entries.length > 0) break
    const head = behind(decided.outcome)
    progress = { ...head, fold: decided.fold }
    entries.push(decided.outcome)
    behindEach.push(head)
  }
  return { entries, behind: behindEach, ahead: progress }
}

/** What was decided before a command that throws is sent first; then that command stands alone with its error. */
const orUndefined = <Value>(decide: () => Value, before: readonly unknown[]): Value | undefined => {
  try {
    return decide()
  } catch (error) {
    if (before.length === 0) throw error
    return undefined
  }
}

/** I10: marks the attempt, then on the next turn decides; what was attempted twice in vain is rejected as poisoned. */
const tryOne = <Fold, Command extends AnyCommand, Outcome extends AnyOutcome>(
  { claim, ahead }: OwningPhase<Fold>,
  careful: NonNullable<OwningPhase<Fold>['careful']>,
  command: Command,
  at: Instant,
  domain: Domain<Fold, Command, Outcome>,
  limits: OwnerLimits,
): Entries<Fold, Outcome> => {
  const n = ahead.n + 1
  const marked = careful.marked === command.offset
  if (!marked && ahead.attempts < limits.attempts) {
    const attempt: AttemptEntry = {
      kind: 'attempt',
      claim,
      n,
      commandOffset: command.offset,
      commandId: command.id,
      attempt: ahead.attempts + 1,
    }
    const progress = attempted(ahead, attempt)
    return { entries: [attempt], behind: [progress], ahead: progress, careful: { ...careful, marked: command.offset } }
  }
  const decide = marked ? domain.decide : domain.poisoned
  const { outcome, fold } = decide(ahead.fold, command, { claim, n, at })
  const head = behind(outcome)
  return { entries: [outcome], behind: [head], ahead: { ...head, fold }, careful }
}

const sendBatch = <Fold, Outcome>(
  state: OwnerState<Fold>,
  phase: OwningPhase<Fold>,
  { entries, behind: behindEach, ahead, careful }: Entries<Fold, Outcome>,
): OwnerStep<Fold, Outcome> => {
  const send = state.sends + 1
  const next: OwningPhase<Fold> = {
    name: 'owning',
    claim: phase.claim,
    commandsEnd: Math.max(phase.commandsEnd, ahead.resume),
    ahead,
    unread: [...phase.unread, { send, firstN: phase.ahead.n + 1, behind: behindEach, fold: ahead.fold }],
    inFlight: send,
    ...(careful && { careful }),
  }
  return { state: { ...state, sends: send, phase: next }, effects: [{ type: 'append', send, entries }] }
}
