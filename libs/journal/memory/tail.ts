import { HOLE_READS, type Taken, takeContiguous } from '../cursor.ts'
import type { Bounds, Offset, StoredRecord, Tail, TailHandlers } from '../log.ts'
import { asError, LogError } from '../log-error.ts'
import type { FetchFault } from './faults.ts'
import { boundsOf, fetch } from './partition.ts'
import type { MemoryStore } from './store.ts'

type Reading = {
  readonly topic: string
  readonly partition: number
  /** Undefined while the partition is stopped. */
  next: Offset | undefined
  /** A handler runs; the next step waits for it, also after `stop` and `read`, so that calls never overlap. */
  busy: boolean
  scheduled: boolean
  holes: number
}

export type MemoryTailOptions = {
  readonly store: MemoryStore
  readonly handlers: TailHandlers
  readonly fault: (topic: string, partition: number) => FetchFault | undefined
  readonly defer: (task: () => void) => void
  /** The most records handed over at once. */
  readonly limit: number
}

export const memoryTail = ({ store, handlers, fault, defer, limit }: MemoryTailOptions): Tail => {
  const readings = new Map<string, Reading>()
  let closed = false

  const fail = (error: unknown): void => {
    if (closed) return
    close()
    handlers.onError(asError(error))
  }

  const wake = (reading: Reading): void => {
    if (reading.next === undefined || reading.busy || reading.scheduled) return
    reading.scheduled = true
    defer(() => {
      reading.scheduled = false
      if (!closed && !reading.busy && reading.next !== undefined) step(reading, reading.next)
    })
  }

  const step = (reading: Reading, expected: Offset): void => {
    const { topic, partition } = reading
    const stored = store.partition(topic, partition)
    const bounds = boundsOf(stored)
    const answer = fetch(stored, expected, limit, fault(topic, partition))
    if (answer.kind === 'records') take(reading, expected, takeContiguous(expected, answer.records), bounds)
    else if (answer.kind === 'stalled') wake(reading)
    // What the broker says is checked against the bounds before it is believed, as every adapter does.
    else if (expected >= bounds.start && expected <= bounds.end) wake(reading)
    else {
      reading.next = undefined
      handlers.onOutOfRange(topic, partition, expected, bounds)
    }
  }

  const take = (reading: Reading, expected: Offset, { records, again }: Taken, bounds: Bounds): void => {
    if (records.length > 0) {
      reading.holes = 0
      reading.next = expected + records.length
      void handOver(reading, records)
      return
    }
    if (again) reading.holes++
    if (reading.holes > HOLE_READS)
      fail(new LogError('log.hole', `offset ${expected} of ${reading.topic}/${reading.partition} is missing`))
    // An empty answer although there is more (a jump) is asked for again; at the end a write wakes the reading.
    else if (again || expected < bounds.end) wake(reading)
  }

  const handOver = async (reading: Reading, records: readonly StoredRecord[]): Promise<void> => {
    reading.busy = true
    try {
      await handlers.onRecords(reading.topic, reading.partition, records)
    } catch (error) {
      fail(error)
    }
    reading.busy = false
    wake(reading)
  }

  const stopListening = store.onWrite((topic, partition) => {
    const reading = readings.get(`${topic}/${partition}`)
    if (reading) wake(reading)
  })

  const close = (): void => {
    closed = true
    stopListening()
  }

  return {
    read: (topic, partition, from) => {
      store.partition(topic, partition)
      const key = `${topic}/${partition}`
      const reading = readings.get(key) ?? { topic, partition, next: from, busy: false, scheduled: false, holes: 0 }
      reading.next = from
      readings.set(key, reading)
      wake(reading)
    },
    stop: (topic, partition) => {
      const reading = readings.get(`${topic}/${partition}`)
      if (reading) reading.next = undefined
    },
    close: async () => close(),
  }
}
