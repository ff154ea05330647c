import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Kafka, logLevel } from 'kafkajs'
import { adoptEngine } from './adopt.ts'
import {
  assertPortFree,
  type Engine,
  EngineError,
  type EngineProcess,
  freePortBeside,
  spawnEngine,
  untilReady,
} from './engine.ts'
import { type IntegratorsListener, integratorsProperties } from './integrators.ts'
import { classFlags } from './kafka-classes.ts'

export type KafkaOptions = {
  /** Holds settings, log and data; kept between starts. */
  readonly dataDir: string
  /** The clients' port on the loopback address. */
  readonly port: number
  /** The setting that an error about a busy port names. */
  readonly portSetting?: string
  /** Ports that others will listen on, so that the controller, which takes any other, leaves them alone. */
  readonly takenPorts?: readonly number[]
  /** Where integrators come in; left out, nobody does, and nobody is asked what he may. */
  readonly integrators?: IntegratorsListener | undefined
  /** Size of the Java heap, 256 to 512 in the product. */
  readonly heapMb?: number
  /** Starts quicker and at less CPU, runs slower, and lets nothing age out within the hour: for tests. */
  readonly quickStart?: boolean
  readonly startTimeoutMs?: number
  /** How long an orderly end may take, 15 s where it is left out. */
  readonly stopGraceMs?: number
  /** Has the virtual machine begin with loaded classes, or keep them; see `classFlags`, which it is where left out. */
  readonly classFlags?: readonly string[]
}

export type EmbeddedKafka = Engine & { readonly brokers: readonly string[] }

const JARS = join(import.meta.dirname, 'kafka')
const LOG4J = join(import.meta.dirname, 'log4j2.xml')

const javaCommand = (): string => (process.env.JAVA_HOME ? join(process.env.JAVA_HOME, 'bin', 'java') : 'java')

const brokerOf = ({ port }: KafkaOptions): string => `127.0.0.1:${port}`

const entries = (...of: readonly (string | undefined)[]): string => of.filter((entry) => entry !== undefined).join(',')

/** One node that is broker and controller at once, sized for one machine. */
const serverProperties = (options: KafkaOptions, controllerPort: number): string => {
  const integrators = options.integrators && integratorsProperties(options.integrators)
  const clients = `PLAINTEXT://${brokerOf(options)}`
  return Object.entries({
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
    'controller.listener.names': 'CONTROLLER',
    listeners: entries(clients, `CONTROLLER://127.0.0.1:${controllerPort}`, integrators?.listener),
    'advertised.listeners': entries(clients, integrators?.advertised),
    'listener.security.protocol.map': entries('PLAINTEXT:PLAINTEXT', 'CONTROLLER:PLAINTEXT', integrators?.protocol),
    // Backslashes are escapes in a properties file; Java takes slashes on every system.
    'log.dirs': join(options.dataDir, 'log').replaceAll('\\', '/'),
    // A misspelt topic is an error, never a new topic with the wrong settings.
    'auto.create.topics.enable': false,
    // One broker cannot hold more copies of its internal topics than one, and few partitions open quickly.
    'offsets.topic.replication.factor': 1,
    'offsets.topic.num.partitions': 4,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'transaction.state.log.num.partitions': 4,
    'share.coordinator.state.topic.replication.factor': 1,
    'share.coordinator.state.topic.min.isr': 1,
    'share.coordinator.state.topic.num.partitions': 1,
    'default.replication.factor': 1,
    // A lone consumer gets its partitions at once; a killed one is missed after the second, not after six.
    'group.initial.rebalance.delay.ms': 0,
    'group.min.session.timeout.ms': 1000,
    // After a crash the controller waits this long for the former self of the broker before it lets it in again.
    'broker.session.timeout.ms': 2000,
    'broker.heartbeat.interval.ms': 400,
    // Handing a request from thread to thread costs time of the processor: few of them on few cores.
    'num.network.threads': Math.min(2, Math.ceil(cpus().length / 2)),
    'num.io.threads': Math.min(4, Math.max(2, cpus().length)),
    'background.threads': 2,
    'num.recovery.threads.per.data.dir': 2,
    // Tests write records of old times, which must not age out under them: the broker looks first after half a minute.
    ...(options.quickStart && { 'log.initial.task.delay.ms': 3_600_000 }),
    // The default, 128 MB, would be half of the heap.
    'log.cleaner.dedupe.buffer.size': 16 * 1024 * 1024,
    ...integrators?.properties,
  })
    .map(([name, value]) => `${name}=${value}\n`)
    .join('')
}

/**
 * On a machine of one's own size a pause or a compiler is felt by everybody who chats. The young generation takes half of
 * the heap, so that what a request leaves behind dies there, in pauses of a few ms every few seconds (G1 marked the
 * whole heap every four seconds); and the optimising compiler works for minutes after a start, below everything else.
 */
