import type { Command } from '#libs/config/app.ts'
import { type Config, ConfigError } from '#libs/config/config.ts'
import { type Access, openAccess } from '#libs/integration/access/access.ts'
import { IntegratorError } from '#libs/integration/access/errors.ts'
import { groupPrefix, type Integrator, topicsNamed } from '#libs/integration/access/integrator.ts'
import { kafkaConnection } from '#libs/journal/configured-log.ts'
import type { Instant } from '#libs/journal/log.ts'
import { createLogger } from '#libs/telemetry/logger.ts'
import { tellIntegratorPassword } from './tell-password.ts'
import { createTerminal } from './terminal.ts'

const withAccess = async <Result>(config: Config, use: (access: Access) => Promise<Result>): Promise<Result> => {
  const logger = createLogger('integrator', config.logLevel)
  const connection = { ...kafkaConnection(config), clientId: 'whiply-integrator' }
  const access = await openAccess(
    { ...connection, log: (level, message, fields) => logger[level](fields, message) },
    config.kafkaReplication,
  )
  try {
    return await use(access)
  } finally {
    await access.close()
  }
}

const nameAmong = (words: readonly string[], usage: string): string => {
  const [name] = words
  if (name !== undefined && words.length === 1) return name
  throw new ConfigError(`One name is needed: whiply integrator ${usage}`)
}

const namesIn = (text: string): readonly string[] =>
  text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')

/**
 * `whiply integrator add NAME --read TOPICS`: lets somebody read public topics of Kafka, and tells a new one its password.
 * `--channels` is refused rather than pretended: a topic holds what is public of all channels, and Kafka gives topics.
 */
export const addIntegrator: Command = async (config, words, _signal, { read = '', channels } = {}) => {
  const name = nameAmong(words, 'add NAME --read chat,channel')
  if (channels !== undefined)
    throw new IntegratorError(
      'integrator.channels_not_enforceable',
      'Kafka cannot keep an integrator to some channels: it lets read a topic or not, and a public topic holds the events of ' +
        'all. Give the topic, or have the integrator ask /v1/streams of the REST API for those channels alone.',
    )
  const topics = topicsNamed(namesIn(read))
  const terminal = createTerminal(process.stderr)
  return withAccess(config, async (access) => {
    const { password } = await access.add(name, topics)
    terminal.done(`${name} may read ${topics.join(' and ')}, in consumer groups ${groupPrefix(name)}*`)
    if (password !== undefined) await tellIntegratorPassword(terminal, config, name, password)
    return 0
  })
}

const day = (instant: Instant | undefined, without: string): string =>
  instant === undefined ? without : new Date(instant).toISOString().replace(/\.\d+Z$/, 'Z')

/** A line for each topic, the integrator's name and password on the first. */
const rowsOf = ({ name, reads, passwordSince }: Integrator): readonly (readonly string[])[] => {
  const password = day(passwordSince, 'none')
  if (reads.length === 0) return [[name, 'nothing', '', password]]
  return reads.map(({ topic, since }, index) => {
    const given = day(since, 'unknown')
    return index === 0 ? [name, topic, given, password] : ['', topic, given, '']
  })
}

const table = (rows: readonly (readonly string[])[]): string => {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? []
  return rows
    .map(
      (row) =>
        `${row
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('')
}

/** `whiply integrator list`: who may read what since when, as Kafka has it. */
export const listIntegrators: Command = async (config) =>
  withAccess(config, async (access) => {
    const integrators = await access.list()
    const rows = [['NAME', 'READS', 'SINCE', 'PASSWORD OF'], ...integrators.flatMap(rowsOf)]
    process.stdout.write(integrators.length === 0 ? 'There are no integrators.\n' : table(rows))
    return 0
  })

/** `whiply integrator rotate NAME`: a new password, told like the first one. */
export const rotateIntegrator: Command = async (config, words) => {
  const name = nameAmong(words, 'rotate NAME')
  return withAccess(config, async (access) => {
    await tellIntegratorPassword(createTerminal(process.stderr), config, name, await access.rotate(name))
    return 0
  })
}

/** `whiply integrator revoke NAME`: takes everything away that it may. */
export const revokeIntegrator: Command = async (config, words) => {
  const name = nameAmong(words, 'revoke NAME')
  return withAccess(config, async (access) => {
    await access.revoke(name)
    createTerminal(process.stderr).done(`${name} may read nothing any more`)
    return 0
  })
}
