import type { Offset } from '#libs/journal/log.ts'
import type { Position } from '#libs/journal/outcome.ts'

/** A key whose next event could not be published: it stands still, and the others go on. */
export type Parked = {
  /** Up to here its events are published; the one at fault comes next. */
  readonly position: Position
  /** Of the error. */
  readonly code: string
}

/** Where the relay stands in one partition of a journal: all that it needs to go on. */
export type RelayState = {
  readonly position: Position
  /** By key; each is tried again at every takeover. */
  readonly parked: ReadonlyMap<string, Parked>
  /** Revision of the grants with which everything behind the position is published; 0 where there are none. */
  readonly grants: Offset
}

/** So many keys do not stand still for their own sake: the relay itself must be at fault. */
export const PARKED_LIMIT = 100

/** Too many keys of a partition stand still. */
export class TooMuchParked extends Error {
  readonly code = 'relay.too_much_parked'
}

/** Outcomes did not come one behind the other: nothing is published over a hole. */
export class OutcomeMissing extends Error {
  readonly code = 'relay.outcome_missing'
}

/** The journal does not hold the record at the relay's position: it is another journal, or was restored. */
export class RelayPositionInvalid extends Error {
  readonly code = 'relay.position_invalid'
}

/** Events are published, and where the relay stood is gone: from the beginning on, it would publish them again. */
export class RelayPositionMissing extends Error {
  readonly code = 'relay.position_missing'
}

/** Before the first record of the journal. */
export const beforeFirst = (logId: string): RelayState => ({
  position: { logId, offset: -1, claim: -1, n: 0 },
  parked: new Map(),
  grants: 0,
})

/** Where to read from: the earliest of the position and of those that stand still, which are tried again. */
export const startOf = ({ position, parked }: RelayState): Position =>
  [...parked.values()].reduce((least, each) => (each.position.offset < least.offset ? each.position : least), position)

/** As the record of the positions topic has it, a JSON object. */
export const encodeState = ({ position, parked, grants }: RelayState): Buffer =>
  Buffer.from(
    JSON.stringify({
      ...position,
      ...(parked.size > 0 && { parked: Object.fromEntries(parked) }),
      ...(grants > 0 && { grants }),
    }),
  )

export const decodeState = (value: Buffer): RelayState => {
  const {
    parked = {},
    grants = 0,
    ...position
  } = JSON.parse(value.toString()) as Position & {
    readonly parked?: Readonly<Record<string, Parked>>
    readonly grants?: Offset
  }
  return { position, parked: new Map(Object.entries(parked)), grants }
}