const servingFlags = (heapMb: number): readonly string[] => [
  `-Xms${heapMb}m`,
  `-Xmn${heapMb >> 1}m`,
  ...(process.platform === 'linux' ? ['-XX:ThreadPriorityPolicy=1', '-XX:CompilerThreadPriority=10'] : []),
]

const javaFlags = ({ heapMb = 384, quickStart, dataDir }: KafkaOptions): readonly string[] => [
  `-Xmx${heapMb}m`,
  '-XX:+UseSerialGC',
  ...(quickStart ? ['-Xms128m', '-XX:TieredStopAtLevel=1'] : servingFlags(heapMb)),
  '-XX:+ExitOnOutOfMemoryError',
  '-Xshare:auto',
  '-Djava.awt.headless=true',
  `-Dlog4j2.configurationFile=${LOG4J}`,
  `-Dwhiply.log=${join(dataDir, 'kafka.log')}`,
  '-cp',
  join(JARS, '*'),
]

/** Writes the cluster's identity once; a folder that has one is left as it is, so older data starts under a newer broker. */
const format = async (options: KafkaOptions, properties: string): Promise<void> => {
  if (existsSync(join(options.dataDir, 'log', 'meta.properties'))) return
  const random = Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString('base64url')
  // One that begins with a dash would be taken for an option.
  const clusterId = random.replace(/^-/, 'w')
  const flags = javaFlags({ ...options, quickStart: true })
  await promisify(execFile)(javaCommand(), [
    ...classFlags(),
    ...flags,
    'kafka.tools.StorageTool',
    'format',
    ...['--cluster-id', clusterId, '--config', properties, '--ignore-formatted'],
  ]).catch((error: { readonly stderr?: string }) => {
    throw new EngineError('engine.exited', `Kafka could not prepare ${options.dataDir}:\n${error.stderr ?? error}`)
  })
}

const answers = (broker: string) => async (): Promise<void> => {
  const kafka = new Kafka({
    brokers: [broker],
    connectionTimeout: 1000,
    requestTimeout: 2000,
    retry: { retries: 0 },
    logLevel: logLevel.NOTHING,
  })
  const admin = kafka.admin()
  try {
    await admin.connect()
    const { brokers } = await admin.describeCluster()
    if (brokers.length === 0) throw new Error('the broker has not joined yet')
  } finally {
    await admin.disconnect()
  }
}

const propertiesFile = ({ dataDir }: KafkaOptions): string => join(dataDir, 'server.properties')

/** The broker's process. The controller's port is any that was free, so it says nothing of what the broker is. */
const processOf = async (options: KafkaOptions): Promise<EngineProcess> => ({
  name: 'Kafka',
  command: javaCommand(),
  startArgs: options.classFlags ?? classFlags(),
  args: [...javaFlags(options), 'kafka.Kafka', propertiesFile(options)],
  identity: [serverProperties(options, 0), await readFile(join(JARS, 'pom.sha256'), 'utf8').catch(() => '')],
  dataDir: options.dataDir,
  logFile: join(options.dataDir, 'kafka.log'),
  stopSignal: 'SIGTERM',
  stopGraceMs: options.stopGraceMs ?? 15_000,
})

const portsOf = ({ port, integrators, takenPorts = [] }: KafkaOptions): readonly number[] => [
  port,
  ...(integrators ? [integrators.port] : []),
  ...takenPorts,
]

/**
 * Starts one Kafka node that listens on the loopback address only, save for integrators, and resolves when it answers
 * clients.
 * @throws EngineError when jars or Java are missing, the port is taken, or it does not start.
 */
export const startKafka = async (options: KafkaOptions): Promise<EmbeddedKafka> => {
  if (!existsSync(JARS))
    throw new EngineError('engine.missing', `Kafka's jars are not in ${JARS}. Run: node bin/bootstrap prepare`)
  await assertPortFree(options.port, options.portSetting ?? 'KAFKA_PORT')
  if (options.integrators) await assertPortFree(options.integrators.port, 'INTEGRATORS_PORT', options.integrators.host)
  await mkdir(options.dataDir, { recursive: true, mode: 0o700 })
  const controllerPort = await freePortBeside(portsOf(options))
  await writeFile(propertiesFile(options), serverProperties(options, controllerPort))
  await format(options, propertiesFile(options))
  const broker = brokerOf(options)
  const started = await processOf(options)
  const engine = spawnEngine(started)
  const timeoutMs = options.startTimeoutMs ?? 60_000
  await untilReady(engine, { logFile: started.logFile, timeoutMs, probe: answers(broker) })
  return { ...engine, brokers: [broker] }
}

/** The broker that a killed launcher left running with these very options, if it answers; see `adoptEngine`. */
export const adoptKafka = async (options: KafkaOptions): Promise<EmbeddedKafka | undefined> => {
  const broker = brokerOf(options)
  const engine = await adoptEngine(await processOf(options), answers(broker))
  return engine && { ...engine, brokers: [broker] }
}
