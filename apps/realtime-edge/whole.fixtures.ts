import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { type DecidedFamily, decidedFamilies, startDeciding } from '#apps/decider/app.ts'
import { startHttpEdge } from '#apps/http-edge/app.ts'
import { firstStart } from '#apps/http-edge/first-start.ts'
import { noLimits } from '#apps/http-edge/platform.fixtures.ts'
import { start as startProjector } from '#apps/projector/app.ts'
import { freePort } from '#infra/embedded/engine.ts'
import type { NewPassword, RunningApp, StartApp } from '#libs/config/app.ts'
import { type Config, readConfig, withSettings } from '#libs/config/config.ts'
import { testDatabase } from '#libs/testing/engines.ts'
import { inReverse } from '#libs/testing/in-reverse.ts'
import { lentKafka } from '#libs/testing/lent-kafka.ts'
import { type PostgresProxy, postgresProxy } from '#libs/testing/postgres-proxy.ts'
import { temporaryFolder } from '#libs/testing/shared-engines.ts'
import { until } from '#libs/testing/until.ts'
import { start as startRealtimeEdge } from './app.ts'

/** All of whiply in this process, on engines of its own. */
export type WholeWhiply = {
  /** As every app got it. */
  readonly config: Config
  /** Of the page. */
  readonly url: string
  readonly admin: NewPassword
  /** Ends the live edge in order, as a release does. */
  readonly stopLive: () => Promise<void>
  /** What stands between the apps and Postgres. */
  readonly postgres: Pick<PostgresProxy, 'cut' | 'restore' | 'refused'>
  readonly startLive: () => Promise<void>
  readonly livePort: number
  /** Ends the decider; another one then decides commands of these families, until it is ended. */
  readonly stopDecider: () => Promise<void>
  readonly startDecider: (families?: readonly DecidedFamily[]) => Promise<void>
  readonly stopProjector: () => Promise<void>
  readonly startProjector: () => Promise<void>
  /** Another live edge beside the first. @returns its port */
  readonly startSecondLive: (settings?: Partial<Config>) => Promise<number>
}

const startReady = async (start: StartApp, config: Config): Promise<RunningApp> => {
  const app = await start(config, new AbortController().signal)
  await until(async () => app.ready(), { timeoutMs: 30_000, what: 'the app is ready' })
  return app
}

export const startWhole = async (
  t: Pick<TestContext, 'after'>,
  settings: Readonly<Record<string, string>> = {},
): Promise<WholeWhiply> => {
  const { after } = inReverse(t)
  const [kafka, postgres] = [await lentKafka({ after }), await postgresProxy(await testDatabase({ after }))]
  after(postgres.close)
  const data = await mkdtemp(join(temporaryFolder(), 'whiply-web-'))
  after(() => rm(data, { recursive: true, force: true }))
  const [httpPort, realtimePort] = [await freePort(), await freePort()]
  const config = withSettings(
    readConfig({
      ERASURE_DELAY: '0',
      WHIPLY_DATA: data,
      HTTP_PORT: `${httpPort}`,
      REALTIME_PORT: `${realtimePort}`,
      IRC_PORT: '0',
      CHANNEL_PARTITIONS: '2',
      FAMILY_PARTITIONS: '2',
      LOG_LEVEL: 'fatal',
      MIN_FREE_DISK: '0',
      ...settings,
    }),
    {
      kafkaBrokers: [...kafka.brokers],
      databaseUrl: postgres.databaseUrl,
      masterKey: randomBytes(32).toString('base64'),
    },
  )
  /** An app that a test may end and start again. */
  const restartable = () => {
    let apps: readonly RunningApp[] = []
    const stop = async () => {
      for (const app of apps) await app.close()
      apps = []
    }
    after(stop)
    return {
      stop,
      start: async (start: StartApp) => {
        apps = [...apps, await startReady(start, config)]
      },
    }
  }
  const decider = restartable()
  const startDecider = (names = decidedFamilies) => decider.start((...given) => startDeciding(names, ...given))
  await startDecider()
  const projector = restartable()
  await projector.start(startProjector)
  const running: RunningApp[] = []
  after(async () => {
    for (const app of running.toReversed()) await app.close()
  })
  // All come from one address, and some tests are quick.
  running.push(await startReady((...given) => startHttpEdge(...given, { allowances: noLimits }), config))
  let live = await startReady(startRealtimeEdge, config)
  after(() => live.close())
  const admin = await firstStart(config, new AbortController().signal)
  if (!admin) throw new Error('the administrator was there already')
  return {
    config,
    postgres,
    url: `http://localhost:${httpPort}`,
    admin,
    livePort: realtimePort,
    stopDecider: decider.stop,
    startDecider,
    stopProjector: projector.stop,
    startProjector: () => projector.start(startProjector),
    startSecondLive: async (settings = {}) => {
      const port = await freePort()
      running.push(await startReady(startRealtimeEdge, withSettings(config, { realtimePort: port, ...settings })))
      return port
    },
    stopLive: () => live.close(),
    startLive: async () => {
      live = await startReady(startRealtimeEdge, config)
    },
  }
}
