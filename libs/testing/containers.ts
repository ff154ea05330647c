import type { GenericContainer as Container, StartedTestContainer } from 'testcontainers'
import { freePort } from '#infra/embedded/engine.ts'
import { reachKafka } from '#libs/journal/kafka/reach.ts'
import { reachPostgres } from '#libs/postgres/reach.ts'
import type { IsolatedKafka } from './isolated-kafka.ts'
import type { TestEngines } from './shared-engines.ts'
import { until } from './until.ts'

/**
 * Engines from published images instead of the embedded ones, by testcontainers. It finds the container engine as the
 * Docker client does (DOCKER_HOST, the context, the socket); TESTCONTAINERS_RYUK_DISABLED=true does without its reaper.
 */

export const KAFKA_IMAGE = 'apache/kafka:4.2.0'
export const POSTGRES_IMAGE = 'postgres:18'

/** Loaded only where containers are asked for. */
const library = () => import('testcontainers')

/** Where the engine publishes ports; undefined where none answers. */
export const containerHost = async (): Promise<string | undefined> => {
  const { getContainerRuntimeClient } = await library()
  return getContainerRuntimeClient().then(
    ({ info }) => info.containerRuntime.host,
    () => undefined,
  )
}

const hostOrFail = async (): Promise<string> => {
  const host = await containerHost()
  if (host === undefined) throw new Error('no container engine answers')
  // By its number, as the embedded engines: a name has two addresses, and ports are published on one for certain.
  return host === 'localhost' ? '127.0.0.1' : host
}

/** Once an engine answers for the first time; before, a port that is published already may be closed at once. */
const answers = (what: string, ask: () => Promise<void>): Promise<void> =>
  until(
    () =>
      ask().then(
        () => true,
        () => false,
      ),
    { timeoutMs: 90_000, what },
  )

/** The same quick habits as the embedded test broker's; clients come by the published port, itself by a listener inside. */
const kafkaSettings = (advertised: string): Readonly<Record<string, string>> => ({
  KAFKA_NODE_ID: '1',
  KAFKA_PROCESS_ROLES: 'broker,controller',
  KAFKA_CONTROLLER_QUORUM_VOTERS: '1@localhost:9093',
  KAFKA_CONTROLLER_LISTENER_NAMES: 'CONTROLLER',
  KAFKA_LISTENERS: 'CLIENTS://:9092,CONTROLLER://localhost:9093,INTERNAL://localhost:9094',
  KAFKA_ADVERTISED_LISTENERS: `CLIENTS://${advertised},INTERNAL://localhost:9094`,
  KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: 'CLIENTS:PLAINTEXT,CONTROLLER:PLAINTEXT,INTERNAL:PLAINTEXT',
  KAFKA_INTER_BROKER_LISTENER_NAME: 'INTERNAL',
  KAFKA_LOG_DIRS: '/var/lib/kafka/data',
  KAFKA_AUTO_CREATE_TOPICS_ENABLE: 'false',
  KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: '1',
  KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS: '4',
  KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: '1',
  KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: '1',
  KAFKA_TRANSACTION_STATE_LOG_NUM_PARTITIONS: '4',
  KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS: '0',
  KAFKA_GROUP_MIN_SESSION_TIMEOUT_MS: '1000',
  KAFKA_BROKER_SESSION_TIMEOUT_MS: '2000',
  KAFKA_BROKER_HEARTBEAT_INTERVAL_MS: '400',
  KAFKA_HEAP_OPTS: '-Xms128m -Xmx384m',
})

type Broker = { readonly container: StartedTestContainer; readonly brokers: readonly string[] }

const untilBrokerAnswers = (brokers: readonly string[]): Promise<void> =>
  answers(`Kafka in a container at ${brokers}`, () => reachKafka({ brokers }, { withinMs: 0 }))

const startBroker = async (): Promise<Broker> => {
  const { GenericContainer, Wait } = await library()
  // The broker has to know the port by which clients come before it starts, and keeps it over restarts.
  const [host, port] = [await hostOrFail(), await freePort()]
  const brokers = [`${host}:${port}`]
  const container = await asStarted(
    new GenericContainer(KAFKA_IMAGE)
      .withEnvironment({ ...kafkaSettings(`${host}:${port}`) })
      .withExposedPorts({ container: 9092, host: port })
      .withWaitStrategy(Wait.forListeningPorts()),
  )
  await untilBrokerAnswers(brokers)
  return { container, brokers }
}

const asStarted = (container: Container): Promise<StartedTestContainer> => container.withStartupTimeout(90_000).start()

const startDatabase = async (): Promise<{ readonly container: StartedTestContainer; readonly databaseUrl: string }> => {
  const { GenericContainer, Wait } = await library()
  const unsafe = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'max_connections=300']
  const container = await asStarted(
    new GenericContainer(POSTGRES_IMAGE)
      .withEnvironment({
        POSTGRES_USER: 'whiply',
        POSTGRES_PASSWORD: 'whiply',
        POSTGRES_DB: 'whiply_test',
        POSTGRES_INITDB_ARGS: '--encoding=UTF8 --locale=C --locale-provider=builtin --builtin-locale=C.UTF-8',
      })
      .withCommand(['postgres', ...unsafe.flatMap((setting) => ['-c', setting])])
      .withExposedPorts(5432)
      .withWaitStrategy(Wait.forListeningPorts()),
  )
  const databaseUrl = `postgres://whiply:whiply@${container.getHost()}:${container.getMappedPort(5432)}/whiply_test`
  await answers('Postgres in a container', () => reachPostgres(databaseUrl, { withinMs: 0 }))
  return { container, databaseUrl }
}

/** The pair that a run of the tests shares, from containers; removed by `stop`. */
export const startContainerEngines = async (): Promise<{
  readonly engines: TestEngines
  readonly stop: () => Promise<void>
}> => {
  const [kafka, postgres] = await Promise.allSettled([startBroker(), startDatabase()])
  const stop = async () => {
    for (const started of [kafka, postgres]) if (started.status === 'fulfilled') await started.value.container.stop()
  }
  if (kafka.status === 'fulfilled' && postgres.status === 'fulfilled')
    return { engines: { brokers: kafka.value.brokers, databaseUrl: postgres.value.databaseUrl }, stop }
  await stop()
  throw kafka.status === 'rejected' ? kafka.reason : (postgres as PromiseRejectedResult).reason
}

/** A broker of one test alone, in a container of its own. */
export const containerKafka = async (): Promise<IsolatedKafka & { readonly remove: () => Promise<void> }> => {
  const { getContainerRuntimeClient } = await library()
  const { container, brokers } = await startBroker()
  const handle = (await getContainerRuntimeClient()).container.getById(container.getId())
  let running = true
  const ended = (end: () => Promise<unknown>) => async () => {
    if (running) await end()
    running = false
  }
  return {
    brokers,
    kill: ended(() => handle.kill()),
    stop: ended(() => handle.stop({ t: 15 })),
    start: async () => {
      await handle.start()
      running = true
      await untilBrokerAnswers(brokers)
    },
    pause: async () => {
      await handle.pause()
    },
    resume: async () => {
      await handle.unpause()
    },
    remove: async () => {
      await handle.remove({ force: true, v: true })
    },
  }
}
