import type { AttemptEntry, ClaimEntry } from '../envelope.ts'
import type { Offset } from '../log.ts'
import type { AnyOutcome, Domain } from './domain.ts'
import { beginning, type Followed, follow, type Read } from './follow.ts'
import { ownerMachine } from './machine.ts'
import { type OwnerLimits, ownerLimits, ownerRules } from './rules.ts'
import type { OwnerEffect, OwnerInput, OwnerState } from './state.ts'

/** A domain as small as can be: each id is accepted once, `bad` cannot be decided. */
export type TinyCommand = { readonly offset: Offset; readonly id: string }
export type TinyOutcome = AnyOutcome & { readonly id: string; readonly result: 'accepted' | 'repeated' | 'poisoned' }
export type TinyFold = readonly string[]

export const tinyDomain: Domain<TinyFold, TinyCommand, TinyOutcome> = {
  empty: [],
  evolve: (fold, { id, result }) => (result === 'repeated' ? fold : [...fold, id]),
  decide: (fold, { offset, id }, stamp) => {
    if (id === 'bad') throw new Error('cannot be decided')
    const result = fold.includes(id) ? 'repeated' : 'accepted'
    const outcome = { kind: 'outcome', ...stamp, commandOffset: offset, commandId: id, id, result } as const
    return { outcome, fold: tinyDomain.evolve(fold, outcome) }
  },
  poisoned: (fold, { offset, id }, stamp) => {
    const outcome = { kind: 'outcome', ...stamp, commandOffset: offset, commandId: id, id, result: 'poisoned' } as const
    return { outcome, fold: tinyDomain.evolve(fold, outcome) }
  },
  sizeOf: () => 100,
}

export type TinyEntry = Read<TinyOutcome>
export type TinyInput = OwnerInput<TinyFold, TinyCommand, TinyOutcome>
export type TinyEffect = OwnerEffect<TinyOutcome>
export type TinyState = OwnerState<TinyFold>

export const tinyMachine = (limits: Partial<OwnerLimits> = {}) =>
  ownerMachine({ domain: tinyDomain, limits: { ...ownerLimits, ...limits } })

export const tinyClaim = (nonce: string): ClaimEntry => ({
  kind: 'claim',
  nonce,
  owner: nonce,
  stateVersion: 1,
  logId: 'log',
  partitions: 1,
})

/** What an effect puts into the log. */
export const entriesOf = (effect: TinyEffect): readonly (ClaimEntry | AttemptEntry | TinyOutcome)[] => {
  if (effect.type === 'append') return effect.entries
  if (effect.type !== 'claim') return []
  return [{ ...tinyClaim(effect.nonce), ...(effect.agedOut && { agedOut: effect.agedOut }) }]
}

/** Every reader's view of a log, up to `end`. */
export const readTiny = (log: readonly TinyEntry[], end = log.length): Followed<TinyFold> => {
  let followed = beginning<TinyFold>([])
  for (const [offset, entry] of log.slice(0, end).entries())
    followed = follow(followed, offset, entry, tinyDomain.evolve, ownerRules).followed
  return followed
}

/** The valid outcomes of a log, in order. */
export const validOutcomes = (log: readonly TinyEntry[]): readonly TinyOutcome[] => {
  let followed = beginning<TinyFold>([])
  return log.flatMap((entry, offset) => {
    const step = follow(followed, offset, entry, tinyDomain.evolve, ownerRules)
    followed = step.followed
    return step.verdict === 'valid' && entry.kind === 'outcome' ? [entry] : []
  })
}
