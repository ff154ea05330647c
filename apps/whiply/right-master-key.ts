import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Config, ConfigError } from '#libs/config/config.ts'
import { masterKeyFile } from '#libs/config/master-key.ts'
import { postgresOptions } from './data-folder.ts'
import { reachEngines } from './reach-engines.ts'

/**
 * Whether the master key is one that opens the vault, told before any engine is started. A Postgres of the settings is
 * asked; the embedded one does not run yet, so beside its cluster a file has the check values that its vault knows. They
 * are HMACs by keys derived from the master keys, of 32 random bytes each: of the keys they tell nothing.
 *
 * The vault has the last word. Whatever adds a master key to it adds that to the file before, so that no key is refused
 * that opens it; whatever takes one away does so afterwards.
 */

/** Check values, one a line; it goes where the cluster goes, into a backup and back. */
const checksFile = (config: Config): string => join(postgresOptions(config).dataDir, 'master-keys')

const readChecks = async (config: Config): Promise<readonly string[]> =>
  (await readFile(checksFile(config), 'utf8').catch(() => '')).split('\n').filter((line) => line !== '')

const writeChecks = async (config: Config, checks: readonly string[]): Promise<void> => {
  if (checks.length === 0 || checks.join() === (await readChecks(config)).join()) return
  const file = checksFile(config)
  await writeFile(`${file}.new`, `${checks.join('\n')}\n`, { mode: 0o600, flush: true })
  await rename(`${file}.new`, file)
}

const vaultChecks = async (databaseUrl: string): Promise<readonly string[]> =>
  (await import('#libs/vault/master-key-checks.ts')).masterKeyChecks(databaseUrl)

const checkOf = async (masterKey: string): Promise<string> =>
  (await import('#libs/vault/master-key-checks.ts')).masterKeyCheck(masterKey)

const knownChecks = async (config: Config, signal?: AbortSignal): Promise<readonly string[]> => {
  if (config.databaseUrl === '') return readChecks(config)
  await reachEngines(config, signal)
  return vaultChecks(config.databaseUrl)
}

/**
 * To be called with the engines of the settings alone, before any other is started.
 * @throws ConfigError when the master key is known not to open the vault; EngineRefused
 */
export const assertRightMasterKey = async (config: Config, masterKey: string, signal?: AbortSignal): Promise<void> => {
  const known = await knownChecks(config, signal)
  if (known.length === 0 || known.includes(await checkOf(masterKey))) return
  const from = config.masterKey ? 'WHIPLY_MASTER_KEY' : masterKeyFile(config)
  const embedded =
    config.databaseUrl === '' ? `\nWhere the vault was restored apart from it, remove ${checksFile(config)}` : ''
  throw new ConfigError(
    `The master key in ${from} is not one that opens the vault: whiply does not start.\n` +
      `Put the right one back from your backup; with another one nothing in the vault could be read.${embedded}`,
  )
}

/** Writes down which master keys open the vault of the embedded Postgres, which runs at `databaseUrl`. */
export const rememberMasterKeys = async (config: Config, databaseUrl: string): Promise<void> =>
  writeChecks(config, await vaultChecks(databaseUrl))

/** Another master key is about to open the vault too. */
export const expectMasterKey = async (config: Config, masterKey: string): Promise<void> => {
  const [known, check] = [await readChecks(config), await checkOf(masterKey)]
  if (known.length > 0 && !known.includes(check)) await writeChecks(config, [...known, check])
}

/** Master keys were taken away from the vault. */
export const forgetMasterKeys = async (config: Config): Promise<void> => {
  const known = await readChecks(config)
  if (known.length === 0) return
  const open = await vaultChecks(config.databaseUrl)
  await writeChecks(
    config,
    known.filter((check) => open.includes(check)),
  )
}
