import type { Offset } from '../log.ts'
import { judge } from '../validity.ts'
import { claimAnew, failed, own, standBack } from './claims.ts'
import type { AnyCommand, AnyOutcome, Domain } from './domain.ts'
import { confirmed, confirmedWithin, type Followed, follow, placeOf, type Read } from './follow.ts'
import { type OwnerLimits, type OwnerRules, ownerLimits, ownerRules } from './rules.ts'
import type { Backlog, OwnerEffect, OwnerInput, OwnerState, OwnerStep, OwningPhase, Phase } from './state.ts'
import { takeTurn } from './turns.ts'

/** What an owner is made of. The model check gives a tiny domain, and takes rules away. */
export type OwnerParts<Fold, Command extends AnyCommand, Outcome extends AnyOutcome> = {
  readonly domain: Domain<Fold, Command, Outcome>
  readonly rules?: OwnerRules
  readonly limits?: OwnerLimits
}

export type Step<Fold, Command, Outcome> = (
  state: OwnerState<Fold>,
  input: OwnerInput<Fold, Command, Outcome>,
) => OwnerStep<Fold, Outcome>

/** The offset of a record that was acknowledged and has not been read back, if there is one. */
export const awaitedOf = (phase: Phase<unknown>): Offset | undefined => {
  if (phase.name === 'reading') return phase.claim
  return phase.name === 'owning' ? phase.unread[0]?.offset : undefined
}

/**
 * The owner of one partition: what it does next, as a pure function (I2–I5, I8, I10). The caller carries the effects out
 * in their order and brings their answers back as inputs, late, in any order, or never: nothing that it can do makes two
 * readers disagree.
 */
