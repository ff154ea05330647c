import type { Command } from '#libs/config/app.ts'
import { type Config, ConfigError } from '#libs/config/config.ts'
import { type Access, openAccess } from '#libs/integration/access/access.ts'
import type { Given } from '#libs/integration/access/give.ts'
import { groupPrefix, type Integrator, topicsNamed } from '#libs/integration/access/integrator.ts'
import { type PublicTopic, topicFor } from '#libs/integration/public-topic.ts'
import { publicTopics } from '#libs/integration/topics.ts'
import { kafkaConnection } from '#libs/journal/configured-log.ts'
import type { Instant } from '#libs/journal/log.ts'
import { createLogger } from '#libs/telemetry/logger.ts'
import { channelsNamed } from './named-channels.ts'
import { tellIntegratorPassword } from './tell-password.ts'
import { createTerminal, type Terminal } from './terminal.ts'

type Topics = readonly PublicTopic['topic'][]

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

const listed = (ids: readonly string[]): string =>
  ids.length === 1 ? `channel ${ids[0]}` : `channels ${ids.join(', ')}`

/** Says from where on an integrator's own topics hold everything, in positions of the streams over HTTP. */
const tellFrom = async (terminal: Terminal, access: Access, { revision }: Given, topics: Topics): Promise<void> => {
  const from = await access.takenUp(revision, topics)
  if (from === undefined) {
    terminal.warn('No relay has taken this up yet: events come from when one does. The same again tells from where.')
    return
  }
  terminal.done('From now on it comes. What was before is in /v1/streams only, and ends before these positions:')
  for (const [topic, position] of from) process.stdout.write(`${topic.replace('whiply.public.', '')}  ${position}\n`)
}

/**
 * `whiply integrator add NAME --read TOPICS [--channels CHANNELS]`: lets somebody read public topics of Kafka, or what they
 * hold of some channels, and tells a new one its password.
 */
export const addIntegrator: Command = async (config, words, _signal, { read = '', channels: some } = {}) => {
  const name = nameAmong(words, 'add NAME --read chat,channel')
  const topics = topicsNamed(namesIn(read))
  const more = some === undefined ? undefined : await channelsNamed(config, namesIn(some))
  const terminal = createTerminal(process.stderr)
  return withAccess(config, async (access) => {
    const { password, ...given } = await access.add(name, topics, more)
    const of = given.channels ? `: ${listed(given.channels)}` : ''
    terminal.done(`${name} may read ${given.topics.join(' and ')}${of}, in consumer groups ${groupPrefix(name)}*`)
    if (password !== undefined) await tellIntegratorPassword(terminal, config, name, password)
    if (given.channels) await tellFrom(terminal, access, given, topics)
    return 0
  })
}

/** `whiply integrator channels NAME --channels CHANNELS`: gives these from now on, and no others. */
export const setIntegratorChannels: Command = async (config, words, _signal, { channels = '' } = {}) => {
  const name = nameAmong(words, 'channels NAME --channels 1000,lobby')
  const ids = await channelsNamed(config, namesIn(channels))
  const terminal = createTerminal(process.stderr)
  return withAccess(config, async (access) => {
    const given = await access.setChannels(name, ids)
    terminal.done(`${name} is given ${listed(ids)} and no other`)
    const own = publicTopics.map(({ topic }) => topic).filter((topic) => given.topics.includes(topicFor(topic, name)))
    await tellFrom(terminal, access, given, own)
    return 0
  })
}

const day = (instant: Instant | undefined, without: string): string =>
  instant === undefined ? without : new Date(instant).toISOString().replace(/\.\d+Z$/, 'Z')

/** A line for each topic, the integrator's name, channels and password on the first. */
const rowsOf = ({ name, reads, channels, passwordSince, leaving }: Integrator): readonly (readonly string[])[] => {
  const password = leaving ? 'being revoked' : day(passwordSince, 'none')
  const of = channels?.join(',') ?? 'all'
  if (reads.length === 0) return [[name, 'nothing', of, '', password]]
  return reads.map(({ topic, since }, index) => {
    const given = day(since, 'unknown')
    return index === 0 ? [name, topic, of, given, password] : ['', topic, '', given, '']
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
    const rows = [['NAME', 'READS', 'CHANNELS', 'SINCE', 'PASSWORD OF'], ...integrators.flatMap(rowsOf)]
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
