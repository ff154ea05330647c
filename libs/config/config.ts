import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { contradictions } from './contradictions.ts'
import type { Parsed, SettingKey } from './parsed.ts'
import { secretInFile } from './secret-file.ts'
import { flagOf, type Setting } from './setting.ts'
import { settings } from './settings.ts'

/**
 * All settings, read once at the start and never changed. What has a default that follows from other settings is filled
 * in here. `kafkaBrokers` and `databaseUrl` are empty only until the launcher has started engines; apps never see that.
 */
export type Config = Omit<
  Parsed,
  'publicUrl' | 'publicRealtimeUrl' | 'objectStore' | 'masterKey' | 'schemaRegistryUrl'
> & {
  readonly publicUrl: string
  readonly publicRealtimeUrl: string
  readonly objectStore: string
  /** Where the schemas of public topics are, by the REST API of Confluent. */
  readonly schemaRegistryUrl: string
  /** Whether that is the address of whiply's own, which the launcher starts then. */
  readonly ownSchemaRegistry: boolean
  /** 32 bytes in base64; empty only until the launcher has read the key's file. */
  readonly masterKey: string
}

/** Settings that cannot be read; the message names each, with what was given and what is wanted. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly code = 'config.invalid'
}

const entries = Object.entries(settings) as readonly [SettingKey, Setting<unknown>][]

/** Who listens on every address is reached on the loopback one. */
const ownRegistryUrl = ({ schemaRegistryHost: host, schemaRegistryPort: port }: Parsed): string => {
  const reached = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host
  return `http://${reached.includes(':') ? `[${reached}]` : reached}:${port}`
}

const fillIn = (parsed: Parsed): Config => {
  const publicUrl = parsed.publicUrl ?? `http://localhost:${parsed.httpPort}`
  const local = ['localhost', '127.0.0.1'].map((host) => `http://${host}:${parsed.httpPort}`)
  const origins = parsed.allowedOrigins.length > 0 ? parsed.allowedOrigins : [new URL(publicUrl).origin, ...local]
  return Object.freeze({
    ...parsed,
    publicUrl,
    publicRealtimeUrl: parsed.publicRealtimeUrl ?? `ws://localhost:${parsed.realtimePort}`,
    allowedOrigins: [...new Set(origins)],
    objectStore: parsed.objectStore ?? join(parsed.data, 'objects'),
    schemaRegistryUrl: parsed.schemaRegistryUrl ?? ownRegistryUrl(parsed),
    ownSchemaRegistry: (parsed.schemaRegistryUrl ?? ownRegistryUrl(parsed)) === ownRegistryUrl(parsed),
    masterKey: parsed.masterKey ?? '',
  })
}

/** The arguments of a command, apart: the flags of settings by their names, and what else there was, in order. */
export type Arguments = {
  readonly flags: Readonly<Record<string, unknown>>
  readonly words: readonly string[]
  /** Those of the command's own options that were given. */
  readonly options: Readonly<Record<string, string>>
}

/**
 * @param own options of the command beside the settings, each with a value
 * @throws ConfigError for a flag that is neither, or has no value.
 */
export const readArguments = (args: readonly string[], own: readonly string[] = []): Arguments => {
  const names = [...entries.flatMap(([, setting]) => flagOf(setting) ?? []), ...own]
  const options = Object.fromEntries(names.map((name) => [name, { type: 'string' as const }]))
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, strict: true, allowPositionals: true })
    const given = Object.entries(values).filter(([name]) => own.includes(name))
    return { flags: values, words: positionals, options: Object.fromEntries(given) as Arguments['options'] }
  } catch (error) {
    throw new ConfigError(`${(error as Error).message.split('. ')[0]}. See: whiply --help`)
  }
}

/**
 * Reads every setting: a flag wins over the environment, the environment over the default. An empty variable counts as
 * one that is not there; a secret may also stand in the file that `<NAME>_FILE` names.
 * @throws ConfigError with all that is wrong at once.
 */
export const readConfig = (env: NodeJS.ProcessEnv, flags: Arguments['flags'] = {}): Config => {
  const parsed: Record<string, unknown> = {}
  const problems: string[] = []
  for (const [key, setting] of entries) {
    const given = flags[flagOf(setting) ?? ''] ?? (env[setting.name] || undefined)
    const kept = given === undefined && setting.secret ? secretInFile(setting.name, env) : undefined
    if (kept?.problem !== undefined) problems.push(kept.problem)
    const value = given ?? kept?.secret ?? setting.default
    if (value === undefined) continue
    const result = setting.schema.safeParse(value)
    if (result.success) parsed[key] = result.data
    else {
      const shown = setting.secret ? '' : ` (it is "${value}")`
      problems.push(`${setting.name} ${result.error.issues.map(({ message }) => message).join(', ')}${shown}`)
    }
  }
  if (problems.length > 0) throw new ConfigError(`Settings that cannot be read:\n  ${problems.join('\n  ')}`)
  const config = fillIn(parsed as Parsed)
  const disagreeing = contradictions(config)
  if (disagreeing.length > 0)
    throw new ConfigError(`Settings that contradict each other:\n  ${disagreeing.join('\n  ')}`)
  return config
}

/** The same settings with some of them replaced; frozen too. */
export const withSettings = (config: Config, replaced: Partial<Config>): Config =>
  Object.freeze({ ...config, ...replaced })

const maskPassword = (address: string): string => address.replace(/^([a-z+]+:\/\/[^:/@]*):[^@]*@/, '$1:[masked]@')

const shown = (setting: Setting<unknown>, value: unknown): string => {
  if (setting.secret === 'value' && value) return '[masked]'
  const text = Array.isArray(value) ? value.join(',') : String(value ?? '')
  return setting.secret === 'password' ? maskPassword(text) : text
}

/** Every setting by its name as it stands, secrets masked: fit to be logged. */
export const printable = (config: Config): Readonly<Record<string, string>> =>
  Object.fromEntries(entries.map(([key, setting]) => [setting.name, shown(setting, config[key])]))

/** The settings as the environment of a child process, secrets and all. */
export const asEnvironment = (config: Config): Readonly<Record<string, string>> =>
  Object.fromEntries(
    entries.flatMap(([key, { name }]) => {
      const value = config[key]
      return value === undefined ? [] : [[name, Array.isArray(value) ? value.join(',') : String(value)]]
    }),
  )
