import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { type Browser, chromium, type Page } from 'playwright-core'
import { start as startDecider } from '#apps/decider/app.ts'
import { start as startHttpEdge } from '#apps/http-edge/app.ts'
import { firstStart } from '#apps/http-edge/first-start.ts'
import { start as startProjector } from '#apps/projector/app.ts'
import { start as startRealtimeEdge } from '#apps/realtime-edge/app.ts'
import { freePort } from '#infra/embedded/engine.ts'
import type { NewPassword, RunningApp, StartApp } from '#libs/config/app.ts'
import { type Config, readConfig, withSettings } from '#libs/config/config.ts'
import { testDatabase } from '#libs/testing/engines.ts'
import { isolatedKafka } from '#libs/testing/isolated-kafka.ts'
import { temporaryFolder } from '#libs/testing/shared-engines.ts'
import { until } from '#libs/testing/until.ts'

/** All of whiply in this process, on engines of its own. */
export type WholeWhiply = {
  /** Of the page. */
  readonly url: string
  readonly admin: NewPassword
  /** Ends the live edge in order, as a release does. */
  readonly stopLive: () => Promise<void>
  readonly startLive: () => Promise<void>
}

const startReady = async (start: StartApp, config: Config): Promise<RunningApp> => {
  const app = await start(config, new AbortController().signal)
  await until(async () => app.ready(), { timeoutMs: 30_000, what: 'the app is ready' })
  return app
}

export const startWhole = async (t: Pick<TestContext, 'after'>): Promise<WholeWhiply> => {
  const [kafka, databaseUrl] = [await isolatedKafka(t), await testDatabase(t)]
  const data = await mkdtemp(join(temporaryFolder(), 'whiply-web-'))
  t.after(() => rm(data, { recursive: true, force: true }))
  const [httpPort, realtimePort] = [await freePort(), await freePort()]
  const config = withSettings(
    readConfig({
      WHIPLY_DATA: data,
      HTTP_PORT: `${httpPort}`,
      REALTIME_PORT: `${realtimePort}`,
      CHANNEL_PARTITIONS: '2',
      FAMILY_PARTITIONS: '2',
      LOG_LEVEL: 'fatal',
      MIN_FREE_DISK: '0',
    }),
    { kafkaBrokers: [...kafka.brokers], databaseUrl, masterKey: randomBytes(32).toString('base64') },
  )
  const running: RunningApp[] = []
  t.after(async () => {
    for (const app of running.toReversed()) await app.close()
  })
  for (const start of [startDecider, startProjector, startHttpEdge]) running.push(await startReady(start, config))
  let live = await startReady(startRealtimeEdge, config)
  t.after(() => live.close())
  const admin = await firstStart(config, new AbortController().signal)
  if (!admin) throw new Error('the administrator was there already')
  return {
    url: `http://localhost:${httpPort}`,
    admin,
    stopLive: () => live.close(),
    startLive: async () => {
      live = await startReady(startRealtimeEdge, config)
    },
  }
}

/** The system's Chromium, else the one that `CHROMIUM_PATH` names. Closed after the test. */
export const startBrowser = async (t: Pick<TestContext, 'after'>): Promise<Browser> => {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  })
  t.after(() => browser.close())
  return browser
}

/** A person at the page: with cookies of their own, and a list of everything that the browser complained about. */
export type Visitor = { readonly page: Page; readonly complaints: readonly string[] }

export const visit = async (browser: Browser, url: string): Promise<Visitor> => {
  const context = await browser.newContext({ viewport: { width: 1200, height: 800 }, colorScheme: 'dark' })
  const page = await context.newPage()
  page.setDefaultTimeout(15_000)
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  await page.goto(url)
  await page.locator('#people-toggle.live').waitFor()
  return { page, complaints }
}
