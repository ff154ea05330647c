import type { Log, Tail, TailHandlers, TailOptions } from '../log.ts'
import { asError } from '../log-error.ts'
import { type Follower, startFollower } from './follower.ts'
import { openSource, type Source } from './source.ts'
import { tailOnDemand } from './tail-on-demand.ts'

/**
 * A log of whose topics this process reads each once, however many of its tails read there: a broker answers one fetch
 * instead of one for each. For processes with many readers that keep near the end.
 *
 * Tails that gather for at least `gather.gatherMs` share; others, which somebody waits for, are as they were. Who is not
 * near the end, or falls behind it, reads by itself until it is. A source that fails ends all tails that share it.
 */
export const shareTails = (log: Log, gather: TailOptions & { readonly gatherMs: number }): Log => {
  const sources = new Map<string, Promise<Source>>()

  const sourceOf = (topic: string): Promise<Source> => {
    const known = sources.get(topic)
    if (known) return known
    const opening = openSource({ log, topic, gather })
    const forget = (): void => {
      if (sources.get(topic) === opening) sources.delete(topic)
    }
    opening.then(({ failed }) => (failed.aborted ? forget() : failed.addEventListener('abort', forget)), forget)
    sources.set(topic, opening)
    return opening
  }

  const shared = async (topics: readonly string[], handlers: TailHandlers, options: TailOptions): Promise<Tail> => {
    const sourceAt = new Map(await Promise.all(topics.map(async (topic) => [topic, await sourceOf(topic)] as const)))
    const followers = new Map<string, Follower>()
    const closing = new AbortController()
    const { signal } = closing

    const end = (): void => {
      closing.abort()
      for (const follower of followers.values()) follower.move(undefined)
    }

    const fail = (error: unknown): void => {
      if (signal.aborted) return
      end()
      void own.close()
      handlers.onError(asError(error))
    }

    // Those of other topics may have failed while the last was being opened: before there is anything to end.
    for (const { failed } of sourceAt.values()) failed.throwIfAborted()
    for (const { failed } of sourceAt.values()) failed.addEventListener('abort', () => fail(failed.reason), { signal })

    const own = tailOnDemand(
      log,
      topics,
      {
        onRecords: (topic, partition, records) => followers.get(`${topic}/${partition}`)?.take(records),
        onOutOfRange: (topic, partition, expected, bounds) =>
          followers.get(`${topic}/${partition}`)?.outOfRange(topic, partition, expected, bounds),
        onError: fail,
      },
      options,
    )

    return {
      read: (topic, partition, from) => {
        const source = sourceAt.get(topic)
        if (signal.aborted || !source) return
        const key = `${topic}/${partition}`
        const follower =
          followers.get(key) ?? startFollower({ topic, partition, source, own, handlers, onFailure: fail })
        followers.set(key, follower)
        follower.move(from)
      },
      stop: (topic, partition) => followers.get(`${topic}/${partition}`)?.move(undefined),
      close: async () => {
        end()
        await own.close()
      },
    }
  }

  return {
    ...log,
    tail: (topics, handlers, options = {}) =>
      (options.gatherMs ?? 0) < gather.gatherMs
        ? log.tail(topics, handlers, options)
        : shared(topics, handlers, options),
    close: async () => {
      sources.clear()
      await log.close()
    },
  }
}