export const ownerMachine = <Fold, Command extends AnyCommand, Outcome extends AnyOutcome>({
  domain,
  rules = ownerRules,
  limits = ownerLimits,
}: OwnerParts<Fold, Command, Outcome>): Step<Fold, Command, Outcome> => {
  type State = OwnerState<Fold>
  type Stepped = OwnerStep<Fold, Outcome>

  const still = (state: State): Stepped => ({ state, effects: [] })

  const onRecord = (state: State, offset: Offset, entry: Read<Outcome>): Stepped => {
    if (!rules.contiguous(state.read.next, offset)) {
      const missed = offset > state.read.next
      return missed ? { state, effects: [{ type: 'reread', from: state.read.next }] } : still(state)
    }
    const { phase } = state
    const mine = phase.name === 'owning' ? confirmMine(state, phase, offset, entry) : undefined
    if (mine) return mine
    const { verdict, followed } = follow(state.read, offset, entry, domain.evolve, rules)
    const judged: OwnerEffect<Outcome> = { type: 'judged', verdict, offset, entry }
    return afterRead({ ...state, read: followed }, offset, entry, [judged])
  }

  /** A record of one's own was folded when it was decided: reading it back makes that fold the confirmed one. */
  const confirmMine = (
    state: State,
    phase: OwningPhase<Fold>,
    offset: Offset,
    entry: Read<Outcome>,
  ): Stepped | undefined => {
    if (entry.kind === 'claim' || entry.kind === 'unreadable' || entry.claim !== phase.claim) return undefined
    const { verdict } = judge(state.read, entry, offset, rules.validity)
    const batch = phase.unread[0]
    const head = batch?.behind[entry.n - batch.firstN]
    if (verdict !== 'valid' || !batch || !head) return undefined
    const effects: readonly OwnerEffect<Outcome>[] = [{ type: 'judged', verdict, offset, entry }]
    const isLast = entry.n === batch.firstN + batch.behind.length - 1
    if (isLast) {
      const read = confirmed(state.read, offset, entry.kind, { ...head, fold: batch.fold })
      return { state: { ...state, read, phase: { ...phase, unread: phase.unread.slice(1) } }, effects }
    }
    // Only outcomes are sent together.
    if (entry.kind !== 'outcome') return undefined
    const read = confirmedWithin(state.read, offset, head, () => domain.evolve(state.read.fold, entry))
    return { state: { ...state, read }, effects }
  }

  const afterRead = (
    state: State,
    offset: Offset,
    entry: Read<Outcome>,
    effects: readonly OwnerEffect<Outcome>[],
  ): Stepped => {
    const { phase } = state
    switch (phase.name) {
      case 'claiming':
        if (entry.kind !== 'claim') return { state, effects }
        if (entry.nonce === phase.nonce) return { state: { ...state, phase: { ...phase, readAt: offset } }, effects }
        return phase.readAt !== undefined && rules.superseded(phase.readAt, offset)
          ? standBack(state, effects)
          : { state, effects }
      case 'reading':
        // An acknowledgement that names another record is none: the claim is not there.
        if (offset === phase.claim && !(entry.kind === 'claim' && entry.nonce === phase.nonce))
          return failed(state, phase, effects)
        return rules.readUpTo(phase.claim, state.read.next)
          ? own(state, phase.claim, phase.commandsEnd, limits, effects)
          : { state, effects }
      case 'owning':
        if (entry.kind === 'claim' && rules.superseded(phase.claim, offset)) return standBack(state, effects)
        return passedOver(state, phase) ? failed(state, phase, effects) : { state, effects }
      default:
        return { state, effects }
    }
  }

  /** A batch was acknowledged, its offsets have been read, and it was not there. */
  const passedOver = (state: State, { unread: [batch] }: OwningPhase<Fold>): boolean =>
    batch?.offset !== undefined && state.read.next >= batch.offset + batch.behind.length

  const onAcknowledged = (state: State, send: number, offset: Offset): Stepped => {
    const { phase } = state
    if (phase.name === 'claiming' && phase.send === send) {
      if (phase.readAt !== undefined)
        return phase.readAt === offset ? own(state, offset, phase.commandsEnd, limits) : failed(state, phase)
      // That offset has been read, and it was not the claim.
      if (state.read.next > offset) return failed(state, phase)
      const { nonce, commandsEnd, agedOut } = phase
      const reading = { name: 'reading', nonce, claim: offset, commandsEnd, ...(agedOut && { agedOut }) } as const
      const next: State = { ...state, phase: reading }
      return rules.readUpTo(offset, state.read.next) ? own(next, offset, commandsEnd, limits) : still(next)
    }
    if (phase.name !== 'owning' || phase.inFlight !== send) return still(state)
    const { inFlight: _, ...settled } = phase
    const unread = phase.unread.map((batch) => (batch.send === send ? { ...batch, offset } : batch))
    const next = { ...settled, unread }
    return passedOver(state, next) ? failed(state, phase) : still({ ...state, phase: next })
  }

  const onFailed = (state: State, send: number): Stepped => {
    const { phase } = state
    if (phase.name === 'claiming' && phase.send === send) return failed(state, phase)
    if (phase.name !== 'owning' || phase.inFlight !== send) return still(state)
    return rules.failureEndsClaim()
      ? failed(state, phase)
      : own(state, phase.claim, phase.commandsEnd, limits, [{ type: 'discard' }])
  }

  /** What was acknowledged and is not in the journal has been lost: who reads on would wait for it for ever. */
  const onEnd = (state: State, end: Offset): Stepped => {
    const { phase } = state
    const awaited = awaitedOf(phase)
    if (awaited === undefined || awaited < end || (phase.name !== 'reading' && phase.name !== 'owning'))
      return still(state)
    return failed(state, phase, [{ type: 'lost', offset: awaited }])
  }

  const onRestore = (
    state: State,
    snapshot: Followed<Fold>,
    found: Parameters<OwnerRules['positionHolds']>[1],
  ): Stepped => {
    const { phase } = state
    if (phase.name !== 'following' && phase.name !== 'reading') return still(state)
    if (!rules.positionHolds(placeOf(snapshot), found)) return still(state)
    if (phase.name === 'reading' && !rules.snapshotBelow(phase.claim, snapshot.counted)) return still(state)
    const next = { ...state, read: snapshot }
    return phase.name === 'reading' && rules.readUpTo(phase.claim, snapshot.next)
      ? own(next, phase.claim, phase.commandsEnd, limits)
      : still(next)
  }

  const onRevoked = (state: State): Stepped => {
    const { phase } = state
    const next = { ...state, assigned: false }
    if (phase.name === 'following' || phase.name === 'stopped') return still(next)
    // Where a send is open nobody knows what the claim will yet bring: it is not taken up again.
    const held =
      phase.name === 'owning' && phase.inFlight === undefined ? { claim: phase.claim, n: phase.ahead.n } : undefined
    return standBack(next, [], held)
  }

  const onClaim = (state: State, backlog: Backlog): Stepped => {
    const { phase, read } = state
    if (!state.assigned) return still(state)
    // Commands that an owner waits for are gone: only a claim can say so.
    if (phase.name === 'owning') return backlog.agedOut ? failed(state, backlog) : still(state)
    if (phase.name !== 'following') return still(state)
    const { held } = phase
    const kept = held !== undefined && held.claim === read.claim && held.n === read.n && !backlog.agedOut
    return kept ? own(state, held.claim, backlog.commandsEnd, limits) : claimAnew(state, backlog)
  }

  return (state, input) => {
    switch (input.type) {
      case 'record':
        return state.phase.name === 'stopped' ? still(state) : onRecord(state, input.offset, input.entry)
      case 'acknowledged':
        return onAcknowledged(state, input.send, input.offset)
      case 'failed':
        return onFailed(state, input.send)
      case 'end':
        return onEnd(state, input.end)
      case 'turn':
        return state.phase.name === 'owning'
          ? takeTurn(state, state.phase, input.commands, input.clock, domain, limits)
          : still(state)
      case 'assigned':
        return still(state.phase.name === 'stopped' ? state : { ...state, assigned: true })
      case 'revoked':
        return onRevoked(state)
      case 'restore':
        return onRestore(state, input.snapshot, input.found)
      case 'claim':
        return onClaim(state, input)
      case 'stop':
        return {
          state: { ...state, assigned: false, phase: { name: 'stopped' } },
          effects: [{ type: 'discard' }, { type: 'idle' }],
        }
    }
  }
}
