import type { Offset } from '../log.ts'
import { movesResume, type Progress, progressOf } from './follow.ts'
import type { OwnerLimits } from './rules.ts'
import type { Backlog, OwnerEffect, OwnerState, OwnerStep, OwningPhase } from './state.ts'

/** Appends a claim under a new nonce. Not assigned, it follows. */
export const claimAnew = <Fold, Outcome>(
  state: OwnerState<Fold>,
  { commandsEnd, agedOut }: Backlog,
  before: readonly OwnerEffect<Outcome>[] = [],
): OwnerStep<Fold, Outcome> => {
  if (!state.assigned) return { state: { ...state, phase: { name: 'following' } }, effects: before }
  const send = state.sends + 1
  const nonce = `${state.owner}/${send}`
  const gone = agedOut && movesResume(agedOut, state.read.resume) ? { agedOut } : {}
  return {
    state: { ...state, sends: send, phase: { name: 'claiming', send, nonce, commandsEnd, ...gone } },
    effects: [...before, { type: 'claim', send, nonce, ...gone }],
  }
}

/** What stands before a claim is given up: what is unread goes with the appender that sent it. */
const letGo = [{ type: 'discard' }, { type: 'idle' }] as const

/** Claims anew. Records that arrived although their send failed will be read, like anybody's. */
export const failed = <Fold, Outcome>(
  state: OwnerState<Fold>,
  backlog: Backlog,
  before: readonly OwnerEffect<Outcome>[] = [],
): OwnerStep<Fold, Outcome> => claimAnew(state, backlog, [...before, ...letGo])

/** Gives the claim up and follows, until it is told to claim again. */
export const standBack = <Fold, Outcome>(
  state: OwnerState<Fold>,
  before: readonly OwnerEffect<Outcome>[] = [],
  held?: { readonly claim: Offset; readonly n: number },
): OwnerStep<Fold, Outcome> => ({
  state: { ...state, phase: { name: 'following', ...(held && { held }) } },
  effects: [...before, ...letGo],
})

/** Asks for the commands from `resume` on. */
export const readOn = ({ resume, decided }: Progress<unknown>): Extract<OwnerEffect<never>, { type: 'commands' }> => ({
  type: 'commands',
  from: resume,
  ...(decided !== undefined && { after: decided }),
})

/** Decides from here on. Where claims came to nothing, the commands that may have caused it are tried one by one. */
export const own = <Fold, Outcome>(
  state: OwnerState<Fold>,
  claim: Offset,
  commandsEnd: Offset,
  limits: OwnerLimits,
  before: readonly OwnerEffect<Outcome>[] = [],
): OwnerStep<Fold, Outcome> => {
  const { resume, idleClaims } = state.read
  const until = idleClaims > limits.idleClaims ? Math.min(commandsEnd, resume + limits.batchRecords) : resume
  const phase: OwningPhase<Fold> = {
    name: 'owning',
    claim,
    commandsEnd,
    ahead: progressOf(state.read),
    unread: [],
    ...(until > resume && { careful: { until } }),
  }
  return { state: { ...state, phase }, effects: [...before, readOn(state.read)] }
}
