import type { Appender, Instant, Log, Membership, NewRecord, Offset, StoredRecord, Tail } from '../log.ts'
import { LogError } from '../log-error.ts'
import type { FaultSchedule } from './faults.ts'
import { type MemoryGroups, memoryGroups } from './groups.ts'
import { type AppendAnswer, boundsOf } from './partition.ts'
import { type MemoryStore, memoryStore } from './store.ts'
import { memoryTail } from './tail.ts'

export type MemoryLogOptions = {
  readonly now?: () => Instant
  /** Runs a task later, in order; `setImmediate` by default. A model gives its own and steps through. */
  readonly defer?: (task: () => void) => void
  readonly faults?: FaultSchedule
  /** The most records handed over at once. */
  readonly fetchLimit?: number
}

/** A log in memory that behaves like a broker with a client on a bad network: as bad as its schedule says. */
export type MemoryLog = Log & {
  /** Another client of the same log, with faults of its own. */
  readonly connect: (faults?: FaultSchedule) => Log
  readonly records: (topic: string, partition: number) => readonly StoredRecord[]
  /** Writes one append that is late, the oldest or the nth; false where there is none. */
  readonly releaseLate: (nth?: number) => boolean
  /** Lets records before `start` age out. */
  readonly trim: (topic: string, partition: number, start: Offset) => void
  /** Loses the records from `end` on, as a broker does that was restored to an older state. */
  readonly setBack: (topic: string, partition: number, end: Offset) => void
}

export const memoryLog = ({
  now = Date.now,
  defer = setImmediate,
  faults,
  fetchLimit = 500,
}: MemoryLogOptions = {}): MemoryLog => {
  const store = memoryStore(now)
  const groups = memoryGroups((topic) => store.settings(topic)?.partitions ?? 0, defer)
  const connect = (schedule: FaultSchedule = {}): Log => client({ store, groups, defer, fetchLimit }, schedule)
  return {
    ...connect(faults),
    connect,
    records: (topic, partition) => store.partition(topic, partition).records.toArray(),
    releaseLate: store.releaseLate,
    trim: store.trim,
    setBack: store.setBack,
  }
}

type Shared = {
  readonly store: MemoryStore
  readonly groups: MemoryGroups
  readonly defer: (task: () => void) => void
  readonly fetchLimit: number
}

const client = ({ store, groups, defer, fetchLimit }: Shared, faults: FaultSchedule): Log => {
  const closers = new Set<() => Promise<void>>()
  let closed = false
  let appends = 0
  let fetches = 0

  const open = (): void => {
    if (closed) throw new LogError('log.closed', 'the log is closed')
  }

  const known = (topics: readonly string[]): void => {
    for (const topic of topics) store.partition(topic, 0)
  }

  const appendOnce = (topic: string, partition: number, records: readonly NewRecord[]): AppendAnswer =>
    store.append(topic, partition, records, faults.append?.({ topic, partition, nth: appends++ }))

  return {
    appender: async () => {
      open()
      const appender = memoryAppender(appendOnce, defer)
      closers.add(appender.close)
      return appender
    },
    tail: async (topics, handlers): Promise<Tail> => {
      open()
      known(topics)
      const fault = (topic: string, partition: number) => faults.fetch?.({ topic, partition, nth: fetches++ })
      const tail = memoryTail({ store, handlers, fault, defer, limit: fetchLimit })
      closers.add(tail.close)
      return tail
    },
    join: async (options): Promise<Membership> => {
      open()
      known(options.topics)
      const membership = groups.join(options)
      closers.add(membership.leave)
      return membership
    },
    bounds: async (topic) => {
      open()
      const count = store.settings(topic)?.partitions
      if (count === undefined) throw new LogError('log.unknown-topic', `there is no topic ${topic}`)
      return Array.from({ length: count }, (_, partition) => boundsOf(store.partition(topic, partition)))
    },
    createTopic: async (topic, settings) => (store.create(topic, settings) ? 'created' : 'exists'),
    describeTopic: async (topic) => store.settings(topic),
    close: async () => {
      closed = true
      for (const close of closers) await close()
    },
  }
}

const memoryAppender = (
  appendOnce: (topic: string, partition: number, records: readonly NewRecord[]) => AppendAnswer,
  defer: (task: () => void) => void,
): Appender => {
  let spent: LogError | undefined

  const append = (topic: string, partition: number, records: readonly NewRecord[]): Promise<Offset> =>
    new Promise((resolve, reject) => {
      const fail = (error: unknown): void => {
        spent ??= new LogError('log.appender-spent', 'an append failed before', { cause: error })
        reject(error)
      }
      defer(() => {
        if (spent) return reject(spent)
        try {
          const answer = appendOnce(topic, partition, records)
          if (answer.kind === 'offset') resolve(answer.offset)
          else if (answer.kind === 'timeout') fail(new LogError('log.timeout', `no answer from ${topic}/${partition}`))
          else fail(new LogError('log.append-failed', `${topic}/${partition} refused the records`))
        } catch (error) {
          fail(error)
        }
      })
    })

  return {
    append: (topic, partition, records) => append(topic, partition, records),
    appendMany: async (topic, batches) => {
      const sent = await Promise.allSettled(batches.map(({ partition, records }) => append(topic, partition, records)))
      for (const result of sent) if (result.status === 'rejected') throw result.reason
    },
    close: async () => {
      spent ??= new LogError('log.closed', 'the appender is closed')
    },
  }
}
