import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import type { Page } from 'playwright-core'
import { until } from '#libs/testing/until.ts'

/** Three at a page: who moderates, whom it is about, and who looks on. */
export type AtTheDesk = { readonly moderator: Page; readonly author: Page; readonly reader: Page }

const line = (page: Page, text: string) => page.locator('#lines .line:not(.pending)', { hasText: text })

const write = async (page: Page, text: string): Promise<void> => {
  await page.locator('#text:enabled').fill(text)
  await page.locator('#text').press('Enter')
}

/** What moderators type, look up and change beside the chat; `author` goes by the handle cleo. */
export const moderateFromTheDesk = async (t: TestContext, { moderator, author, reader }: AtTheDesk): Promise<void> => {
  const desk = moderator.locator('#moderation')
  const part = (title: string) => desk.locator('details', { has: moderator.locator('summary', { hasText: title }) })
  const card = desk.getByRole('region', { name: 'About a member' })
  const canWrite = () => author.locator('#text:enabled').waitFor()

  await t.test('what is typed with a slash is done, or said why not, and never said aloud', async () => {
    await write(moderator, '/timeout cleo 5m caps')
    await author.locator('#hint.warn', { hasText: 'timed out for another 5 min' }).waitFor()
    await write(moderator, '/untimeout @Cleo')
    await canWrite()
    for (const [typed, told] of [
      ['/timeot cleo', 'There is no /timeot'],
      ['/ban nobody_here', 'There is nobody who goes by nobody_here.'],
      ['/untimeout cleo', 'They are not timed out any more.'],
    ] as const) {
      await write(moderator, typed)
      await moderator.locator('#hint.warn', { hasText: told }).waitFor()
      assert.equal(await moderator.locator('#text').inputValue(), typed)
    }
    await write(author, '/ban dan')
    await author.locator('#hint.warn', { hasText: 'There is no /ban' }).waitFor()
    await write(author, '/w dan over here')
    await author.locator('#hint', { hasText: 'Whispered to dan.' }).waitFor()
    await write(author, '//shrug')
    await line(reader, '/shrug').waitFor()
    assert.equal(await line(reader, 'cleo 5m').or(line(reader, '/ban')).or(line(reader, 'over here')).count(), 0)
  })

  await t.test(
    'what is known of somebody is shown from their line, and what is done about them stands there',
    async () => {
      await write(author, 'FREE TEA HERE')
      await line(moderator, 'FREE TEA HERE').hover()
      await line(moderator, 'FREE TEA HERE').locator('.tools').press('Enter')
      await moderator.locator('#menu').press('ArrowUp')
      await moderator.keyboard.press('Escape')
      await line(moderator, 'FREE TEA HERE').locator('.tools:focus').press('Enter')
      await moderator.getByRole('button', { name: 'What is known of them' }).click()
      await card.getByRole('heading', { name: 'cleo', exact: true }).waitFor()
      await card.getByText('caps').waitFor()
      await card.getByText('FREE TEA HERE').waitFor()
      await card.getByLabel('What to do').selectOption({ label: 'Time out for 10 minutes' })
      await card.getByLabel('Why: for the log').fill('advertises tea')
      await card.getByRole('button', { name: 'Do it' }).click()
      await author.locator('#hint.warn', { hasText: 'timed out for another 10 min' }).waitFor()
      await card.getByRole('button', { name: /^Lift: Timed out until/ }).click()
      await canWrite()
      await write(moderator, '/note cleo sells tea')
      await moderator.locator('#hint', { hasText: 'Noted of cleo.' }).waitFor()
      await card.getByLabel('Role').selectOption('vip')
      await until(async () => (await card.getByLabel('Role').inputValue()) === 'vip')
      await card.getByText('made vip').waitFor()
      await write(author, 'VIP tea')
      await line(reader, 'VIP tea').locator('.badge', { hasText: 'VIP' }).waitFor()
      await card.getByLabel('Role').selectOption('')
      await card.getByText('took the role away').waitFor()
      await card.getByRole('button', { name: 'Close what is known of them' }).click()
      await card.waitFor({ state: 'hidden' })
    },
  )

  await t.test('what was done is found by whom, to whom and why, and what was said around it', async () => {
    await part('What was done').locator('summary').click()
    const log = part('What was done')
    await log.getByLabel('To whom (handle)').fill('cleo')
    await log.getByLabel('Why').fill('ADVERTISES')
    await log.getByRole('button', { name: 'Look' }).click()
    await until(async () => (await log.locator('li').count()) === 1)
    await log.getByText('timed out cleo for 10 min: advertises tea').waitFor()
    await log.getByLabel('To whom (handle)').fill('nobody_here')
    await log.getByRole('button', { name: 'Look' }).click()
    await log.getByText('There is nobody who goes by nobody_here.').waitFor()
    await log.locator('summary').click()
  })

  await t.test('what was said is found though it was deleted, with what stood around it', async () => {
    await write(author, 'unspeakable tea')
    await line(moderator, 'unspeakable tea').hover()
    await line(moderator, 'unspeakable tea').locator('.tools').click()
    await moderator.getByRole('button', { name: 'Delete message' }).click()
    await line(reader, 'unspeakable tea').waitFor({ state: 'detached' })
    const found = part('What was said')
    await found.locator('summary').click()
    await until(async () => {
      await found.getByLabel('Words').fill('unspeakable')
      await found.getByRole('button', { name: 'Look' }).click()
      return (await found.locator('li', { hasText: 'deleted' }).count()) === 1
    })
    await found.getByRole('button', { name: 'Around it' }).click()
    await moderator.locator('#then-lines .deleted.sought', { hasText: 'unspeakable tea' }).waitFor()
    await moderator.locator('#then').getByRole('button', { name: 'Close' }).click()
    await found.locator('summary').click()
  })

  await t.test('a poll is begun, and all that says something is deleted and restored', async () => {
    await part('The channel').locator('summary').click()
    const topic = desk.getByRole('form', { name: 'Topic' })
    await topic.getByRole('textbox').fill('Tea at five')
    await topic.getByRole('button', { name: 'Set' }).click()
    await reader.locator('#topic', { hasText: 'Tea at five' }).waitFor()
    await write(moderator, '/topic')
    await reader.locator('#topic').waitFor({ state: 'hidden' })
    const welcome = desk.getByRole('form', { name: 'Word of welcome' })
    await welcome.getByRole('textbox').fill('Come in.\nTake tea.')
    await welcome.getByRole('button', { name: 'Set' }).click()
    await welcome.getByText('Everybody is told from now on.').waitFor()
    await moderator.reload()
    await moderator.getByRole('button', { name: 'Moderate' }).click()
    const house = part('The channel').locator('summary')
    await house.click()
    await until(async () => {
      if ((await welcome.getByRole('textbox').inputValue()) === 'Come in.\nTake tea.') return true
      // It is read each time that it is opened.
      for (const _ of ['closed', 'open']) await house.click()
      return false
    })
    const poll = desk.getByRole('form', { name: 'Ask everybody' })
    await poll.getByLabel('The question').fill('Milk?')
    await poll.getByLabel('The answers, one a line').fill('Yes\nNo\n')
    await poll.getByRole('button', { name: 'Begin the poll' }).click()
    await reader.locator('#notices', { hasText: 'Milk?' }).waitFor()
    await write(moderator, '/endpoll')
    await reader.locator('.note', { hasText: 'Milk? Yes: 0, No: 0' }).waitFor()
    await write(author, 'buy skinz now')
    await line(reader, 'buy skinz now').waitFor()
    const nuke = desk.getByRole('form', { name: 'Delete all that says something' })
    await nuke.getByLabel('What it says').fill('SKINZ')
    await until(async () => {
      await nuke.getByRole('button', { name: 'See what it would delete' }).click()
      return (await nuke.locator('li', { hasText: 'buy skinz now' }).count()) === 1
    })
    await nuke.getByRole('button', { name: 'Delete it', exact: true }).click()
    await line(reader, 'buy skinz now').waitFor({ state: 'detached' })
    await author.locator('#hint.warn', { hasText: 'timed out' }).waitFor()
    await part('Blocked words').getByText('skinz').waitFor({ state: 'attached' })
    await nuke.getByRole('button', { name: 'Take it back' }).click()
    await line(reader, 'buy skinz now').waitFor()
    await canWrite()
    await part('Blocked words').getByText('Nothing waits to be decided.').waitFor({ state: 'attached' })
    await nuke.getByLabel('What it says').fill('sk[i1]nz? now$')
    await nuke.getByLabel('As a pattern').check()
    await nuke.getByRole('button', { name: 'See what it would delete' }).click()
    await nuke.locator('li', { hasText: 'buy skinz now' }).waitFor()
    await write(moderator, '/nuke /sk[i1]nz? now$/')
    await line(reader, 'buy skinz now').waitFor({ state: 'detached' })
    await part('Blocked words').locator('code', { hasText: '/sk[i1]nz? now$/' }).waitFor({ state: 'attached' })
    await write(moderator, '/unnuke')
    await line(reader, 'buy skinz now').waitFor()
    await canWrite()
    await part('Blocked words').getByText('Nothing waits to be decided.').waitFor({ state: 'attached' })
    await until(async () => (await moderator.locator('#moderation-count').textContent()) === '')
    await part('The channel').locator('summary').click()
  })
}
