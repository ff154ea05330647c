import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { picture } from '#libs/images/images.fixtures.ts'
import { until } from '#libs/testing/until.ts'
import { moderateFromTheDesk } from './desk.fixtures.ts'
import { visit } from './web.fixtures.ts'

/** A room on a platform with its page, in which a report waits. */
export type Community = {
  readonly url: string
  readonly browser: Browser
  /** The handle of who administers it, and the password of everybody. */
  readonly admin: string
  readonly password: string
  /** The address of the channel's routes. */
  readonly lobby: string
  /** Does something in the channel as the administrator. */
  readonly act: (asked: unknown) => Promise<{ readonly position: string }>
  readonly addEmote: (name: string, image: Uint8Array) => Promise<unknown>
  readonly register: (handle: string) => Promise<{ readonly id: string }>
}

/** A line by its own words, whatever it quotes. */
const line = (page: Page, text: string) =>
  page.locator('#lines .line:not(.pending)', { has: page.locator('.words', { hasText: text }) })

const write = async (page: Page, text: string): Promise<void> => {
  await page.locator('#text:enabled').fill(text)
  await page.locator('#text').press('Enter')
}

/** Opens the menu of a line and chooses. */
const choose = async (page: Page, text: string, entry: string): Promise<void> => {
  await line(page, text).hover()
  await line(page, text).locator('.tools').click()
  await page.getByRole('button', { name: entry, exact: true }).click()
}

