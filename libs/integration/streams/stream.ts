import type { ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { LogError } from '#libs/journal/log-error.ts'
import { type Batch, newTo } from './batch.ts'
import { type Filter, partitionsOf } from './filter.ts'
import { type Ending, type FormatName, formats } from './format.ts'
import type { History } from './history.ts'
import type { Offsets } from './position.ts'
import type { Tail } from './tail.ts'
import { inTurn, type TopicSource } from './topic-reader.ts'

/** How long a stream is patient, in ms. */
export type Patience = {
  /** Something is written at least so often. */
  readonly heartbeatMs: number
  /** What was handed to the socket has not been taken for so long: the client is too slow. */
  readonly stalledMs: number
  /** For the last words to arrive, before the connection is cut. */
  readonly endingMs: number
}

export type StreamOptions = {
  readonly response: Pick<ServerResponse, 'write' | 'end' | 'destroy' | 'once' | 'on'>
  readonly format: FormatName
  readonly filter: Filter
  readonly start: Offsets
  readonly source: TopicSource
  readonly tail: Tail
  readonly history: History
  readonly patience: Patience
  /** Whether whoever reads it still may. */
  readonly mayGoOn: () => boolean
  readonly onFailure: (error: unknown) => void
}

/** One client's stream. */
export type Stream = {
  /** Writes what is new in the ring, if the client keeps up. */
  readonly advance: () => void
  /** Looks after time: heartbeats, clients that are too slow, last words that do not arrive. */
  readonly look: () => void
  /** Tells the client why, and where to go on, behind all that was written for it. */
  readonly end: (why: Ending) => void
}

const RETRY_MS = 500

/**
 * Runs a stream: from where it starts through history until the ring has what comes next, then along the ring. The ring
 * is the buffer of all, and a client is handed one batch at a time, so a slow one holds nothing but its place; once
 * that has left the ring, it is too slow.
 */
export const runStream = (options: StreamOptions): Stream => {
  const { response, filter, source, tail, history, patience, mayGoOn, onFailure } = options
  const { ring } = tail
  const format = formats[options.format]
  const partitions = [...partitionsOf(filter, source.partitions)]
  const others = new Set(Array.from({ length: source.partitions }, (_, partition) => partition))
  for (const partition of partitions) others.delete(partition)
  const gone = new AbortController()

  let position = options.start
  /** Number of the next batch in the ring; undefined while the stream is still in history. */
  let next: number | undefined
  let wroteAt = performance.now()
  let blocked = false
  let ending = false
  let wake = (): void => {}

  const write = (bytes: Buffer | string): void => {
    wroteAt = performance.now()
    if (!response.write(bytes)) blocked = true
  }

  const send = (batch: Batch): void => {
    const own = newTo(batch, position, source.positions)
    const bytes = own.encoded(options.format, filter)
    position = own.after
    if (bytes.length > 0) write(bytes)
  }

  const end = (why: Ending): void => {
    if (ending) return
    ending = true
    wroteAt = performance.now()
    response.end(format.notice(why, source.positions.encode(position)))
    gone.abort()
    wake()
  }

  const advance = (): void => {
    while (next !== undefined && !blocked && !ending) {
      if (next < ring.first()) {
        end('slow-consumer')
        return
      }
      const batch = ring.at(next)
      if (batch === undefined) return
      next++
      send(batch)
    }
  }

  const writable = async (): Promise<void> => {
    while (blocked && !ending) await new Promise<void>((resolve) => (wake = resolve))
  }

  const take = async (batches: readonly Batch[]): Promise<void> => {
    for (const batch of batches) {
      await writable()
      if (ending) return
      send(batch)
    }
    await writable()
  }

  /** Where nothing can pass, nothing is missed: there the stream stands at the end. */
  const passOthers = (): void => {
    if (others.size === 0) return
    const head = ring.head()
    position = position.map((offset, at) => (others.has(at) ? Math.max(offset, head[at] ?? 0) : offset))
  }

  const throughHistory = async (): Promise<void> => {
    const { signal } = gone
    for (let turn = 0; !ending; turn++) {
      passOthers()
      next = ring.join(position)
      if (next !== undefined) {
        advance()
        return
      }
      try {
        await history.read({ source, position, partitions: inTurn(partitions, turn), filter, signal, take })
      } catch (error) {
        if (signal.aborted) return
        if (error instanceof LogError && error.code === 'log.out-of-range') {
          end('gone')
          return
        }
        onFailure(error)
        await sleep(RETRY_MS, undefined, { signal }).catch(() => {})
      }
    }
  }

  response.on('drain', () => {
    blocked = false
    wake()
    advance()
  })
  response.once('close', () => {
    ending = true
    gone.abort()
    wake()
  })
  passOthers()
  write(format.notice('opened', source.positions.encode(position)))
  void throughHistory()

  return {
    advance,
    look: () => {
      const silentMs = performance.now() - wroteAt
      if (ending) {
        if (silentMs > patience.endingMs) response.destroy()
        return
      }
      if (!mayGoOn()) end('logged-out')
      else if (blocked && silentMs > patience.stalledMs) end('slow-consumer')
      else if (!blocked && silentMs > patience.heartbeatMs)
        write(format.notice('heartbeat', source.positions.encode(position)))
    },
    end,
  }
}
