import { auditedFamilies } from '#libs/audit/audited.ts'
import { keepHead } from '#libs/audit/chain/keep.ts'
import type { ObjectStore } from '#libs/journal/objects.ts'
import { redacted } from '#libs/readmodel/errors.ts'
import { meters } from '#libs/telemetry/instruments.ts'
import type { Logger } from '#libs/telemetry/logger.ts'
import type { Running } from './keep-running.ts'
import type { ReadSide } from './read-side.ts'
import { repeat } from './repeat.ts'

/** A number of its own among Postgres's advisory locks: the bytes of `audit`. */
const HEADS_LOCK = 0x6175646974

/**
 * Signs what the journals of the audit have come to, every `everyMs`, into the object store. Of many processes one does it,
 * so that a journal is not read by all of them; should two do, no harm is done (`keepHead`).
 */
export const keepAuditHeads = (side: ReadSide, objects: ObjectStore, everyMs: number, logger: Logger): Running => {
  const { log, meta, vault, sql, places } = side
  const options = { log, logId: meta.logId, objects, sealing: vault.evidence }
  const audited = places.filter(({ family }) => (auditedFamilies as readonly string[]).includes(family))

  const keepOne = async (place: (typeof audited)[number]): Promise<void> => {
    try {
      await keepHead(options, place)
    } catch (error) {
      const code = (error as { readonly code?: unknown } | null)?.code
      if (code === 'audit.head_invalid') meters().alarms.add(1, { code })
      logger.error({ ...place, code, error: redacted(error) }, 'what a journal has come to could not be signed')
    }
  }

  const keepAll = async (signal: AbortSignal): Promise<void> => {
    const connection = await sql.reserve()
    try {
      const [row] = await connection<{ readonly held: boolean }[]>`select pg_try_advisory_lock(${HEADS_LOCK}) as held`
      if (!row?.held) return
      try {
        for (const place of audited) if (!signal.aborted) await keepOne(place)
      } finally {
        await connection`select pg_advisory_unlock(${HEADS_LOCK})`
      }
    } finally {
      connection.release()
    }
  }

  return repeat(keepAll, everyMs)
}
