import { setTimeout as sleep } from 'node:timers/promises'
import { redacted } from '#libs/readmodel/errors.ts'
import { meters } from '#libs/telemetry/instruments.ts'
import type { Logger } from '#libs/telemetry/logger.ts'

/** Something that runs until it is closed, or ends of its own: well, to be started anew at once, or with an error. */
export type Running = { readonly ended: Promise<void>; readonly close: () => Promise<void> }

export type Kept = {
  /** Whether it runs now. */
  readonly up: () => boolean
  /** Ends it, and starts it anew. */
  readonly restart: () => Promise<void>
  readonly close: () => Promise<void>
}

const FIRST_DELAY_MS = 200
const MAX_DELAY_MS = 2_000
/** Who has run for so long begins again with the shortest delay. */
const STEADY_MS = 60_000

/** Starts a thing again whenever it ends, later and later while it fails. What happens to it is its own affair. */
export const keepRunning = (name: string, start: () => Promise<Running>, logger: Logger): Kept => {
  const abort = new AbortController()
  const { signal } = abort
  let running: Running | undefined
  let delayMs = FIRST_DELAY_MS

  const once = async (): Promise<void> => {
    const started = performance.now()
    try {
      const current = await start()
      running = current
      if (signal.aborted) return
      await current.ended
      delayMs = FIRST_DELAY_MS
    } catch (error) {
      if (signal.aborted) return
      if (performance.now() - started > STEADY_MS) delayMs = FIRST_DELAY_MS
      meters().alarms.add(1, { code: 'projector.failed' })
      logger.error({ name, error: redacted(error), delayMs }, 'failed; it is started again')
      await running?.close().catch(() => {})
      running = undefined
      await sleep(delayMs, undefined, { signal }).catch(() => {})
      delayMs = Math.min(delayMs * 2, MAX_DELAY_MS)
    } finally {
      const ended = running
      running = undefined
      await ended?.close().catch((error) => logger.warn({ name, error: redacted(error) }, 'did not close in order'))
    }
  }

  const loop = (async () => {
    while (!signal.aborted) await once()
  })()

  return {
    up: () => running !== undefined,
    restart: async () => {
      await running?.close()
    },
    close: async () => {
      abort.abort()
      await running?.close()
      await loop
    },
  }
}
