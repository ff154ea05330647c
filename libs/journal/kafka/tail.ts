import { setTimeout as sleep } from 'node:timers/promises'
import { pauses } from '../backoff.ts'
import type { Offset, Tail, TailHandlers } from '../log.ts'
import { asError, LogError } from '../log-error.ts'
import { createErrorFromCode } from './internals.ts'
import type { ClientLog } from './options.ts'
import { type Reading, startReading } from './reading.ts'
import type { FetchedPartition, Wire } from './wire.ts'

const OFFSET_OUT_OF_RANGE = 1
const ASK_AGAIN_MS = 20
/** How long a broker holds a fetch back for want of records: short at first, since partitions that are added wait for it. */
const WAIT_MS = { first: 100, most: 500 }
/** Who is handed so many of one partition at once has a backlog, and gathers no more. */
const BACKLOG_RECORDS = 500
/** A topic unknown for so long after it was known has been deleted. */
const UNKNOWN_TOPIC_MS = 30_000

export type KafkaTailOptions = {
  readonly open: () => Promise<Wire>
  readonly topics: readonly string[]
  readonly handlers: TailHandlers
  readonly log: ClientLog
  /** See `TailOptions`. */
  readonly gatherMs: number
}

/**
 * A tail that fetches by itself, without a group: it has no session that could run out, no rebalance and no committed
 * offset, so nothing but its own readings can move a position. Whatever goes wrong with a connection, the wire is
 * thrown away and the readings go on over the next one, from where they are.
 *
 * One loop for each broker; each has one fetch under way, over all its partitions whose queues have room.
 */
