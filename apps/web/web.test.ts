import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { Page } from 'playwright-core'
import { startWhole } from '#apps/realtime-edge/whole.fixtures.ts'
import { until } from '#libs/testing/until.ts'
import { startBrowser, visit } from './web.fixtures.ts'

const password = 'correct horse battery'

const register = async (page: Page, handle: string): Promise<void> => {
  await page.getByRole('button', { name: 'Log in' }).click()
  await page.getByRole('button', { name: 'New here? Register' }).click()
  await page.getByLabel('Name').fill(handle)
  await page.locator('#enter').getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Register', exact: true }).click()
  await page.locator('#me', { hasText: handle }).waitFor()
}

const write = async (page: Page, text: string): Promise<void> => {
  await page.locator('#text:enabled').fill(text)
  await page.locator('#text').press('Enter')
}

const line = (page: Page, text: string) => page.locator('.line:not(.pending)', { hasText: text })

const words = (page: Page): Promise<string[]> => page.locator('.line:not(.pending) .words').allTextContents()

const sees = (page: Page, text: string) => line(page, text).first().waitFor()

/** Opens the menu of a line and chooses. */
const choose = async (page: Page, text: string, entry: string): Promise<void> => {
  await line(page, text).hover()
  await line(page, text).locator('.tools').click()
  await page.getByRole('button', { name: entry }).click()
}

test('people chat in a browser', { timeout: 480_000 }, async (t: TestContext) => {
  const whiply = await startWhole(t)
  const browser = await startBrowser(t)
  const watcher = await visit(browser, whiply.url)
  const ada = await visit(browser, whiply.url)
  const admin = await visit(browser, whiply.url)

  await t.test('who has no account watches, and cannot write', async () => {
    assert.equal(await watcher.page.locator('#channel-name').textContent(), 'lobby')
    assert.equal(await watcher.page.locator('#text').isDisabled(), true)
  })

  await t.test('who skips to writing by the keyboard stays in the channel', async () => {
    await watcher.page.locator('#skip').focus()
    await watcher.page.keyboard.press('Enter')
    await watcher.page.locator('#log-in:focus').waitFor()
    assert.equal(new URL(watcher.page.url()).hash, '')
  })

  await t.test('a channel that is not there is told of', async () => {
    const { page } = await visit(browser, whiply.url)
    await page.goto(`${whiply.url}#nowhere`)
    await page.locator('#status', { hasText: 'There is no channel nowhere.' }).waitFor()
    await page.context().close()
  })

  await t.test('who registers can talk, and everybody sees it', async () => {
    await register(ada.page, 'Ada')
    await write(ada.page, 'hello, lobby')
    await sees(watcher.page, 'hello, lobby')
    await sees(ada.page, 'hello, lobby')
    assert.equal(await ada.page.locator('.line').count(), 1)
  })

  await t.test('who is here is seen by name', async () => {
    await watcher.page.locator('#names', { hasText: 'Ada' }).waitFor()
    await until(async () => (await watcher.page.locator('#count').textContent()) === '3')
  })

  await t.test('a wrong password is told', async () => {
    await admin.page.getByRole('button', { name: 'Log in' }).click()
    await admin.page.getByLabel('Name').fill(whiply.admin.handle)
    await admin.page.locator('#enter').getByLabel('Password').fill('not the password')
    await admin.page.locator('#enter-submit').click()
    await admin.page.locator('#enter-problem:visible').waitFor()
  })

  await t.test('the administrator has to change the first password', async () => {
    await admin.page.locator('#enter').getByLabel('Password').fill(whiply.admin.password)
    await admin.page.locator('#enter-submit').click()
    await admin.page.getByRole('heading', { name: 'Choose a new password' }).waitFor()
    await admin.page.getByRole('textbox', { name: 'New password' }).fill(password)
    await admin.page.getByRole('textbox', { name: 'Once more' }).fill(password)
    await admin.page.getByRole('button', { name: 'Change password' }).click()
    await admin.page.locator('#me:visible').waitFor()
    await write(admin.page, 'order, please')
    await sees(ada.page, 'order, please')
  })

  await t.test('a deleted line vanishes everywhere', async () => {
    await write(ada.page, 'buy cheap watches')
    await sees(admin.page, 'buy cheap watches')
    await sees(watcher.page, 'buy cheap watches')
    await choose(admin.page, 'buy cheap watches', 'Delete message')
    for (const { page } of [watcher, ada, admin]) await line(page, 'buy cheap watches').waitFor({ state: 'detached' })
  })

  await t.test('an own message that is rejected is shown with its reason', async () => {
    // Half a pair is not valid Unicode, whatever a browser lets one write.
    await ada.page.locator('#text:enabled').fill('\u{200b}\u{200b}')
    await ada.page.locator('#text').press('Enter')
    await ada.page.locator('.rejected .reason').waitFor()
    assert.match((await ada.page.locator('.rejected .reason').textContent()) ?? '', /nothing in it|cannot be shown/)
    assert.equal(await watcher.page.locator('.line').count(), 2)
  })

  await t.test('who is timed out is told for how long, and cannot write', async () => {
    await choose(admin.page, 'hello, lobby', 'Time out for 10 minutes')
    await ada.page.locator('#hint.warn', { hasText: 'timed out for another 10 min' }).waitFor()
    assert.equal(await ada.page.locator('#text').isDisabled(), true)
    await watcher.page.locator('.note', { hasText: 'Ada was timed out for 10 min.' }).waitFor()
  })

  await t.test('when the live edge is restarted the page comes back by itself, without a hole', async () => {
    const bob = await visit(browser, whiply.url)
    await register(bob.page, 'Bob')
    await write(bob.page, 'before')
    await sees(watcher.page, 'before')
    await whiply.stopLive()
    await watcher.page.locator('#status:visible').waitFor()
    await write(bob.page, 'meanwhile')
    await whiply.startLive()
    await sees(watcher.page, 'meanwhile')
    await write(bob.page, 'after')
    await sees(watcher.page, 'after')
    assert.deepEqual(await words(watcher.page), ['hello, lobby', 'order, please', 'before', 'meanwhile', 'after'])
    await bob.page.context().close()
  })

  await t.test('history is paged back', async () => {
    for (let count = 0; count < 48; count++) {
      await write(admin.page, `line ${count}`)
    }
    // Some are asked to wait by the rate of one account, and others overtake them.
    await until(async () => (await words(watcher.page)).length === 53)
    const late = await visit(browser, whiply.url)
    await sees(late.page, 'line 47')
    assert.equal(await line(late.page, 'hello, lobby').count(), 0)
    await late.page.getByRole('button', { name: 'Earlier messages' }).click()
    await sees(late.page, 'hello, lobby')
    assert.deepEqual(await words(late.page), await words(watcher.page))
    assert.equal(await late.page.getByRole('button', { name: 'Earlier messages' }).count(), 0)
    assert.deepEqual(late.complaints, [])
  })

  await t.test('who logs out only watches', async () => {
    await admin.page.getByRole('button', { name: 'Log out' }).click()
    await admin.page.getByRole('button', { name: 'Log in' }).waitFor()
    assert.equal(await admin.page.locator('#text').isDisabled(), true)
  })

  await t.test('nothing was blocked by the content policy, and nothing failed in a script', () => {
    assert.deepEqual(
      [...watcher.complaints, ...ada.complaints].filter((text) => !text.includes('WebSocket connection')),
      [],
    )
  })
})
