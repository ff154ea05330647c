import type { TestContext } from 'node:test'
import { type Browser, chromium, type Page } from 'playwright-core'

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

/** `prepare` is done before the page is opened. */
export const visit = async (
  browser: Browser,
  url: string,
  prepare: (page: Page) => Promise<unknown> = async () => {},
): Promise<Visitor> => {
  const context = await browser.newContext({ viewport: { width: 1200, height: 800 }, colorScheme: 'dark' })
  const page = await context.newPage()
  page.setDefaultTimeout(40_000)
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(`${message.text()} ${message.location().url}`)
  })
  await prepare(page)
  await page.goto(url)
  await page.locator('#people-toggle.live').waitFor()
  return { page, complaints }
}