/** What viewers and moderators do to one another on the page; a test of its own, on a platform that runs already. */
export const liveTogether = async (t: TestContext, community: Community): Promise<void> => {
  const { url, browser, admin, password, lobby, act, addEmote, register } = community
  const cleo = await register('cleo')
  await register('dan')
  const png = await picture('png')
  for (const name of ['teaTime', 'teaSpill']) await addEmote(name, png)
  const cup = (name: string) => ({ name, mimeType: 'image/png', buffer: png })

  const enter = async (handle: string) => {
    const visitor = await visit(browser, url)
    const { page } = visitor
    await page.getByRole('button', { name: 'Log in' }).click()
    await page.getByLabel('Name').fill(handle)
    await page.locator('#enter').getByLabel('Password').fill(password)
    await page.locator('#enter-submit').click()
    await page.locator('#text:enabled').waitFor()
    return visitor
  }
  const visitors = [await enter(admin), await enter('cleo'), await enter('dan')] as const
  const [moderator, author, reader] = [visitors[0].page, visitors[1].page, visitors[2].page]
  const desk = moderator.locator('#moderation')
  const press = (name: string) => desk.getByRole('button', { name, exact: true }).click()

  await t.test('an answer stands below a quote, which goes when what it quotes is deleted', async () => {
    await write(author, 'tea, ||with milk||?')
    await line(reader, 'tea,').hover()
    await reader.getByRole('button', { name: 'Reply to the message of cleo' }).click()
    await reader.locator('#answering', { hasText: 'Answering cleo: tea, (spoiler)?' }).waitFor()
    await write(reader, 'yes please')
    await reader.locator('#answering').waitFor({ state: 'hidden' })
    await line(author, 'yes please').locator('.quote', { hasText: 'cleo tea, (spoiler)?' }).waitFor()
    await author.locator('#lines .line.for-me', { hasText: 'yes please' }).waitFor()
    await line(author, 'yes please').locator('.quote').click()
    await author.locator('.sought', { hasText: 'with milk' }).or(author.locator('.sought .spoiler')).waitFor()
    await choose(author, 'tea,', 'Delete message')
    await line(reader, 'yes please').locator('.quote', { hasText: 'not there any more' }).waitFor()
    await choose(reader, 'yes please', 'Reply')
    await reader.locator('#text:focus').press('Escape')
    await reader.locator('#answering').waitFor({ state: 'hidden' })
  })

  await t.test('a quote leads to what it quotes, however far back that is', async () => {
    for (const words of ['the first of many', 'two', 'three', 'four', 'five']) {
      await write(author, words)
      await line(reader, words).waitFor()
    }
    await choose(reader, 'the first of many', 'Reply')
    await write(reader, 'so it was')
    /** The page as it is where more was said since. */
    const lateWith = async (far: string) => {
      const { page } = await visit(browser, url, (page) =>
        page.route(/\/(live|history)\.js$/, async (route) => {
          const response = await route.fetch()
          const script = await response.text()
          const body = script.replace(/FIRST_LINES = \d+/, 'FIRST_LINES = 2').replace(/FAR = \d+/, `FAR = ${far}`)
          await route.fulfill({ response, body })
        }),
      )
      await line(page, 'so it was').waitFor()
      assert.equal(await line(page, 'the first of many').count(), 0)
      await line(page, 'so it was').locator('.quote', { hasText: 'the first of many' }).click()
      return page
    }
    const read = await lateWith('2000')
    await read.locator('#lines .sought', { hasText: 'the first of many' }).waitFor()
    assert.equal(await line(read, 'three').count(), 1)
    const apart = await lateWith('0')
    await apart.locator('#then-lines .sought', { hasText: 'the first of many' }).waitFor()
    await apart.locator('#then-lines .line', { hasText: 'three' }).waitFor()
    assert.equal(await line(apart, 'three').count(), 0)
    await apart.locator('#then').getByRole('button', { name: 'Close' }).click()
    for (const page of [read, apart]) await page.context().close()
  })

  await t.test('moderators switch the modes of the room, and others have no desk', async () => {
    assert.equal(await reader.locator('#moderation-open').isHidden(), true)
    await moderator.getByRole('button', { name: 'Moderate' }).click()
    await desk.getByRole('switch', { name: 'Slow mode' }).check()
    await reader.locator('#hint', { hasText: 'Slow mode: one message every 10 s.' }).waitFor()
    await desk.getByLabel('seconds between two messages').fill('20')
    await desk.getByLabel('seconds between two messages').press('Enter')
    await reader.locator('#hint', { hasText: 'every 20 s.' }).waitFor()
    await act({ kind: 'set-mode', mode: 'slow', value: null })
    await until(async () => !(await desk.getByRole('switch', { name: 'Slow mode' }).isChecked()))
  })

  await t.test('a report is dismissed', async () => {
    await moderator.locator('#moderation-count', { hasText: '1' }).waitFor()
    await press('Dismiss')
    await desk.getByText('No report waits.').waitFor()
    assert.equal(await moderator.locator('#moderation-count').textContent(), '')
  })

  await t.test('held messages are let through or not', async () => {
    await act({ kind: 'mark', member: cleo.id, mark: 'low_trust' })
    for (const words of ['let me in', 'buy watches']) {
      await write(author, words)
      await author.locator('.held', { hasText: `${words}It waits for a moderator: all that you write here` }).waitFor()
    }
    await moderator.locator('#moderation-count', { hasText: '2' }).waitFor()
    const waiting = (words: string) => desk.locator('li', { hasText: words })
    await waiting('let me in').getByRole('button', { name: 'Approve' }).click()
    await line(reader, 'let me in').waitFor()
    await waiting('buy watches').getByRole('button', { name: 'Reject' }).click()
    await author.locator('.rejected', { hasText: 'The moderators did not let it through.' }).waitFor()
    await desk.getByText('No message waits.').waitFor()
    assert.equal(await line(reader, 'buy watches').count(), 0)
  })

  await t.test('a report is taken on, and what is done about it closes it', async () => {
    await choose(reader, 'let me in', 'Report as spam')
    await desk.locator('.evidence .named', { hasText: 'cleo: let me in' }).waitFor()
    await desk.getByText('Reported by dan').waitFor()
    await press('Take on')
    await desk.getByText('Taken on by').waitFor()
    await press('Ban')
    await desk.getByText('No report waits.').waitFor()
    await author.locator('#hint', { hasText: 'You are banned here.' }).waitFor()
  })

  await t.test('who is banned appeals, also after they came back, is answered, and let in again', async () => {
    await author.reload()
    await author.getByRole('button', { name: 'Appeal' }).click()
    await author.getByLabel('What they should know').fill('It was a quote')
    await author.locator('#appeal-form [type=submit]').click()
    await author.locator('.note', { hasText: 'Your appeal waits for the moderators.' }).waitFor()
    await desk.locator('summary', { hasText: 'Appeals 1' }).click()
    await desk.getByLabel('Why: they read it').fill('of an advertisement')
    await press('Answer')
    await author.locator('.note', { hasText: 'it stays as it is. of an advertisement' }).waitFor()
    await desk.locator('summary', { hasText: 'Banned and timed out' }).click()
    await desk.locator('li', { hasText: 'cleo banned' }).getByRole('button').click()
    await author.locator('#text:enabled').waitFor()
    await desk.getByText('Everybody may write.').waitFor()
    await act({ kind: 'time-out', member: cleo.id, durationMs: 600_000 })
    await desk.locator('li', { hasText: 'cleo timed out until' }).getByRole('button').click()
    await author.locator('#text:enabled').waitFor()
    await act({ kind: 'unmark', member: cleo.id, mark: 'low_trust' })
  })

  await t.test('the desk is closed by the keyboard, and the focus is where it came from', async () => {
    await desk.getByRole('switch', { name: 'Emotes only' }).press('Escape')
    await moderator.locator('#moderation-open:focus').waitFor()
    assert.equal(await desk.isHidden(), true)
  })

  await t.test('emotes are picked, and taken as one writes', async () => {
    await reader.getByRole('button', { name: 'Emotes' }).click()
    await reader.getByRole('searchbox', { name: 'Look for an emote' }).fill('spill')
    await until(async () => (await reader.locator('#emotes-found button').count()) === 1)
    await reader.getByRole('button', { name: 'teaSpill' }).click()
    await reader.locator('#text:focus').pressSequentially('and :tea')
    await reader.getByRole('option', { name: 'teaTime' }).waitFor()
    await reader.locator('#text').press('ArrowDown')
    await reader.locator('#text').press('Enter')
    assert.match(await reader.locator('#text').inputValue(), /^teaSpill and tea(Time|Spill) $/)
    await reader.locator('#text').press('Enter')
    await until(async () => (await line(author, 'and').locator('img.emote').count()) === 2)
  })

  await t.test('how an emote is to look is chosen with it', async () => {
    await reader.getByRole('button', { name: 'Emotes' }).click()
    const looks = reader.getByRole('group', { name: 'How it looks' })
    for (const look of ['mirror', 'wide', 'gray', 'gray', 'blur', 'spin', 'dark'])
      await looks.getByRole('button', { name: look, exact: true }).click()
    assert.equal(await looks.getByRole('button', { name: 'invert' }).isDisabled(), true, 'five at most')
    await reader.locator('#emotes-found .emote-mirror').first().waitFor()
    await reader.getByRole('button', { name: 'teaSpill' }).click()
    assert.equal(await reader.locator('#text').inputValue(), 'teaSpill:mirror:wide:blur:spin:dark ')
    await reader.locator('#text').press('Enter')
    await author.locator('#lines img.emote.emote-wide.emote-dark').waitFor()
  })

  await t.test('pictures go with a message where the channel takes them', async () => {
    assert.equal(await author.locator('#attach').isHidden(), true)
    const { position } = await act({ kind: 'set-mode', mode: 'attachments', value: 1 })
    await fetch(`${url}${lobby}?min-position=${position}`)
    await author.getByRole('button', { name: 'Add a picture' }).waitFor()
    await author.locator('#attach-files').setInputFiles({ ...cup('none.png'), buffer: Buffer.from('not a picture') })
    await author.locator('#hint', { hasText: 'no picture that can be shown' }).waitFor()
    await author.locator('#attach-files').setInputFiles([cup('cup.png'), cup('pot.png')])
    await author.getByRole('button', { name: 'Leave out pot.png' }).click()
    await until(async () => (await author.locator('#attached li:not(.coming)').count()) === 1)
    await write(author, 'my cup')
    await line(reader, 'my cup').locator('.attachment img').waitFor()
    assert.equal(await author.locator('#attached').isHidden(), true)
  })

  await t.test('a picture needs no words, and waits for a moderator who is shown it', async () => {
    await act({ kind: 'mark', member: cleo.id, mark: 'low_trust' })
    await author.locator('#attach-files').setInputFiles(cup('plate.png'))
    await until(async () => (await author.locator('#attached li:not(.coming)').count()) === 1)
    await write(author, '')
    await author.locator('.held', { hasText: '(picture)It waits for a moderator: all that' }).waitFor()
    await moderator.getByRole('button', { name: 'Moderate' }).click()
    const waiting = 'document.querySelector(\'#moderation img[alt="Picture 1 that waits"]\')?.naturalWidth ?? 0'
    await until(async () => Number(await moderator.evaluate(waiting)) > 0)
    await press('Approve the message of cleo')
    await reader.locator('#lines .line', { hasText: 'cleo' }).last().locator('.attachment img').waitFor()
    await reader.locator('#lines .line').last().hover()
    await reader.locator('#lines .line').last().getByRole('button', { name: 'Reply' }).click()
    await reader.locator('#answering', { hasText: 'Answering cleo: (picture)' }).waitFor()
    await reader.locator('#text:focus').press('Escape')
    await act({ kind: 'unmark', member: cleo.id, mark: 'low_trust' })
    await moderator.locator('#moderation').press('Escape')
  })

  await t.test('whispers are sent, counted where they are unread, read and answered', async () => {
    await choose(reader, 'my cup', 'Whisper')
    await reader.locator('#whispers-text').fill('nice cup')
    await reader.locator('#whispers-text').press('Enter')
    await reader.locator('#whispers-said .mine', { hasText: 'nice cup' }).waitFor()
    await author.locator('#whispers-count', { hasText: '1' }).waitFor()
    await author.reload()
    await author.locator('#whispers-count', { hasText: '1' }).waitFor()
    await author.getByRole('button', { name: 'Whispers 1' }).click()
    await author.getByRole('button', { name: 'dan, 1 unread' }).click()
    await author.locator('#whispers-said', { hasText: 'nice cup' }).waitFor()
    await until(async () => (await author.locator('#whispers-count').textContent()) === '')
    await author.locator('#whispers-text').fill('it was a gift')
    await author.locator('#whispers-text').press('Enter')
    await reader.locator('#whispers-said li:not(.mine)', { hasText: 'it was a gift' }).waitFor()
    assert.equal(await author.locator('#whispers-said .mine').count(), 1)
    await author.getByRole('button', { name: 'To all whispers' }).click()
    await author.locator('#whispers-list', { hasText: 'it was a gift' }).waitFor()
  })

  await t.test('whispers begin with a handle, where they are wanted', async () => {
    await author.getByLabel('Whisper to', { exact: true }).fill('@Dan')
    await author.locator('#whispers-find [type=submit]').click()
    await author.locator('#whispers-said', { hasText: 'it was a gift' }).waitFor()
    await author.getByRole('button', { name: 'To all whispers' }).click()
    for (const [handle, words] of [
      ['cleo', 'That is you.'],
      ['nobody_here', 'There is nobody'],
    ] as const) {
      await author.getByLabel('Whisper to', { exact: true }).fill(handle)
      await author.locator('#whispers-find [type=submit]').click()
      await author.locator('#whispers-problem', { hasText: words }).waitFor()
    }
  })

  await t.test('of who is blocked nothing is seen, until they are not', async () => {
    await choose(reader, 'my cup', 'Block')
    await line(reader, 'my cup').waitFor({ state: 'detached' })
    await write(author, 'is anybody there?')
    await line(moderator, 'is anybody there?').waitFor()
    await reader.getByRole('button', { name: 'To all whispers' }).click()
    await reader.locator('summary', { hasText: 'Blocked' }).click()
    await reader.getByRole('button', { name: 'Unblock' }).click()
    await line(reader, 'is anybody there?').waitFor()
    await line(reader, 'my cup').waitFor()
  })

  await t.test('moderators type, look up and change what they do', async (t) => {
    await moderator.getByRole('button', { name: 'Moderate' }).click()
    await moderateFromTheDesk(t, { moderator, author, reader })
  })

  await t.test('nothing was blocked by the content policy, and nothing failed in a script', () => {
    // A line may be there a moment before its pictures can be asked for.
    const expected = /status of 4(04|09|15|22)|attachments\/.*\/thumb/
    assert.deepEqual(
      visitors.flatMap(({ complaints }) => complaints.filter((text) => !expected.test(text))),
      [],
    )
  })
}
