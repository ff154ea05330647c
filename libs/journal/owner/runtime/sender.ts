import { pauses } from '../../backoff.ts'
import { type AttemptEntry, type ClaimEntry, encodeEntry, type OutcomeEntry } from '../../envelope.ts'
import type { Appender, Log, NewRecord, Offset } from '../../log.ts'
import type { OwnerReport } from './report.ts'

export type SenderHandlers = {
  readonly onAcknowledged: (send: number, offset: Offset) => void
  readonly onFailed: (send: number) => void
}

/** The one producer of an owned partition (I4). What was sent before it was discarded is still answered, by its number. */
export type Sender = {
  /** Connects ahead of the first send. */
  readonly warm: () => void
  /** At once, or after a while where sends have failed before. Not sent at all when discarded meanwhile. */
  readonly claim: (send: number, claim: ClaimEntry) => void
  readonly append: (send: number, entries: readonly (OutcomeEntry | AttemptEntry)[]) => void
  /** Throws the appender away; the next send takes a new one. */
  readonly discard: () => void
}

export const openSender = (
  log: Pick<Log, 'appender'>,
  topic: string,
  partition: number,
  report: OwnerReport,
  handlers: SenderHandlers,
): Sender => {
  let current: Promise<Appender> | undefined
  let waiting: NodeJS.Timeout | undefined
  /** Before a claim that follows on failed sends. */
  const between = pauses({ firstMs: 20, mostMs: 500, steadyMs: Number.POSITIVE_INFINITY })
  let failing = false

  const appender = (): Promise<Appender> => {
    current ??= log.appender()
    return current
  }

  /** What cannot be encoded is a send that failed: it ends the claim, and in the end the command that it is about. */
  const send = (number: number, encode: () => readonly NewRecord[]): void => {
    const began = performance.now()
    appender()
      .then((open) => open.append(topic, partition, encode()))
      .then(
        (offset) => {
          failing = false
          between.reset()
          report.stage('append', performance.now() - began)
          handlers.onAcknowledged(number, offset)
        },
        (error) => {
          failing = true
          report.sendFailed(number, error)
          handlers.onFailed(number)
        },
      )
  }

  return {
    warm: () => {
      appender().catch(() => {
        current = undefined
      })
    },
    claim: (number, claim) => {
      const append = (): void => {
        report.claimed()
        send(number, () => [encodeEntry(claim)])
      }
      if (!failing) return append()
      waiting = setTimeout(append, between.next() * (1 + Math.random()))
    },
    append: (number, entries) => send(number, () => entries.map(encodeEntry)),
    discard: () => {
      clearTimeout(waiting)
      const old = current
      current = undefined
      old?.then((open) => open.close()).catch(() => {})
    },
  }
}
