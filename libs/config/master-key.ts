import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Config, ConfigError } from './config.ts'

const BYTES = 32

export const masterKeyFile = (config: Pick<Config, 'data'>): string => join(config.data, 'master.key')

/** Where the master key lies that is to take the place of the one before. */
export const nextMasterKeyFile = (config: Pick<Config, 'data'>): string => `${masterKeyFile(config)}.next`

const checked = (key: string, from: string): string => {
  if (/^[A-Za-z0-9+/_-]+={0,2}$/.test(key) && Buffer.from(key, 'base64').length === BYTES) return key
  throw new ConfigError(
    `The master key in ${from} is not one: ${BYTES} bytes in base64 are wanted. Nothing was started.`,
  )
}

const readKeyFile = async (file: string): Promise<string> => {
  if (((await stat(file)).mode & 0o077) !== 0)
    throw new ConfigError(`Others may read the master key. Nothing was started. Run: chmod 600 ${file}`)
  return checked((await readFile(file, 'utf8')).trim(), file)
}

/**
 * The vault's master key: the setting, else the file in the data folder, else at the very first start a new one.
 * Whether it is the right one the vault tells.
 * @param dataExists whether something has been kept already that a lost key would make unreadable
 * @throws ConfigError when there is none where there must be one, or it is malformed, or others may read its file.
 */
export const loadMasterKey = async (
  config: Config,
  dataExists: boolean,
): Promise<{ readonly masterKey: string; readonly isNew: boolean }> => {
  if (config.masterKey) return { masterKey: checked(config.masterKey, 'WHIPLY_MASTER_KEY'), isNew: false }
  const file = masterKeyFile(config)
  if (existsSync(file)) return { masterKey: await readKeyFile(file), isNew: false }
  if (dataExists)
    throw new ConfigError(
      `The master key is missing: ${file} is gone, but ${config.data} holds data that only it can open.\n` +
        'Nothing was started. Put the file back from your backup, or set WHIPLY_MASTER_KEY.\n' +
        `To begin anew and lose all of it: remove ${config.data}`,
    )
  await mkdir(config.data, { recursive: true, mode: 0o711 })
  return { masterKey: await makeKeyFile(file), isNew: true }
}

const makeKeyFile = async (file: string): Promise<string> => {
  const masterKey = randomBytes(BYTES).toString('base64')
  await writeFile(file, `${masterKey}\n`, { mode: 0o600, flag: 'wx', flush: true })
  return masterKey
}

/** The master key of a file, which is made where it is missing. @throws ConfigError as `loadMasterKey`. */
export const masterKeyOfFile = async (file: string): Promise<string> =>
  existsSync(file) ? await readKeyFile(file) : await makeKeyFile(file)
