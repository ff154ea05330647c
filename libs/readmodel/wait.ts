import type { Sql } from 'postgres'
import { POSITIONS_CHANNEL } from './commit.ts'
import { MalformedToken, ReadModelBehind } from './errors.ts'
import { livePositions, placeId } from './positions.ts'

export type PositionWaiter = {
  /**
   * Resolves once the live build of the projection has applied the record that the token names; at once where it reads
   * nothing of that family.
   * @param token of `positionToken`: `<family>.<partition>.<n>`
   * @throws ReadModelBehind when it has not within `timeoutMs`, or too many wait already; MalformedToken
   */
  readonly wait: (projection: string, token: string, timeoutMs?: number) => Promise<void>
  readonly close: () => void
}

type Waiter = { readonly n: number; readonly resolve: () => void }

const tokenPattern = /^([a-z]+\.\d{1,6})\.(\d{1,16})$/

const parseToken = (token: string): { readonly place: string; readonly n: number } => {
  const [, place, n] = tokenPattern.exec(token) ?? []
  if (place === undefined || n === undefined) throw new MalformedToken('not <family>.<partition>.<n>')
  return { place, n: Number(n) }
}

/**
 * Read your own writes: listens for what projectors commit, and lets queries wait for it. Notifications can be missed
 * while a connection is down, so whoever waits also looks for itself every half second.
 */
export const createPositionWaiter = async (
  sql: Sql,
  { maxWaiters = 10_000, lookEveryMs = 500 } = {},
): Promise<PositionWaiter> => {
  /** By projection and place: the highest `n` known to be applied. It never falls: builds are switched only forward. */
  const reached = new Map<string, number>()
  const waiters = new Map<string, Set<Waiter>>()
  let waiting = 0

  const note = (id: string, n: number): void => {
    if (n <= (reached.get(id) ?? 0)) return
    reached.set(id, n)
    for (const waiter of waiters.get(id) ?? []) if (waiter.n <= n) waiter.resolve()
  }

  const look = async (projection: string): Promise<void> => {
    const standings = await livePositions(sql, projection)
    for (const standing of standings) note(`${projection} ${placeId(standing)}`, standing.position.n)
    if (standings.length === 0) return
    const read = new Set<string>(standings.map(({ family }) => family))
    for (const [id, here] of waiters) {
      const [name, place = ''] = id.split(' ')
      if (name === projection && !read.has(place.slice(0, place.indexOf('.'))))
        for (const waiter of here) waiter.resolve()
    }
  }

  const looked = new Map<string, Promise<void>>()
  /** One look at a time for each projection, however many wait for it. */
  const lookOnce = (projection: string): Promise<void> => {
    const underWay = looked.get(projection)
    if (underWay) return underWay
    const look_ = look(projection).finally(() => looked.delete(projection))
    looked.set(projection, look_)
    return look_
  }

  const timer = setInterval(() => {
    const projections = new Set([...waiters.keys()].map((id) => id.slice(0, id.indexOf(' '))))
    for (const projection of projections) lookOnce(projection).catch(() => {})
  }, lookEveryMs)
  timer.unref()

  // Ended with the pool: a word of farewell would wait for a server that may be away.
  await sql.listen(POSITIONS_CHANNEL, (payload) => {
    const [projection, ...tokens] = payload.split(' ')
    for (const token of tokens) {
      const { place, n } = parseToken(token)
      note(`${projection} ${place}`, n)
    }
  })

  const waitFor = (id: string, n: number, timeoutMs: number): Promise<void> =>
    new Promise((resolve, reject) => {
      const leave = () => {
        clearTimeout(deadline)
        waiting--
        const set = waiters.get(id)
        set?.delete(waiter)
        if (set?.size === 0) waiters.delete(id)
      }
      const deadline = setTimeout(() => {
        leave()
        reject(new ReadModelBehind('the read model has not reached the position in time'))
      }, timeoutMs)
      const waiter: Waiter = {
        n,
        resolve: () => {
          leave()
          resolve()
        },
      }
      waiting++
      const set = waiters.get(id) ?? new Set()
      waiters.set(id, set.add(waiter))
    })

  return {
    wait: async (projection, token, timeoutMs = 2_000) => {
      const { place, n } = parseToken(token)
      const id = `${projection} ${place}`
      if ((reached.get(id) ?? 0) >= n) return
      if (waiting >= maxWaiters) throw new ReadModelBehind('too many queries wait for the read model')
      const waited = waitFor(id, n, timeoutMs)
      // What was committed before this process listened is found by looking.
      lookOnce(projection).catch(() => {})
      await waited
    },
    close: () => clearInterval(timer),
  }
}
