import { Map as ImmutableMap } from 'immutable'
import { type DedupeWindow, emptyWindow } from './dedupe.ts'
import type { Instant } from './log.ts'

/** One aggregate as an owner keeps it. */
export type Cell<State> = {
  readonly state: State
  readonly window: DedupeWindow
  /** `n` of the last record that changed it. */
  readonly n: number
}

/** When an aggregate wants its next `due` command (I16). */
export type Due = { readonly name: string; readonly at: Instant }

/** All aggregates of one partition that were ever written to: an immutable value. */
export type Cells<State> = {
  readonly byKey: ImmutableMap<string, Cell<State>>
  /** The aggregates that wait for a moment, so that nobody has to look at all the others. */
  readonly dues: ImmutableMap<string, Due>
}

export const noCells = <State>(): Cells<State> => ({ byKey: ImmutableMap(), dues: ImmutableMap() })

export const newCell = <State>(state: State): Cell<State> => ({ state, window: emptyWindow, n: 0 })

export const withCell = <State>(
  cells: Cells<State>,
  key: string,
  cell: Cell<State>,
  due: Due | undefined,
): Cells<State> => ({
  byKey: cells.byKey.set(key, cell),
  dues: due ? withDue(cells.dues, key, due) : cells.dues.delete(key),
})

/** The same due time again is no change. */
const withDue = (dues: Cells<unknown>['dues'], key: string, due: Due): Cells<unknown>['dues'] => {
  const before = dues.get(key)
  return before?.at === due.at && before.name === due.name ? dues : dues.set(key, due)
}
