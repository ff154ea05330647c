import type { Instant, NewRecord, Offset, TopicSettings } from '../log.ts'
import { LogError } from '../log-error.ts'
import type { AppendFault } from './faults.ts'
import { type AppendAnswer, append, emptyPartition, type MemoryPartition, setBack, trim, write } from './partition.ts'

/** The topics that all clients of one in-memory log share. */
export type MemoryStore = {
  readonly create: (topic: string, settings: TopicSettings) => boolean
  readonly settings: (topic: string) => TopicSettings | undefined
  /** @throws LogError `log.unknown-topic` */
  readonly partition: (topic: string, partition: number) => MemoryPartition
  readonly append: (
    topic: string,
    partition: number,
    records: readonly NewRecord[],
    fault: AppendFault | undefined,
  ) => AppendAnswer
  /** Writes one append that is late, the oldest or the nth; false where there is none. */
  readonly releaseLate: (nth?: number) => boolean
  readonly trim: (topic: string, partition: number, start: Offset) => void
  readonly setBack: (topic: string, partition: number, end: Offset) => void
  /** Calls back after each write to any partition, until the function returned is called. */
  readonly onWrite: (listener: (topic: string, partition: number) => void) => () => void
}

type Topic = { readonly settings: TopicSettings; readonly partitions: MemoryPartition[] }
type LateAppend = { readonly topic: string; readonly partition: number; readonly records: readonly NewRecord[] }

export const memoryStore = (now: () => Instant): MemoryStore => {
  const topics = new Map<string, Topic>()
  const late: LateAppend[] = []
  const listeners = new Set<(topic: string, partition: number) => void>()

  const partition = (name: string, number: number): MemoryPartition => {
    const found = topics.get(name)?.partitions[number]
    if (found === undefined) throw new LogError('log.unknown-topic', `there is no partition ${number} of ${name}`)
    return found
  }

  const put = (name: string, number: number, changed: MemoryPartition): void => {
    const topic = topics.get(name)
    if (topic === undefined || topic.partitions[number] === changed) return
    topic.partitions[number] = changed
    for (const listener of listeners) listener(name, number)
  }

  return {
    create: (name, settings) => {
      if (topics.has(name)) return false
      topics.set(name, { settings, partitions: Array.from({ length: settings.partitions }, () => emptyPartition) })
      return true
    },
    settings: (name) => topics.get(name)?.settings,
    partition,
    append: (name, number, records, fault) => {
      const result = append(partition(name, number), records, now(), fault)
      put(name, number, result.partition)
      if (result.late) late.push({ topic: name, partition: number, records })
      return result.answer
    },
    releaseLate: (nth = 0) => {
      const [released] = late.splice(nth, 1)
      if (released === undefined) return false
      put(
        released.topic,
        released.partition,
        write(partition(released.topic, released.partition), released.records, now()),
      )
      return true
    },
    trim: (name, number, start) => put(name, number, trim(partition(name, number), start)),
    setBack: (name, number, end) => put(name, number, setBack(partition(name, number), end)),
    onWrite: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
