import { HttpProblem } from '#libs/http/problem.ts'
import type { ReplyStream } from '#libs/http/route.ts'
import type { Instant, Log, Offset } from '#libs/journal/log.ts'
import type { Meta } from '#libs/journal/meta.ts'
import type { TransactionalLog } from '#libs/journal/publisher.ts'
import type { PublicTopic } from '../public-topic.ts'
import { type Begin, beginAt } from './begin.ts'
import type { Decoder } from './decode.ts'
import type { Filter } from './filter.ts'
import { type FormatName, formats } from './format.ts'
import { createHistory } from './history.ts'
import { createPlaces } from './places.ts'
import { positionCodec } from './position.ts'
import { type Patience, runStream, type Stream } from './stream.ts'
import { startTail, type Tail } from './tail.ts'
import type { TopicSource } from './topic-reader.ts'

export type StreamsOptions = {
  readonly log: Pick<Log, 'bounds'>
  readonly transactions: Pick<TransactionalLog, 'committed'>
  readonly meta: Pick<Meta, 'logId' | 'partitions'>
  readonly decoder: Decoder
  readonly retentionMs: number
  readonly brokerTime: () => Promise<Instant>
  readonly bounds: StreamBounds
  readonly onFailure: (topic: string, error: unknown) => void
  readonly onUnreadable: (topic: string, partition: number, offset: Offset) => void
}

/** What streams of one process may take. */
export type StreamBounds = Patience & {
  readonly most: number
  /** Of one account, or of one address without. */
  readonly mostOfClient: number
  /** Reads of what lies further back than the ring, at once. */
  readonly historyReads: number
  /** Of events in JSON that each topic's ring keeps. */
  readonly ringBytes: number
}

export const defaultBounds: Omit<StreamBounds, 'most' | 'mostOfClient'> = {
  historyReads: 8,
  ringBytes: 8 * 1024 * 1024,
  heartbeatMs: 15_000,
  stalledMs: 30_000,
  endingMs: 10_000,
}

export type StreamRequest = {
  readonly topic: PublicTopic
  readonly begin: Begin
  readonly filter: Filter
  readonly format: FormatName
  /** Who it counts for. */
  readonly client: string
  readonly mayGoOn: () => boolean
  /** Aborted when the client has gone. */
  readonly signal: AbortSignal
}

/** The streams of public topics in this process. */
export type Streams = {
  /**
   * @throws HttpProblem `integration.too_many_streams`, `integration.invalid_position`, `integration.position_gone`,
   * `platform.busy`, `platform.unavailable`
   */
  readonly open: (request: StreamRequest) => Promise<ReplyStream>
  readonly count: () => number
  /** Ends every stream with its position, and takes no more. */
  readonly close: () => Promise<void>
}

/** A topic that somebody reads, or has read a moment ago. */
type Served = { readonly tail: Promise<Tail>; readonly streams: Set<Stream>; users: number; idleSince: number }

const LOOK_MS = 1_000
/** A topic's end is read for so long after its last stream: who reconnects finds the ring as it was. */
const LINGER_MS = 30_000
const TOO_MANY_RETRY_SECONDS = '10'

export const openStreams = (options: StreamsOptions): Streams => {
  const { log, transactions, meta, decoder, bounds, retentionMs, brokerTime, onFailure, onUnreadable } = options
  const places = createPlaces(bounds.most, bounds.mostOfClient)
  const history = createHistory(bounds.historyReads)
  const served = new Map<string, Served>()
  let closing = false

  const sourceOf = ({ topic, family }: PublicTopic): TopicSource => {
    const partitions = meta.partitions[family]
    const positions = positionCodec(meta.logId, topic, partitions)
    return { topic, partitions, log, transactions, decoder, positions, onUnreadable }
  }

  const drop = async (topic: string, one: Served, why: 'closing' | 'gone'): Promise<void> => {
    if (served.get(topic) === one) served.delete(topic)
    for (const stream of one.streams) stream.end(why)
    await (await one.tail.catch(() => undefined))?.close()
  }

  const serve = (source: TopicSource): Served => {
    const { topic } = source
    const known = served.get(topic)
    if (known) return known
    const streams = new Set<Stream>()
    const tail = startTail({
      source,
      ringBytes: bounds.ringBytes,
      onBatch: () => {
        for (const stream of streams) stream.advance()
      },
      onGone: () => void drop(topic, one, 'gone'),
      onFailure: (error) => onFailure(topic, error),
    })
    const one: Served = { tail, streams, users: 0, idleSince: performance.now() }
    served.set(topic, one)
    tail.catch(() => served.get(topic) === one && served.delete(topic))
    return one
  }

  const look = setInterval(() => {
    for (const [topic, one] of served) {
      for (const stream of one.streams) stream.look()
      if (one.users > 0) one.idleSince = performance.now()
      else if (performance.now() - one.idleSince > LINGER_MS) void drop(topic, one, 'closing')
    }
  }, LOOK_MS).unref()

  const takePlace = (client: string): (() => void) => {
    const place = places.take(client)
    if (place === 'full') throw new HttpProblem('platform.busy')
    if (place === 'client full')
      throw new HttpProblem('integration.too_many_streams', {
        detail: { most: bounds.mostOfClient },
        headers: { 'Retry-After': TOO_MANY_RETRY_SECONDS },
      })
    return place
  }

  const begin = async (request: StreamRequest): Promise<ReplyStream> => {
    const { topic, filter, format, signal, mayGoOn } = request
    const source = sourceOf(topic)
    const one = serve(source)
    one.users++
    signal.addEventListener('abort', () => one.users--, { once: true })
    const tail = await one.tail
    const start = await beginAt(request.begin, { source, tail, filter, retentionMs, brokerTime })
    return {
      contentType: formats[format].mediaType,
      run: (response) => {
        const stream = runStream({
          ...{ response, format, filter, start, source, tail, history, mayGoOn },
          patience: bounds,
          onFailure: (error) => onFailure(topic.topic, error),
        })
        one.streams.add(stream)
        response.once('close', () => one.streams.delete(stream))
        // It may have begun to close, or the tail to end, while the position was looked for.
        if (closing || served.get(topic.topic) !== one) stream.end('closing')
      },
    }
  }

  return {
    open: async (request) => {
      if (closing) throw new HttpProblem('platform.unavailable')
      request.signal.throwIfAborted()
      request.signal.addEventListener('abort', takePlace(request.client), { once: true })
      try {
        return await begin(request)
      } catch (error) {
        if (error instanceof HttpProblem) throw error
        onFailure(request.topic.topic, error)
        throw new HttpProblem('platform.unavailable', { cause: error })
      }
    },
    count: places.taken,
    close: async () => {
      closing = true
      clearInterval(look)
      await Promise.all([...served].map(([topic, one]) => drop(topic, one, 'closing')))
      await history.close()
    },
  }
}
