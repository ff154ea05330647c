import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { Page } from 'playwright-core'
import { call, lobbyOf, password, register } from '#apps/realtime-edge/people.fixtures.ts'
import { startWhole } from '#apps/realtime-edge/whole.fixtures.ts'
import { until } from '#libs/testing/until.ts'
import { liveTogether } from './community.fixtures.ts'
import { startBrowser, visit } from './web.fixtures.ts'

const line = (page: Page, text: string) => page.locator('.line:not(.pending)', { hasText: text })

const write = async (page: Page, text: string): Promise<void> => {
  await page.locator('#text:enabled').fill(text)
  await page.locator('#text').press('Enter')
}

const rejected = (page: Page, words: string) => page.locator('.rejected .reason', { hasText: words }).waitFor()

test('what moderators do to a room is seen on the page', { timeout: 480_000 }, async (t: TestContext) => {
  const whiply = await startWhole(t)
  const { url } = whiply
  const done = async (method: string, path: string, body: unknown, token?: string) => {
    const answer = await call(url, method, path, { body, ...(token !== undefined && { token }) })
    assert.ok(answer.status < 300, `${method} ${path}: ${answer.status} ${answer.text}`)
    return answer.body
  }
  const lobby = `/v1/channels/${await lobbyOf(url)}`
  const first = await done('POST', '/v1/sessions', whiply.admin)
  const change = { oldPassword: whiply.admin.password, newPassword: password }
  const { accessToken } = await done('PUT', '/v1/accounts/me/password', change, first.accessToken)
  const act = (asked: unknown) => done('POST', `${lobby}/acts`, asked, accessToken)
  const ada = await register(url, { handle: 'ada' })

  const browser = await startBrowser(t)
  const [{ page: watcher, complaints }, { page }] = [await visit(browser, url), await visit(browser, url)]
  await page.getByRole('button', { name: 'Log in' }).click()
  await page.getByLabel('Name').fill('ada')
  await page.locator('#enter').getByLabel('Password').fill(password)
  await page.locator('#enter-submit').click()
  await page.locator('#text:enabled').waitFor()

  const idOf = async (text: string): Promise<string> => {
    await line(watcher, text).waitFor()
    return (await line(watcher, text).getAttribute('data-id')) ?? ''
  }

  await t.test('an edited line says what it says by now', async () => {
    await act({ kind: 'set-mode', mode: 'edit_window', value: 600 })
    await write(page, 'tee at five')
    const message = await idOf('tee at five')
    await done('POST', `${lobby}/acts`, { kind: 'edit-message', message, text: 'tea at five' }, ada.token)
    await line(watcher, 'tea at five').waitFor()
    assert.equal(await line(watcher, 'tee at five').count(), 0)
  })

  await t.test('what stands in words is drawn: addresses, code, what is hidden, what somebody does', async () => {
    await write(page, 'see https://example.org/a, `x > y` and ||the **end** @ada||')
    const said = line(watcher, 'see https://example.org/a')
    assert.equal(await said.getByRole('link').getAttribute('href'), 'https://example.org/a')
    assert.equal(await said.locator('code').textContent(), 'x > y')
    assert.doesNotMatch(await said.innerHTML(), /the \*\*end/)
    await said.getByRole('button', { name: 'Spoiler' }).click()
    assert.equal(await said.locator('.mention').textContent(), '@ada')
    await write(page, '/me waves')
    await watcher.locator('.line.action .words', { hasText: /^waves$/ }).waitFor()
  })

  await t.test('a pinned line stands above the composer until it is deleted', async () => {
    await act({ kind: 'pin', message: await idOf('tea at five') })
    await watcher.locator('#notices', { hasText: 'tea at five' }).waitFor()
    const late = await visit(browser, url)
    await late.page.locator('#notices', { hasText: 'Pinned, by ada: tea at five' }).waitFor()
    await late.page.context().close()
  })

  await t.test('who reads the end stays there when the chat has less room, and jumps back from elsewhere', async () => {
    const left = () =>
      watcher.locator('#scroll').evaluate((scroll) => {
        const { scrollHeight, scrollTop, clientHeight } = scroll as unknown as Record<string, number>
        return Math.round((scrollHeight ?? 0) - (scrollTop ?? 0) - (clientHeight ?? 0))
      })
    for (let count = 0; count < 20; count++) await write(page, `line ${count} ${'and more '.repeat(20)}`)
    await line(watcher, 'line 19').waitFor()
    await watcher.setViewportSize({ width: 500, height: 500 })
    await until(async () => (await left()) <= 1)
    assert.equal(await watcher.locator('#jump').isHidden(), true)
    await watcher.locator('#scroll').evaluate((scroll) => scroll.scrollTo(0, 0))
    await write(page, 'unseen')
    await watcher.locator('#jump').click()
    await until(async () => (await left()) <= 1)
    await watcher.locator('#jump').waitFor({ state: 'hidden' })
    await watcher.setViewportSize({ width: 1200, height: 800 })
  })

  await t.test('all that somebody wrote vanishes at once, and the pin with it', async () => {
    await write(page, 'and cake')
    await idOf('and cake')
    await act({ kind: 'delete-messages', member: ada.id })
    for (const seen of [watcher, page]) {
      await line(seen, 'and cake').waitFor({ state: 'detached' })
      await line(seen, 'tea at five').waitFor({ state: 'detached' })
    }
    await watcher.locator('#notices').waitFor({ state: 'hidden' })
  })

  await t.test('a cleared chat is empty', async () => {
    await write(page, 'once more')
    await idOf('once more')
    await act({ kind: 'clear' })
    await line(watcher, 'once more').waitFor({ state: 'detached' })
  })

  await t.test('modes are told in words before one writes, and after', async () => {
    await act({ kind: 'set-mode', mode: 'emote_only', value: 1 })
    await page.locator('#hint', { hasText: 'Emotes only.' }).waitFor()
    await write(page, 'words')
    await rejected(page, 'Only emotes may be sent now.')
    await act({ kind: 'set-mode', mode: 'emote_only', value: null })
    await until(async () => (await page.locator('#hint').textContent()) === '')
  })

  await t.test('who is banned is told, and writes again once it is lifted', async () => {
    await act({ kind: 'ban', member: ada.id })
    await page.locator('#hint.warn', { hasText: 'You are banned here.' }).waitFor()
    assert.equal(await page.locator('#text').isDisabled(), true)
    await watcher.locator('.note', { hasText: 'ada was banned.' }).waitFor()
    await act({ kind: 'unban', member: ada.id })
    await page.locator('#text:enabled').waitFor()
  })

  await t.test('a closed channel says so', async () => {
    await act({ kind: 'close' })
    await page.locator('#hint.warn', { hasText: 'The channel is closed.' }).waitFor()
    await act({ kind: 'reopen' })
    await page.locator('#text:enabled').waitFor()
  })

  await t.test('who is warned says that they have read it, and writes again', async () => {
    await act({ kind: 'mark', member: ada.id, mark: 'warning', reason: 'no caps' })
    await page.locator('#notices', { hasText: 'The moderators warn you: no caps' }).waitFor()
    await page.getByRole('button', { name: 'I have read it' }).click()
    await page.locator('#notices').waitFor({ state: 'hidden' })
    await write(page, 'in small letters')
    await idOf('in small letters')
  })

  await t.test('rules are accepted where they keep one from writing', async () => {
    await act({ kind: 'set-text', text: 'rules', value: 'Be kind.\nNo spam.' })
    await write(page, 'before the rules')
    await rejected(page, 'Accept the rules to write here.')
    await page.locator('#notices', { hasText: 'Be kind.' }).waitFor()
    await page.getByRole('button', { name: 'I accept the rules' }).click()
    await page.locator('#notices').waitFor({ state: 'hidden' })
    await write(page, 'after the rules')
    await idOf('after the rules')
  })

  await t.test('what others wrote can be reported, once', async () => {
    await register(url, { handle: 'bob' })
    const { page: bob } = await visit(browser, url)
    await bob.getByRole('button', { name: 'Log in' }).click()
    await bob.getByLabel('Name').fill('bob')
    await bob.locator('#enter').getByLabel('Password').fill(password)
    await bob.locator('#enter-submit').click()
    for (const words of ['The moderators will look at it.', 'You have reported it already.']) {
      await line(bob, 'after the rules').hover()
      await line(bob, 'after the rules').locator('.tools').click()
      assert.equal(await bob.getByRole('button', { name: 'Ban' }).isHidden(), true)
      await bob.getByRole('button', { name: 'Report as spam' }).click()
      await bob.locator('#hint', { hasText: words }).waitFor()
    }
    await bob.context().close()
  })

  await t.test('a poll is voted in, counted and ended', async () => {
    const poll = { kind: 'start-poll', question: 'Tea?', options: ['Yes', 'No'], durationMs: 600_000 }
    const { commandId } = await act(poll)
    await watcher.locator('#notices', { hasText: 'Tea?' }).waitFor()
    await page.getByRole('button', { name: 'Yes' }).click()
    await watcher.locator('#notices li', { hasText: 'Yes 1' }).waitFor()
    await act({ kind: 'end-poll', poll: commandId })
    await watcher.locator('.note', { hasText: 'Tea? Yes: 1, No: 0' }).waitFor()
    assert.equal(await watcher.locator('#notices').isHidden(), true)
  })

  await t.test('nothing failed in a script', () => assert.deepEqual(complaints, []))

  await t.test('people answer, moderate, appeal, whisper, and show emotes and pictures', async (t) => {
    await act({ kind: 'set-text', text: 'rules', value: null })
    await liveTogether(t, {
      url,
      browser,
      admin: whiply.admin.handle,
      password,
      lobby,
      act,
      addEmote: (name, image) => done('POST', `${lobby}/emotes?name=${name}`, image, accessToken),
      register: (handle) => register(url, { handle }),
    })
  })
})
