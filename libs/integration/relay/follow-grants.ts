import { setTimeout as sleep } from 'node:timers/promises'
import type { Offset } from '#libs/journal/log.ts'
import { LogError } from '#libs/journal/log-error.ts'
import type { CommittedReader, TransactionalLog } from '#libs/journal/publisher.ts'
import { type IntegratorRecords, integratorsTopic, withRecords } from '../access/records.ts'
import { type Grants, grantsOf, noGrants, topicsOf } from './grants.ts'

/** A fetch is held back for so long where nothing comes; what comes is answered at once. */
const WAIT_MS = 1_000
const RETRY_MS = { first: 50, most: 2_000 }

export type FollowedGrants = {
  /** Those in effect: their topics are there. */
  readonly current: () => Grants
  /**
   * Resolves once all is in effect that was written before the call, and its topics are there. Whoever took a partition
   * from another waits for it before anything else: so it never knows of less than the one before it did.
   */
  readonly caughtUp: (reader: CommittedReader) => Promise<void>
  readonly close: () => Promise<void>
}

export type FollowOptions = {
  readonly transactions: Pick<TransactionalLog, 'committed'>
  /** Makes topics that are missing: the public ones, and these. */
  readonly ensure: (topics: readonly string[]) => Promise<void>
  readonly onChange: () => void
  readonly onFailure: (error: unknown) => void
}

type Waiting = { readonly end: Offset } & Pick<PromiseWithResolvers<void>, 'resolve' | 'reject'>

/** Calls that come while one is under way share the next. */
const oneByOne = (work: () => Promise<void>): (() => Promise<void>) => {
  let current: Promise<void> | undefined
  let following: Promise<void> | undefined
  const run = (): Promise<void> => {
    const begun = work().finally(() => {
      current = undefined
    })
    current = begun
    return begun
  }
  return () => {
    if (!current) return run()
    following ??= current
      .catch(() => {})
      .then(() => {
        following = undefined
        return run()
      })
    return following
  }
}

/** Follows who is given which channels, from the beginning on, and says so live. */
export const followGrants = ({ transactions, ensure, onChange, onFailure }: FollowOptions): FollowedGrants => {
  const stop = new AbortController()
  const { signal } = stop
  const waiting = new Set<Waiting>()
  let grants = noGrants
  let records: IntegratorRecords = new Map()
  /** Read up to here; `grants` may be behind, while topics are made. */
  let next: Offset = 0
  /** In effect up to here. */
  let reached: Offset = 0
  let delayMs = RETRY_MS.first

  const ensureAll = oneByOne(() => ensure(topicsOf(grants)))

  const putInEffect = async (): Promise<void> => {
    const fresh = grantsOf(records, next)
    await ensure(topicsOf(fresh))
    const changed = next !== grants.revision
    reached = next
    grants = fresh
    for (const one of waiting) if (reached >= one.end) one.resolve()
    if (changed) onChange()
  }

  const read = async (reader: CommittedReader): Promise<void> => {
    const run = await reader.read(integratorsTopic, 0, next, WAIT_MS)
    records = withRecords(records, run.records)
    next = run.next
    delayMs = RETRY_MS.first
    if (next >= run.stable && next !== reached) await putInEffect()
  }

  const once = async (): Promise<void> => {
    const reader = await transactions.committed()
    const closeEarly = () => void reader.close()
    signal.addEventListener('abort', closeEarly, { once: true })
    try {
      // What was read and not put in effect, since a topic could not be made.
      if (next !== reached) await putInEffect()
      while (!signal.aborted) await read(reader)
    } finally {
      signal.removeEventListener('abort', closeEarly)
      await reader.close()
    }
  }

  const loop = async (): Promise<void> => {
    for (; !signal.aborted; delayMs = Math.min(delayMs * 2, RETRY_MS.most)) {
      try {
        await once()
      } catch (error) {
        if (signal.aborted) return
        // The topic was made anew.
        if (error instanceof LogError && error.code === 'log.out-of-range') {
          next = 0
          reached = 0
          records = new Map()
        }
        onFailure(error)
        await sleep(delayMs, undefined, { signal }).catch(() => {})
      }
    }
  }
  const looping = loop()

  const until = async (end: Offset): Promise<void> => {
    if (reached >= end) return
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const one = { end, resolve, reject }
    waiting.add(one)
    try {
      await promise
    } finally {
      waiting.delete(one)
    }
  }

  return {
    current: () => grants,
    caughtUp: async (reader) => {
      // Somebody may have taken a topic away, this one among them, and nothing at all could be published then.
      await ensureAll()
      const { end } = await reader.bounds(integratorsTopic, 0)
      await until(end)
    },
    close: async () => {
      stop.abort()
      for (const one of waiting) one.reject(new LogError('log.closed', 'grants are not followed any more'))
      await looping
    },
  }
}
