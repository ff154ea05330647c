import type { Log, Offset, Tail, TailHandlers, TailOptions } from '../log.ts'
import { asError } from '../log-error.ts'

/** Who reads at the edge of what others hold needs the tail again and again. */
const LINGER_MS = 1_000

type Wanted = { readonly topic: string; readonly partition: number; readonly from: Offset }

type Opening = { readonly ready: Promise<void>; tail: Tail | undefined }

/** A tail that is open only while it has something to read. Where it cannot be opened, `onError` tells. */
export const tailOnDemand = (
  log: Pick<Log, 'tail'>,
  topics: readonly string[],
  handlers: TailHandlers,
  options: TailOptions,
): Tail => {
  const wanted = new Map<string, Wanted>()
  const closing = new Set<Promise<void>>()
  let current: Opening | undefined
  let lingering: NodeJS.Timeout | undefined

  const open = (): Opening => {
    const begun = async (): Promise<void> => {
      try {
        opening.tail = await log.tail(topics, handlers, options)
      } catch (error) {
        if (current === opening) handlers.onError(asError(error))
        return
      }
      if (current !== opening) return
      for (const { topic, partition, from } of wanted.values()) opening.tail.read(topic, partition, from)
    }
    const opening: Opening = { ready: Promise.resolve().then(begun), tail: undefined }
    return opening
  }

  const end = (): void => {
    clearTimeout(lingering)
    const ended = current
    current = undefined
    if (!ended) return
    const closed = ended.ready.then(() => ended.tail?.close()).finally(() => closing.delete(closed))
    closing.add(closed)
  }

  return {
    read: (topic, partition, from) => {
      clearTimeout(lingering)
      wanted.set(`${topic}/${partition}`, { topic, partition, from })
      current ??= open()
      current.tail?.read(topic, partition, from)
    },
    stop: (topic, partition) => {
      wanted.delete(`${topic}/${partition}`)
      current?.tail?.stop(topic, partition)
      if (wanted.size > 0 || !current) return
      clearTimeout(lingering)
      lingering = setTimeout(end, LINGER_MS).unref()
    },
    close: async () => {
      end()
      await Promise.all(closing)
    },
  }
}
