import type { Offset, StoredRecord } from '../log.ts'
import { LogError } from '../log-error.ts'
import type { CommittedReader, CommittedRun, PublishedBatch, Publisher, TransactionalLog } from '../publisher.ts'

/** What becomes of a step: `lost` is not done, `unanswered` is done; of both the publisher learns nothing but an error. */
export type StepFault = 'lost' | 'unanswered'

export type MemoryTransactionsOptions = {
  /** Asked before each step of each publisher, with the number of steps before it. */
  readonly fault?: (step: 'send' | 'commit', nth: number) => StepFault | undefined
}

/** Transactions in memory; a topic is there as soon as somebody names it. */
export type MemoryTransactions = TransactionalLog & {
  /** What was committed, in order. */
  readonly records: (topic: string, partition: number) => readonly StoredRecord[]
}

/** A record, or the place that the end of a transaction takes; `producer` while it is open. */
type Slot = { readonly record?: StoredRecord; readonly producer?: symbol }

const pollMs = 5

export const memoryTransactions = ({ fault }: MemoryTransactionsOptions = {}): MemoryTransactions => {
  const partitions = new Map<string, Slot[]>()
  const owners = new Map<string, symbol>()
  let steps = 0

  const slotsOf = (topic: string, partition: number): Slot[] => {
    const place = `${topic}/${partition}`
    const slots = partitions.get(place) ?? []
    partitions.set(place, slots)
    return slots
  }

  /** Ends a producer's transaction in every partition where it wrote. */
  const end = (producer: symbol, committed: boolean): void => {
    for (const slots of partitions.values()) {
      if (!slots.some((slot) => slot.producer === producer)) continue
      for (const [index, slot] of slots.entries())
        if (slot.producer === producer) slots[index] = committed && slot.record ? { record: slot.record } : {}
      slots.push({})
    }
  }

  const write = (producer: symbol, { topic, partition, records }: PublishedBatch): void => {
    const slots = slotsOf(topic, partition)
    for (const { key, value, headers = {}, timestamp = Date.now() } of records)
      slots.push({ record: { offset: slots.length, timestamp, key, value, headers }, producer })
  }

  const open = (transactionalId: string): Publisher => {
    const producer = Symbol(transactionalId)
    const before = owners.get(transactionalId)
    if (before) end(before, false)
    owners.set(transactionalId, producer)
    let spent: LogError | undefined

    const step = async (name: 'send' | 'commit', work: () => void): Promise<void> => {
      await new Promise((resolve) => setImmediate(resolve))
      if (spent) throw spent
      const failed = (error: LogError): never => {
        spent = new LogError('log.appender-spent', 'this publisher failed before', { cause: error })
        throw error
      }
      if (owners.get(transactionalId) !== producer)
        failed(new LogError('log.fenced', `another publisher is ${transactionalId} now`))
      const what = fault?.(name, steps++)
      if (what !== 'lost') work()
      if (what) failed(new LogError('log.timeout', `no answer to ${transactionalId}`))
    }

    return {
      send: (batches) =>
        step('send', () => {
          for (const batch of batches) write(producer, batch)
        }),
      commit: () => step('commit', () => end(producer, true)),
      close: async () => {
        spent ??= new LogError('log.closed', 'the publisher is closed')
      },
    }
  }

  const stableOf = (slots: readonly Slot[]): Offset => {
    const first = slots.findIndex(({ producer }) => producer !== undefined)
    return first < 0 ? slots.length : first
  }

  const runOf = (slots: readonly Slot[], from: Offset): CommittedRun => {
    const stable = stableOf(slots)
    const run = slots.slice(from, Math.max(from, stable))
    return {
      records: run.flatMap(({ record }) => (record ? [record] : [])),
      next: from + run.length,
      stable,
      end: slots.length,
    }
  }

  const readMany = async (
    topic: string,
    from: ReadonlyMap<number, Offset>,
    maxWaitMs: number,
    isClosed: () => boolean,
  ): Promise<ReadonlyMap<number, CommittedRun>> => {
    for (const [partition, offset] of from)
      if (offset > slotsOf(topic, partition).length)
        throw new LogError('log.out-of-range', `${topic}/${partition} does not hold ${offset}`)
    const hasNews = () => [...from].some(([partition, offset]) => stableOf(slotsOf(topic, partition)) > offset)
    const deadline = Date.now() + maxWaitMs
    while (!hasNews() && Date.now() < deadline && !isClosed()) await new Promise((wake) => setTimeout(wake, pollMs))
    if (isClosed()) throw new LogError('log.closed', `the reader of ${topic} is closed`)
    return new Map([...from].map(([partition, offset]) => [partition, runOf(slotsOf(topic, partition), offset)]))
  }

  const reader = (): CommittedReader => {
    let closed = false
    const isClosed = () => closed
    return {
      read: async (topic, partition, from, maxWaitMs = 100) => {
        const runs = await readMany(topic, new Map([[partition, from]]), maxWaitMs, isClosed)
        return runs.get(partition) ?? runOf(slotsOf(topic, partition), from)
      },
      readMany: (topic, from, { maxWaitMs = 100 } = {}) => readMany(topic, from, maxWaitMs, isClosed),
      offsetsAt: async (topic, numbers, at) =>
        new Map(
          numbers.flatMap((partition) => {
            const first = slotsOf(topic, partition).findIndex(({ record }) => record && record.timestamp >= at)
            return first < 0 ? [] : [[partition, first] as const]
          }),
        ),
      groups: async (topic) => [
        [...partitions.keys()].flatMap((place) => {
          const partition = Number(place.slice(topic.length + 1))
          return place === `${topic}/${partition}` ? [partition] : []
        }),
      ],
      bounds: async (topic, partition) => ({ start: 0, end: slotsOf(topic, partition).length }),
      close: async () => {
        closed = true
      },
    }
  }

  return {
    publisher: async (transactionalId) => open(transactionalId),
    committed: async () => reader(),
    configure: async () => {},
    close: async () => {},
    records: (topic, partition) =>
      slotsOf(topic, partition).flatMap(({ record, producer }) => (record && !producer ? [record] : [])),
  }
}
