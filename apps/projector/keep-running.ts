import { setTimeout as sleep } from 'node:timers/promises'
import { pauses } from '#libs/journal/backoff.ts'
import { isTransient, redacted } from '#libs/readmodel/errors.ts'
import { meters } from '#libs/telemetry/instruments.ts'
import type { Logger } from '#libs/telemetry/logger.ts'

/** Something that runs until it is closed, or ends of its own, well or with an error, to be started anew. */
export type Running = { readonly ended: Promise<void>; readonly close: () => Promise<void> }

export type Kept = {
  /** Whether it runs now. */
  readonly up: () => boolean
  /** Ends it, and starts it anew. */
  readonly restart: () => Promise<void>
  readonly close: () => Promise<void>
}

/** Between starts; who has run for so long begins again with the shortest. */
const PAUSES = { firstMs: 200, mostMs: 2_000, steadyMs: 60_000 }

/**
 * Starts a thing again whenever it ends, later and later while it fails, or while it ends soon after each start. What
 * happens to it is its own affair.
 */
export const keepRunning = (name: string, start: () => Promise<Running>, logger: Logger): Kept => {
  const abort = new AbortController()
  const { signal } = abort
  const between = pauses(PAUSES)
  let running: Running | undefined
  let restarting = false

  const fail = (error: unknown): void => {
    if (isTransient(error)) {
      logger.warn({ name, error: redacted(error) }, 'an engine is away; it is started again')
      return
    }
    meters().alarms.add(1, { code: 'projector.failed' })
    logger.error({ name, error: redacted(error) }, 'failed; it is started again')
  }

  const once = async (): Promise<void> => {
    restarting = false
    try {
      const current = await start()
      running = current
      if (!signal.aborted) await current.ended
    } catch (error) {
      if (!signal.aborted) fail(error)
    } finally {
      const ended = running
      running = undefined
      await ended?.close().catch((error) => logger.warn({ name, error: redacted(error) }, 'did not close in order'))
    }
    if (!restarting) await sleep(between.next(), undefined, { signal }).catch(() => {})
  }

  const loop = (async () => {
    while (!signal.aborted) await once()
  })()

  return {
    up: () => running !== undefined,
    restart: async () => {
      restarting = running !== undefined
      await running?.close()
    },
    close: async () => {
      abort.abort()
      await running?.close()
      await loop
    },
  }
}
