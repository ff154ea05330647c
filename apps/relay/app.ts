import { setTimeout as sleep } from 'node:timers/promises'
import type { RunningApp, StartApp } from '#libs/config/app.ts'
import type { Config } from '#libs/config/config.ts'
import { reconcileVault } from '#libs/identity/reconcile.ts'
import type { EncodeEvent } from '#libs/integration/relay/prepare.ts'
import { openEncoder, SchemasRefused } from '#libs/integration/relay/registry.ts'
import { type Relay, type RelayOptions, runRelay } from '#libs/integration/relay/relay.ts'
import { publicTopics } from '#libs/integration/topics.ts'
import { withBackoff } from '#libs/journal/backoff.ts'
import { ensureConfiguredTopics, openConfiguredLog, openConfiguredTransactions } from '#libs/journal/configured-log.ts'
import { isTransient, redacted } from '#libs/readmodel/errors.ts'
import { lagGauges, meters } from '#libs/telemetry/instruments.ts'
import { createLogger, type Logger } from '#libs/telemetry/logger.ts'
import { openVault } from '#libs/vault/open.ts'
import { topicsEnsurer } from './topics.ts'

const DAY_MS = 86_400_000
const RETRY_MS = { first: 200, most: 5_000 }

/** Runs the relay over and over: after whatever ends it, it begins anew from the positions that it committed. */
const keepRelaying = (options: Omit<RelayOptions, 'encode'>, config: Config, logger: Logger): RunningApp => {
  const abort = new AbortController()
  const { signal } = abort
  const stopped = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
  let relay: Relay | undefined
  let encode: EncodeEvent | undefined

  /** Without the registry nothing can be written that others could read: it is waited for. */
  const openWhenThere = () =>
    withBackoff(() => openEncoder({ url: config.schemaRegistryUrl, publicUrl: config.publicSchemaRegistryUrl }), {
      retryable: () => true,
      onRetry: (error, delayMs) => {
        const about = { registry: config.schemaRegistryUrl, error: redacted(error), delayMs }
        if (error instanceof SchemasRefused) {
          meters().alarms.add(1, { code: error.code })
          logger.error({ ...about, why: error.message }, 'the schema registry refuses the schemas')
          return
        }
        logger.warn(about, 'waiting for the schema registry')
      },
      firstMs: RETRY_MS.first,
      signal,
    })

  const once = async (): Promise<void> => {
    encode ??= await openWhenThere()
    const running = await runRelay({ ...options, encode })
    const removeGauges = lagGauges('whiply_relay', running.lag)
    relay = running
    try {
      await Promise.race([running.ended, stopped])
    } finally {
      relay = undefined
      removeGauges()
      await running.close()
    }
  }

  const loop = async (): Promise<void> => {
    for (let delayMs = RETRY_MS.first; !signal.aborted; delayMs = Math.min(delayMs * 2, RETRY_MS.most)) {
      try {
        await once()
      } catch (error) {
        if (signal.aborted) return
        meters().alarms.add(1, { code: 'relay.failed' })
        logger.error({ error: redacted(error), delayMs }, 'failed; it is started again')
        await sleep(delayMs, undefined, { signal }).catch(() => {})
      }
    }
  }
  const looping = loop()

  return {
    ready: () => relay?.ready() ?? false,
    close: async () => {
      abort.abort()
      await looping
    },
  }
}

/**
 * Carries what is public from the journals into the topics that integrators read. Ready once it has taken over what was
 * assigned to it; a registry or a vault that is away is waited for, and nothing is skipped meanwhile.
 */
export const start: StartApp = async (config, signal) => {
  const logger = createLogger('relay', config.logLevel)
  const stack = new AsyncDisposableStack()
  try {
    const log = stack.adopt(openConfiguredLog(config, 'whiply-relay', logger), (open) => open.close())
    const transactions = stack.adopt(openConfiguredTransactions(config, 'whiply-relay', logger), (open) => open.close())
    const meta = await ensureConfiguredTopics(log, config)
    const ensureTopics = topicsEnsurer(log, transactions, meta, config)
    await ensureTopics([])
    const waiting = <Result>(attempt: () => Promise<Result>): Promise<Result> =>
      withBackoff(attempt, {
        retryable: isTransient,
        onRetry: (error) => logger.warn({ error: redacted(error) }, 'waiting for Postgres'),
        signal,
      })
    const vault = stack.adopt(await waiting(() => openVault(config)), (open) => open.close())
    await waiting(() => reconcileVault({ log, meta, vault, logger, signal }))
    signal.throwIfAborted()
    const retentionMs = config.publicRetentionDays * DAY_MS
    const parts = { log, transactions, meta, topics: publicTopics, vault, ensureTopics, retentionMs, logger }
    const relaying = stack.adopt(keepRelaying(parts, config, logger), (running) => running.close())
    const owned = stack.move()
    return { ready: relaying.ready, close: () => owned.disposeAsync() }
  } catch (error) {
    await stack.disposeAsync()
    throw error
  }
}