export const kafkaTail = async ({ open, topics, handlers, log, gatherMs }: KafkaTailOptions): Promise<Tail> => {
  const readings = new Map<string, Reading>()
  const closing = new AbortController()
  const { signal } = closing
  let changed = Promise.withResolvers<void>()
  let current: Wire | undefined

  const wake = (): void => {
    changed.resolve()
    changed = Promise.withResolvers()
  }

  const close = (): void => {
    closing.abort()
    current?.close()
    for (const reading of readings.values()) reading.move(undefined)
    wake()
  }

  const fail = (error: unknown): void => {
    if (signal.aborted) return
    close()
    handlers.onError(asError(error))
  }

  const outOfRange = async (wire: Wire, reading: Reading, expected: Offset): Promise<void> => {
    const [bounds] = await wire.bounds(reading.topic, [reading.partition])
    // Moved or closed meanwhile; or within the bounds after all, as a broker says that has just come to lead.
    if (reading.wanted() !== expected || bounds === undefined) return
    if (expected >= bounds.start && expected <= bounds.end) {
      await sleep(ASK_AGAIN_MS)
      return
    }
    reading.move(undefined)
    handlers.onOutOfRange(reading.topic, reading.partition, expected, bounds)
  }

  const take = async (
    wire: Wire,
    { topic, partition, errorCode, records }: FetchedPartition,
    asked: ReadonlyMap<Reading, Offset>,
  ): Promise<void> => {
    const reading = readings.get(`${topic}/${partition}`)
    const from = reading && asked.get(reading)
    if (reading === undefined || from === undefined) return
    if (errorCode === 0) reading.accept(from, records)
    else if (errorCode === OFFSET_OUT_OF_RANGE) await outOfRange(wire, reading, from)
    else throw createErrorFromCode(errorCode)
  }

  /** The turn of a partition to come first moves on, since a large one may fill the answer. */
  const wantedFrom = (wire: Wire, node: string, turn: number): ReadonlyMap<Reading, Offset> => {
    const wanted: [Reading, Offset][] = []
    for (const reading of readings.values()) {
      const offset = reading.wanted()
      if (offset !== undefined && wire.leaders(reading.topic).get(reading.partition) === node)
        wanted.push([reading, offset])
    }
    const first = wanted.length === 0 ? 0 : turn % wanted.length
    return new Map([...wanted.slice(first), ...wanted.slice(0, first)])
  }

  const readFrom = async (wire: Wire, node: string, lost: AbortSignal): Promise<void> => {
    let waitMs = WAIT_MS.first
    for (let turn = 0; !signal.aborted && !lost.aborted; turn++) {
      const change = changed.promise
      const wanted = wantedFrom(wire, node, turn)
      if (wanted.size === 0) {
        await change
        continue
      }
      const from = [...wanted].map(([{ topic, partition }, offset]) => ({ topic, partition, offset }))
      const answers = await wire.fetch(node, from, waitMs)
      for (const answer of answers) await take(wire, answer, wanted)
      const isQuiet = answers.every(({ records }) => records.length === 0)
      waitMs = isQuiet && change === changed.promise ? Math.min(waitMs * 2, WAIT_MS.most) : WAIT_MS.first
      const isBehind = answers.some(({ records }) => records.length >= BACKLOG_RECORDS)
      if (gatherMs > 0 && !isQuiet && !isBehind) await sleep(gatherMs, undefined, { signal }).catch(() => {})
    }
  }

  /** Reads until the wire is lost: the first loop to fail ends the others, which wake at the latest by its close. */
  const readOver = async (wire: Wire): Promise<void> => {
    const lost = new AbortController()
    const nodes = new Set(topics.flatMap((topic) => [...wire.leaders(topic).values()]))
    const loops = [...nodes].map(async (node) => {
      try {
        await readFrom(wire, node, lost.signal)
      } finally {
        lost.abort()
        wire.close()
        wake()
      }
    })
    await Promise.all(loops)
  }

  const connect = async (): Promise<Wire> => {
    const wire = await open()
    try {
      await wire.know(topics)
      if (topics.some((topic) => [...wire.leaders(topic).values()].includes('-1')))
        throw new LogError('log.unavailable', 'a partition has no leader')
      return wire
    } catch (error) {
      wire.close()
      throw error
    }
  }

  const run = async (): Promise<void> => {
    const between = pauses({ firstMs: 20, mostMs: 1_000 })
    let unknownSince: number | undefined
    while (!signal.aborted) {
      try {
        current ??= await connect()
        unknownSince = undefined
        await readOver(current)
      } catch (error) {
        if (signal.aborted) break
        if (isUnknownTopic(error)) unknownSince ??= performance.now()
        if (isHopeless(error) || (unknownSince !== undefined && performance.now() - unknownSince > UNKNOWN_TOPIC_MS))
          return fail(error)
        log('warn', 'kafka: a tail lost its connection and reads on over another', { topics, error: String(error) })
        await sleep(between.next(), undefined, { signal }).catch(() => {})
      }
      current = undefined
    }
  }

  current = await connect()
  const ended = run()

  return {
    read: (topic, partition, from) => {
      const key = `${topic}/${partition}`
      const reading =
        readings.get(key) ??
        startReading({ topic, partition, onRecords: handlers.onRecords, onRoom: wake, onFailure: fail })
      readings.set(key, reading)
      reading.move(from)
      wake()
    },
    stop: (topic, partition) => readings.get(`${topic}/${partition}`)?.move(undefined),
    close: async () => {
      close()
      await ended
    },
  }
}

const isUnknownTopic = (error: unknown): boolean =>
  (error as { readonly code?: unknown }).code === 'log.unknown-topic' ||
  (error as { readonly type?: unknown }).type === 'UNKNOWN_TOPIC_OR_PARTITION'

/** Holes in the log itself, refused rights and refused logins do not go away by trying again. */
const isHopeless = (error: unknown): boolean => {
  const { code, type, name } = error as { readonly code?: unknown; readonly type?: unknown; readonly name?: unknown }
  const { cause } = error as { readonly cause?: { readonly name?: unknown } }
  return (
    code === 'log.hole' ||
    type === 'TOPIC_AUTHORIZATION_FAILED' ||
    name === 'KafkaJSSASLAuthenticationError' ||
    cause?.name === 'KafkaJSSASLAuthenticationError'
  )
}
