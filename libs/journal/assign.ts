/** Partition numbers by topic. */
export type Assignment = ReadonlyMap<string, readonly number[]>

export type Member = {
  readonly id: string
  readonly topics: readonly string[]
  /** What it held before. */
  readonly owned: Assignment
  /** What it cannot serve, and is not given. */
  readonly refused?: Assignment
}

/**
 * Shares partitions out evenly, topic by topic, and leaves as many as it can where they were, so that owners keep their
 * state. What a member refuses goes to the others, and to nobody where all refuse it. The same members in any order give
 * the same answer.
 */
export const assignSticky = (
  members: readonly Member[],
  partitions: ReadonlyMap<string, number>,
): ReadonlyMap<string, Assignment> => {
  const totals = new Map(members.map(({ id }) => [id, 0]))
  const assigned = new Map(members.map(({ id }) => [id, new Map<string, readonly number[]>()]))
  for (const [topic, count] of [...partitions].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const takers = members.filter((member) => member.topics.includes(topic))
    for (const [id, numbers] of shareTopic(topic, count, takers, totals)) {
      assigned.get(id)?.set(topic, numbers)
      totals.set(id, (totals.get(id) ?? 0) + numbers.length)
    }
  }
  return assigned
}

type Seat = {
  readonly id: string
  readonly total: number
  readonly owned: readonly number[]
  readonly refused: readonly number[]
  held: number[]
}

const shareTopic = (
  topic: string,
  count: number,
  members: readonly Member[],
  totals: ReadonlyMap<string, number>,
): ReadonlyMap<string, readonly number[]> => {
  const seats = members.map(
    ({ id, owned, refused }): Seat => ({
      id,
      total: totals.get(id) ?? 0,
      owned: owned.get(topic) ?? [],
      refused: refused?.get(topic) ?? [],
      held: [],
    }),
  )
  if (seats.length === 0) return new Map()
  const least = Math.floor(count / seats.length)
  let extras = count % seats.length
  const free = new Set(Array.from({ length: count }, (_, partition) => partition))

  // Those that held most keep first: the ones over the even share fill the seats that are one larger.
  for (const seat of [...seats].sort((a, b) => b.owned.length - a.owned.length || byId(a, b))) {
    const stillFree = seat.owned.filter((partition) => free.has(partition) && accepts(seat, partition)).sort(ascending)
    const keeps = stillFree.length > least && extras > 0 ? least + 1 : Math.min(stillFree.length, least)
    if (keeps > least) extras--
    seat.held = stillFree.slice(0, keeps)
    for (const partition of seat.held) free.delete(partition)
  }
  for (const partition of free) {
    const [next] = seats
      .filter((seat) => accepts(seat, partition))
      .sort(
        (a, b) => a.held.length - b.held.length || a.total + a.held.length - (b.total + b.held.length) || byId(a, b),
      )
    next?.held.push(partition)
  }
  return new Map(seats.map(({ id, held }) => [id, held.sort(ascending)]))
}

const accepts = ({ refused }: Seat, partition: number): boolean => !refused.includes(partition)

const ascending = (a: number, b: number): number => a - b

const byId = (a: Seat, b: Seat): number => (a.id < b.id ? -1 : 1)
