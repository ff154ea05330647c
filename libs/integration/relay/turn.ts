import type { OutcomeRecord, Position } from '#libs/journal/outcome.ts'
import type { PublishedRecord } from '#libs/journal/publisher.ts'
import { OutcomeMissing, PARKED_LIMIT, type Parked, type RelayState, TooMuchParked } from './state.ts'

/** A record on its way to a public topic. */
export type Outgoing = { readonly topic: string; readonly record: PublishedRecord }

/** What an outcome comes to in public topics: records, often none, or the code of the error that kept it from that. */
export type Prepared = {
  readonly outcome: Pick<OutcomeRecord, 'key' | 'offset' | 'claim' | 'n'>
  readonly made: { readonly outgoing: readonly Outgoing[] } | { readonly code: string }
}

export type Turn = {
  readonly outgoing: readonly Outgoing[]
  readonly state: RelayState
  /** Keys that stand still from now on, with the code of the error. */
  readonly parked: readonly { readonly key: string; readonly code: string }[]
}

/** What has been seen of a partition since its takeover: up to where it was read, and which keys failed again. */
export type Reading = { readonly reached: Position; readonly blocked: ReadonlySet<string> }

const placeOf = (logId: string, { offset, claim, n }: Prepared['outcome']): Position => ({ logId, offset, claim, n })

/**
 * What a run of outcomes comes to, as one transaction: the records, and the state behind them. Pure, so that a run read
 * again from the same state gives the same.
 *
 * Outcomes at or before the position have been published, except those of keys that stand still, which are tried again;
 * a key whose turn fails stands still from that outcome on, until a takeover finds that it can be published.
 * @throws TooMuchParked, OutcomeMissing
 */
export const turn = (
  state: RelayState,
  reading: Reading,
  run: readonly Prepared[],
  to: Position,
): Turn & { readonly reading: Reading } => {
  const { logId } = state.position
  const parked = new Map(state.parked)
  const blocked = new Set(reading.blocked)
  const outgoing: Outgoing[] = []
  const newlyParked: { key: string; code: string }[] = []
  let reached = reading.reached

  for (const { outcome, made } of run) {
    if (outcome.n !== reached.n + 1) throw new OutcomeMissing(`n ${outcome.n} comes behind ${reached.n}`)
    const published = parked.get(outcome.key)?.position ?? state.position
    const due = outcome.offset > published.offset && !blocked.has(outcome.key)
    if (due && 'outgoing' in made) {
      outgoing.push(...made.outgoing)
    } else if (due && 'code' in made) {
      parked.set(outcome.key, { position: reached, code: made.code })
      blocked.add(outcome.key)
      newlyParked.push({ key: outcome.key, code: made.code })
    }
    reached = placeOf(logId, outcome)
  }

  if (parked.size > PARKED_LIMIT) throw new TooMuchParked(`${parked.size} keys stand still`)
  const position = to.offset > state.position.offset ? to : state.position
  for (const [key, each] of parked) {
    if (blocked.has(key)) continue
    const moved = movedOn(each, to, position)
    if (moved) parked.set(key, moved)
    else parked.delete(key)
  }
  return {
    outgoing,
    state: { ...state, position, parked },
    parked: newlyParked,
    reading: { reached: to, blocked },
  }
}

/** A key that did not fail again has moved on; undefined once it has caught up with the others. */
const movedOn = (parked: Parked, to: Position, position: Position): Parked | undefined => {
  if (to.offset >= position.offset) return undefined
  return to.offset > parked.position.offset ? { ...parked, position: to } : parked
}
