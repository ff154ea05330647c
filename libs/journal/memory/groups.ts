import { type Assignment, assignSticky } from '../assign.ts'
import type { Membership, MembershipOptions } from '../log.ts'

type Seat = MembershipOptions & {
  readonly id: string
  owned: Assignment
  readonly refused: Map<string, readonly number[]>
}

/** The groups that all clients of one in-memory log share. */
export type MemoryGroups = { readonly join: (options: MembershipOptions) => Membership }

const sameAssignment = (a: Assignment, b: Assignment): boolean =>
  a.size === b.size && [...a].every(([topic, numbers]) => String(numbers) === String(b.get(topic)))

export const memoryGroups = (
  partitionsOf: (topic: string) => number,
  defer: (task: () => void) => void,
): MemoryGroups => {
  const groups = new Map<string, Set<Seat>>()
  let joined = 0

  const rebalance = (seats: ReadonlySet<Seat>): void => {
    const topics = new Set([...seats].flatMap((seat) => seat.topics))
    const assigned = assignSticky([...seats], new Map([...topics].map((topic) => [topic, partitionsOf(topic)])))
    for (const seat of seats) {
      const next = assigned.get(seat.id) ?? new Map()
      if (sameAssignment(seat.owned, next)) continue
      seat.owned = next
      // A later rebalance may have come before this is told: then that one tells, of what is held by then.
      defer(() => seats.has(seat) && seat.owned === next && seat.onAssignment(next))
    }
  }

  return {
    join: (options) => {
      const seats = groups.get(options.group) ?? new Set<Seat>()
      groups.set(options.group, seats)
      const seat: Seat = { ...options, id: String(joined++).padStart(9, '0'), owned: new Map(), refused: new Map() }
      seats.add(seat)
      rebalance(seats)
      return {
        leave: async () => {
          if (seats.delete(seat)) rebalance(seats)
        },
        refuse: (topic, partition) => {
          seat.refused.set(topic, [...(seat.refused.get(topic) ?? []), partition])
          if (seats.has(seat)) rebalance(seats)
        },
      }
    },
  }
}
