import type { Config } from '#libs/config/config.ts'
import { type ImportCounts, type ImportOptions, importAccounts } from '#libs/identity/import/import.ts'
import { accountReads } from '#libs/identity/queries.ts'
import { createLogger } from '#libs/telemetry/logger.ts'
import { openBackbone } from './backbone.ts'

/** Imports accounts by a way of its own to the journal and the vault. */
export const runImport = async (config: Config, options: ImportOptions): Promise<ImportCounts> => {
  const backbone = await openBackbone(config, 'import', createLogger('import', config.logLevel))
  try {
    const { gateway, vault, opening, sql } = backbone
    return await importAccounts({ gateway, vault, opening, reads: accountReads(sql), now: Date.now }, options)
  } finally {
    await backbone.close()
  }
}
