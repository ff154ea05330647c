import { HttpProblem } from './problem.ts'

export type DependencyOptions = {
  readonly name: string
  /** Whether an error means that the engine is away, rather than that the question was wrong. */
  readonly isAway: (error: unknown) => boolean
  /** At most so many calls at once, and so many more waiting. */
  readonly concurrency?: number
  readonly queue?: number
  readonly timeoutMs?: number
  /** After so many failures in a row nothing is tried for `restMs`. */
  readonly failures?: number
  readonly restMs?: number
  readonly now?: () => number
}

/**
 * Calls to an engine, bounded in number and time (bulkhead), and none at all while it is known to be away (circuit
 * breaker): `platform.unavailable` then, at once; `platform.busy` where too many wait. When the rest is over one call is
 * let through; its answer closes the circuit or opens it again. Other errors pass as they are.
 */
export type Dependency = {
  readonly call: <T>(work: () => Promise<T>) => Promise<T>
  readonly state: () => 'closed' | 'open' | 'trying'
}

export const dependency = (options: DependencyOptions): Dependency => {
  const { name, isAway, concurrency = 32, queue = 256, timeoutMs = 3000, failures = 5, restMs = 1000 } = options
  const now = options.now ?? Date.now
  const waiting: (() => void)[] = []
  let running = 0
  let failed = 0
  let restUntil = 0
  let trying = false

  const away = (cause?: unknown): HttpProblem =>
    new HttpProblem('platform.unavailable', { message: `${name} is away.`, ...(cause !== undefined && { cause }) })

  const seat = async (): Promise<void> => {
    if (running < concurrency) {
      running++
      return
    }
    if (waiting.length >= queue) throw new HttpProblem('platform.busy', { detail: { dependency: name } })
    // Whoever leaves hands its seat over, so `running` stays as it is.
    await new Promise<void>((resolve) => waiting.push(resolve))
  }
  const leave = (): void => {
    const next = waiting.shift()
    if (next) next()
    else running--
  }

  const failedOnce = (): void => {
    failed++
    if (failed >= failures || trying) restUntil = now() + restMs
  }

  const state = (): 'closed' | 'open' | 'trying' =>
    restUntil === 0 ? 'closed' : now() < restUntil || trying ? 'open' : 'trying'

  const attempt = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      const result = await withTimeout(work(), timeoutMs)
      failed = 0
      restUntil = 0
      return result
    } catch (error) {
      if (!(error instanceof TimedOut) && !isAway(error)) {
        // The engine has answered, if with a refusal: it is there.
        failed = 0
        restUntil = 0
        throw error
      }
      failedOnce()
      throw away(error)
    }
  }

  return {
    call: async (work) => {
      const before = state()
      if (before === 'open') throw away()
      if (before === 'trying') {
        trying = true
        try {
          return await attempt(work)
        } finally {
          trying = false
        }
      }
      await seat()
      try {
        return await attempt(work)
      } finally {
        leave()
      }
    },
    state,
  }
}

class TimedOut extends Error {}

const withTimeout = async <T>(work: Promise<T>, timeoutMs: number): Promise<T> => {
  let timer: NodeJS.Timeout | undefined
  try {
    return await Promise.race([
      work,
      new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new TimedOut()), timeoutMs)
      }),
    ])
  } finally {
    clearTimeout(timer)
  }
}
