import { setTimeout as wait } from 'node:timers/promises'
import { meters } from '#libs/telemetry/instruments.ts'
import { commandTopic } from '../families.ts'
import type { Appender, Log } from '../log.ts'
import type { Outbound, OutboundQueue } from './queue.ts'

const firstRetryMs = 20
const lastRetryMs = 1_000

/** Sends the queue, one batch at a time. */
export type Sender = {
  /** Something was pushed: it goes with all else that is pushed in this tick. */
  readonly wake: () => void
  /** Lets what is under way end, and gives up what cannot be sent once the signal is aborted. */
  readonly close: (signal: AbortSignal) => Promise<void>
}

/**
 * One send in flight. One that failed goes again, with the same ids, before anything later, so that a connection's
 * commands keep their order; the aggregate knows what comes twice. An appender that failed once is thrown away.
 */
export const startSender = (
  log: Log,
  queue: OutboundQueue,
  firstAppender: Appender,
  onFailure: (error: Error) => void,
): Sender => {
  const giveUp = new AbortController()
  let appender: Appender | undefined = firstAppender
  let running: Promise<void> | undefined

  const sendOnce = async (batch: readonly Outbound[]) => {
    appender ??= await log.appender()
    const used = appender
    const requests = [...Map.groupBy(batch, ({ family }) => family)].map(([family, commands]) =>
      used.appendMany(
        commandTopic(family),
        [...Map.groupBy(commands, ({ partition }) => partition)].map(([partition, ours]) => ({
          partition,
          records: ours.map(({ record }) => record),
        })),
      ),
    )
    const failed = (await Promise.allSettled(requests)).find((result) => result.status === 'rejected')
    if (failed) throw failed.reason
  }

  const send = async (batch: readonly Outbound[]) => {
    for (let retryMs = firstRetryMs; !giveUp.signal.aborted; retryMs = Math.min(lastRetryMs, retryMs * 2)) {
      try {
        const began = performance.now()
        await sendOnce(batch)
        meters().stageSeconds.record((performance.now() - began) / 1000, { stage: 'send' })
        for (const { stage } of batch) stage.end()
        return
      } catch (error) {
        onFailure(error as Error)
        const spent = appender
        appender = undefined
        void spent?.close().catch(() => {})
        await wait(retryMs, undefined, { signal: giveUp.signal }).catch(() => {})
      }
    }
  }

  const run = async () => {
    // Lets the rest of this tick's commands join before the first batch is cut.
    await new Promise((resolve) => setImmediate(resolve))
    for (let batch = queue.take(); batch.length > 0; batch = queue.take()) await send(batch)
    running = undefined
  }

  return {
    wake: () => {
      running ??= run()
    },
    close: async (signal) => {
      const abort = () => giveUp.abort()
      if (signal.aborted) abort()
      signal.addEventListener('abort', abort)
      await running
      signal.removeEventListener('abort', abort)
      await appender?.close()
    },
  }
}
