import assert from 'node:assert/strict'
import { test } from 'node:test'
import { chromium } from 'playwright-core'
import { clientAddress } from '#libs/http/address.ts'
import { listen } from '#libs/http/listen.ts'
import { originCheck } from '#libs/http/origin.ts'
import { bind } from '#libs/http/route.ts'
import { createApp } from '#libs/http/server.ts'
import { createLogger } from '#libs/telemetry/logger.ts'
import { errors } from './errors.ts'
import { documentedRoutes, openApi } from './openapi.ts'
import { platformRoutes } from './platform-routes.ts'

test('the page of the API shows every operation and lets one be tried, offline and under its policy', async (t) => {
  const edge = {
    publicRealtimeUrl: 'ws://localhost:8081',
    version: '1.2.3',
    epoch: 'epoch',
    errors,
    openApiJson: JSON.stringify(openApi()),
    commandOutcome: async () => undefined,
  }
  const app = createApp({
    routes: bind(platformRoutes, edge),
    errors,
    clientAddress: clientAddress([]),
    originCheck: originCheck([]),
    logger: createLogger('test', 'silent'),
    authenticate: () => assert.fail('nobody logs in'),
    limit: () => {},
    waitForPosition: async () => {},
    verifyReplies: true,
  })
  const server = await listen(app, { port: 0, host: '127.0.0.1' })
  t.after(() => server.close(0))
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  })
  t.after(() => browser.close())
  const page = await browser.newPage()
  page.setDefaultTimeout(15_000)
  const complaints: string[] = []
  const elsewhere: string[] = []
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  page.on('request', (request) => {
    if (new URL(request.url()).host !== `127.0.0.1:${server.port}`) elsewhere.push(request.url())
  })
  await page.goto(`http://127.0.0.1:${server.port}/docs`)
  await page.locator('#getConfig summary').click()
  assert.equal(await page.locator('details').count(), documentedRoutes.length)
  await page.locator('#getConfig button').click()
  await page.locator('#getConfig pre', { hasText: '"version": "1.2.3"' }).waitFor()
  await page.locator('#getProblem summary').click()
  await page.locator('#getProblem [name=code]').fill('http.not_found')
  await page.locator('#getProblem button').click()
  await page.locator('#getProblem pre', { hasText: 'There is nothing here' }).waitFor()
  assert.match((await page.locator('#getProblem tr', { hasText: '429' }).textContent()) ?? '', /Too many requests/)
  await page.locator('#postMessage summary').click()
  assert.match(await page.locator('#postMessage textarea').inputValue(), /"text": "hello"/)
  assert.deepEqual([complaints, elsewhere.filter((url) => !url.startsWith('data:'))], [[], []])
})
