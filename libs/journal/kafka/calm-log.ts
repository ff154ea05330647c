import type { ClientLog } from './options.ts'

const WHILE_MS = 10_000
/** Enough to see that it goes on, and to whom. */
const MOST = 5

/** A broker makes the topic of its groups when the first one asks, and loads it: all groups of a new start wait for that. */
const NEW_BROKER = /coordinator (is loading|for this group)|group coordinator/i

/**
 * With a broker away every reader and every group of a process says so several times a second: thousands of lines a minute,
 * in which nothing else is seen. The same message comes five times in ten seconds at most; how often it was left out is told
 * with what comes after. What is logged for debugging comes whole; for the first ten seconds, that groups wait for a new
 * broker is no more than that.
 */
export const calmLog = (log: ClientLog, now: () => number = Date.now): ClientLog => {
  const times = new Map<string, { readonly level: Parameters<ClientLog>[0]; count: number }>()
  const started = now()
  let until = 0

  const isBeginning = (message: string, { error }: Parameters<ClientLog>[2]): boolean =>
    now() - started < WHILE_MS && NEW_BROKER.test(`${message} ${error}`)

  const begin = (): void => {
    for (const [message, { level, count }] of times) if (count > MOST) log(level, message, { leftOut: count - MOST })
    times.clear()
    until = now() + WHILE_MS
  }

  return (level, message, fields) => {
    if (level === 'debug' || isBeginning(message, fields)) {
      log('debug', message, fields)
      return
    }
    if (now() >= until) begin()
    const told = times.get(message) ?? { level, count: 0 }
    times.set(message, told)
    told.count += 1
    if (told.count <= MOST) log(level, message, fields)
  }
}
