import { setTimeout as sleep } from 'node:timers/promises'
import { LogError } from '#libs/journal/log-error.ts'
import type { Offsets } from './position.ts'
import { createRing, type Ring } from './ring.ts'
import { committedEnd, inTurn, learnSchemas, madeBatches, type TopicSource, withReader } from './topic-reader.ts'

/** The one reader of a topic's end in this process. */
export type Tail = {
  readonly ring: Ring
  /** Resolves once nothing is read any more. */
  readonly close: () => Promise<void>
}

export type TailOptions = {
  readonly source: TopicSource
  readonly ringBytes: number
  /** The ring has something new. */
  readonly onBatch: () => void
  /** What was to come next has aged out: the tail has ended. */
  readonly onGone: () => void
  /** Kafka or the registry is away; it goes on where it stood once they are back. */
  readonly onFailure: (error: unknown) => void
}

/** A fetch is held back for so long where nothing comes. */
const WAIT_MS = 500
const READ_BYTES = 1024 * 1024
/** Transactions of a busy partition follow each other closely: many small fetches would cost more than what they bring. */
const GATHER_MS = 20
const RETRY_MS = { first: 100, most: 2_000 }

/** Begins at the end of what is committed. @throws LogError where Kafka is away */
export const startTail = async (options: TailOptions): Promise<Tail> => {
  const { source, onBatch, onGone, onFailure } = options
  const ring = createRing(await committedEnd(source), options.ringBytes)
  const stop = new AbortController()
  const { signal } = stop
  let delayMs = RETRY_MS.first

  /** Reads the partitions that one broker leads, for as long as that goes well. */
  const follow = (partitions: readonly number[], failed: AbortSignal): Promise<void> =>
    withReader(source, async (reader) => {
      const closeEarly = () => void reader.close()
      failed.addEventListener('abort', closeEarly, { once: true })
      for (let turn = 0; !failed.aborted; turn++) {
        const from = new Map(inTurn(partitions, turn).map((partition) => [partition, ring.head()[partition] ?? 0]))
        const runs = await reader.readMany(source.topic, from, { maxWaitMs: WAIT_MS, maxBytes: READ_BYTES })
        await learnSchemas(source, runs)
        // Another reader may be on its way by now, which reads the same again.
        if (failed.aborted) return
        // From here to the last push nothing else runs: batches of two groups never begin at the same position.
        const batches = madeBatches(source, runs, ring.head())
        for (const batch of batches) {
          ring.push(batch)
          // One by one, so that only who does not keep up can find that its place has left the ring.
          onBatch()
        }
        delayMs = RETRY_MS.first
        if (batches.length === 0) continue
        await sleep(GATHER_MS, undefined, { signal: failed }).catch(() => {})
      }
    })

  const once = async (): Promise<void> => {
    const groups = await withReader(source, (reader) => reader.groups(source.topic))
    const end = new AbortController()
    const failed = AbortSignal.any([signal, end.signal])
    try {
      await Promise.all(groups.map((partitions) => follow(partitions, failed)))
    } finally {
      end.abort()
    }
  }

  const loop = async (): Promise<void> => {
    while (!signal.aborted) {
      try {
        await once()
      } catch (error) {
        if (signal.aborted) return
        if (error instanceof LogError && error.code === 'log.out-of-range') {
          onGone()
          return
        }
        onFailure(error)
        await sleep(delayMs, undefined, { signal }).catch(() => {})
        delayMs = Math.min(delayMs * 2, RETRY_MS.most)
      }
    }
  }
  const looping = loop()

  return {
    ring,
    close: async () => {
      stop.abort()
      await looping
    },
  }
}

/** Whether the tail can take somebody at that position without asking Kafka what is there. */
export const isWithin = ({ ring }: Tail, position: Offsets): boolean =>
  ring.join(position) !== undefined && ring.head().every((offset, partition) => (position[partition] ?? 0) <= offset)
