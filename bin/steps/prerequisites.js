import { join } from 'node:path'
import { kafkaJarsArePresent } from './kafka-jars.js'
import { canInstall, installCommand, isRoot, thisSystem } from './system.js'
import { collect, confirm, PlainError, work } from './terminal.js'

const JAVA_AT_LEAST = 17

/** The feature release that `java -version` tells of (8 for "1.8.0_392"), undefined when it tells of none. */
export const parseJavaVersion = (output) => {
  const found = /version "(?:1\.)?(\d+)/.exec(output)
  return found ? Number(found[1]) : undefined
}

const javaCommand = () => (process.env.JAVA_HOME ? join(process.env.JAVA_HOME, 'bin', 'java') : 'java')

/** What is missing, with the reason in words, and what Java says of itself. */
const lookAround = async (root) => {
  const missing = []
  const java = await collect(javaCommand(), ['-version'])
  const version = java.code === 0 ? parseJavaVersion(java.output) : undefined
  if (version === undefined) missing.push({ thing: 'java', why: `Java ${JAVA_AT_LEAST} or newer (runs Kafka)` })
  else if (version < JAVA_AT_LEAST)
    missing.push({ thing: 'java', why: `Java ${JAVA_AT_LEAST} or newer (runs Kafka); Java ${version} is here` })
  if (!kafkaJarsArePresent(root) && (await collect('mvn', ['--version'])).code !== 0)
    missing.push({ thing: 'maven', why: 'Maven (fetches Kafka, once)' })
  return { missing, java: java.output }
}

/** What a person reads when something is missing. */
export const explainMissing = (missing, system, { root }) => {
  const command = installCommand(
    system,
    missing.map(({ thing }) => thing),
    { root },
  )
  return [
    'whiply needs, and does not find:',
    ...missing.map(({ why }) => `  - ${why}`),
    '',
    command ? `Install with:\n  ${command}` : "Install with your system's package manager.",
    'Or use engines of your own: set KAFKA_BROKERS (and DATABASE_URL).',
    ...(canInstall(system, { root }) ? ['Or let it be done: npm start -- --yes'] : []),
  ].join('\n')
}

/** Installs with apt, after an update of its lists, which a fresh machine or image does not have. */
export const aptInstall = async (command, label) => {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  await work('update the package lists', 'apt-get', ['update'], { env })
  const [program, ...args] = command.split(' ')
  await work(label, program, args, { env })
}

/**
 * @returns what `java -version` says
 * @throws PlainError that says what is missing and how to install it, unless it was allowed to install it here.
 */
export const checkPrerequisites = async (rootFolder, { yes }) => {
  const { missing, java } = await lookAround(rootFolder)
  if (missing.length === 0) return java
  const system = thisSystem()
  const rights = { root: isRoot() }
  const explanation = explainMissing(missing, system, rights)
  if (!canInstall(system, rights)) throw new PlainError(explanation)
  const things = missing.map(({ thing }) => thing)
  const command = installCommand(system, things, rights)
  if (!yes && !(await confirm(`${explanation}\n\nRun it now?`))) throw new PlainError(explanation)
  await aptInstall(command, `install ${things.join(' and ')}`)
  const now = await lookAround(rootFolder)
  if (now.missing.length > 0) throw new PlainError(explainMissing(now.missing, system, rights))
  return now.java
}
