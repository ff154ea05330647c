import type { Sql } from 'postgres'
import type { Config } from '#libs/config/config.ts'
import { reconcileVault } from '#libs/identity/reconcile.ts'
import { withBackoff } from '#libs/journal/backoff.ts'
import { ensureConfiguredTopics, openConfiguredLog } from '#libs/journal/configured-log.ts'
import { families } from '#libs/journal/families.ts'
import type { Log } from '#libs/journal/log.ts'
import type { Meta } from '#libs/journal/meta.ts'
import { openJournalReader } from '#libs/journal/reader/journal-reader.ts'
import { shareTails } from '#libs/journal/shared/log.ts'
import { openPostgres } from '#libs/postgres/open.ts'
import { type Connect, connectTo } from '#libs/readmodel/connect.ts'
import { isTransient, redacted } from '#libs/readmodel/errors.ts'
import type { Place } from '#libs/readmodel/positions.ts'
import { createReadModelSchema } from '#libs/readmodel/schema.ts'
import type { OpenReader } from '#libs/readmodel/share.ts'
import type { Logger } from '#libs/telemetry/logger.ts'
import { openVault } from '#libs/vault/open.ts'
import type { Vault } from '#libs/vault/vault.ts'

/** The engines as the read side uses them. */
export type ReadSide = {
  readonly log: Log
  readonly meta: Meta
  readonly vault: Vault
  readonly sql: Sql
  readonly connect: Connect
  readonly openReader: OpenReader
  /** Every partition of every journal. */
  readonly places: readonly Place[]
  readonly close: () => Promise<void>
}

/** Rows may be this much younger: fewer and larger fetches and transactions cost a fraction of many small ones. */
const gathering = { gatherMs: 100 }

/** Opens the engines; where Postgres is away, waits for it until the signal is aborted. Whoever opens them closes them. */
export const openReadSide = async (config: Config, logger: Logger, signal: AbortSignal): Promise<ReadSide> => {
  const log = shareTails(openConfiguredLog(config, 'whiply-projector', logger), gathering)
  const sql = openPostgres(config.databaseUrl, { max: 4 })
  const closers: (() => Promise<void>)[] = [log.close, () => sql.end({ timeout: 5 })]
  const close = async (): Promise<void> => {
    for (const each of closers.toReversed()) await each()
  }
  const waiting = <Result>(attempt: () => Promise<Result>): Promise<Result> =>
    withBackoff(attempt, {
      retryable: isTransient,
      onRetry: (error) => logger.warn({ error: redacted(error) }, 'waiting for Postgres'),
      signal,
    })
  try {
    const meta = await ensureConfiguredTopics(log, config)
    const vault = await waiting(() => openVault(config))
    closers.push(vault.close)
    await waiting(() => reconcileVault({ log, meta, vault, logger, signal }))
    await waiting(() => createReadModelSchema(sql))
    return {
      log,
      meta,
      vault,
      sql,
      connect: connectTo(config.databaseUrl),
      openReader: (options) => openJournalReader({ ...gathering, ...options, log, logId: meta.logId }),
      places: families.flatMap((family) =>
        Array.from({ length: meta.partitions[family] }, (_, partition) => ({ family, partition })),
      ),
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}
