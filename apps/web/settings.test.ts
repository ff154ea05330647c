import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { type TestContext, test } from 'node:test'
import { isDeepStrictEqual } from 'node:util'
import type { Page } from 'playwright-core'
import { call, lobbyOf, password, register } from '#apps/realtime-edge/people.fixtures.ts'
import { startWhole } from '#apps/realtime-edge/whole.fixtures.ts'
import { picture } from '#libs/images/images.fixtures.ts'
import { until } from '#libs/testing/until.ts'
import { logIn } from './log-in.fixtures.ts'
import { startBrowser, type Visitor, visit } from './web.fixtures.ts'

const common = { timeoutMs: 90_500, mode: 'enforced' } as const

/** A filter of every kind, none as it begins with. */
const whole = {
  format: 1,
  exempt: ['broadcaster', 'moderator', 'vip'],
  lists: { 'slurs.en': ['one', 'two words'], extra: ['three'] },
  rules: [
    { id: 'friends', kind: 'terms', verdict: 'allow', terms: ['tea', 'a cup'], lists: ['extra'], match: 'anywhere' },
    {
      ...{ id: 'grades', kind: 'phrases', verdict: 'hold', phrases: [{ text: 'mild one', severity: 1 }] },
      ...{ lists: [{ list: 'slurs.en', severity: 3 }], verdicts: { 3: 'time_out' }, exempt: ['broadcaster'] },
    },
    { id: 'patterns', kind: 'patterns', patterns: ['free\\s+coins'], caseSensitive: true, mode: 'shadow' },
    { id: 'places', kind: 'links', domains: ['example.org'], listed: 'forbidden', obfuscated: false },
    { id: 'caps', kind: 'caps', minLetters: 20, share: 0.29 },
    { id: 'repeats', kind: 'repeats', character: 30, word: 9 },
    {
      id: 'copies',
      kind: 'similarity',
      scope: 'author',
      withinMs: 1_500,
      resemblance: 0.57,
      messages: 3,
      minLength: 30,
    },
    { id: 'flood', kind: 'flood', verdict: 'time_out', messages: 90, withinMs: 7_000 },
    { id: 'mentions', kind: 'mentions', most: 4 },
    { id: 'art', kind: 'ascii_art', minLength: 60, share: 0.7 },
    { id: 'zalgo', kind: 'zalgo', marks: 4 },
    { id: 'new', kind: 'new_account', youngerThanMs: 5_400_001, only: 'mentions', unknownAge: 'new' },
    { id: 'model', kind: 'classifier', label: 'toxic', score: 0.85, unavailable: 'hold' },
  ].map((rule) => ({ ...common, ...rule })),
}

const write = async (page: Page, text: string): Promise<void> => {
  await page.locator('#text:enabled').fill(text)
  await page.locator('#text').press('Enter')
}

/** The owner of a channel, and two who come to it, at a page each. */
const setUp = async (t: TestContext) => {
  const whiply = await startWhole(t)
  const { url, admin } = whiply
  const answered = async (method: string, path: string, asked: Parameters<typeof call>[3]) => {
    const answer = await call(url, method, path, asked)
    assert.ok(answer.status < 300, `${method} ${path}: ${answer.status} ${answer.text}`)
    return answer.body
  }
  const first = await answered('POST', '/v1/sessions', { body: admin })
  const change = { oldPassword: admin.password, newPassword: password }
  const changed = await answered('PUT', '/v1/accounts/me/password', { body: change, token: first.accessToken })
  /** As the owner, or whose token it is. */
  const ask = (method: string, path: string, body?: unknown, token: string = changed.accessToken) =>
    answered(method, path, { token, ...(body !== undefined && { body }) })
  const lobby = `/v1/channels/${await lobbyOf(url)}`
  for (const handle of ['cleo', 'dan']) await register(url, { handle })
  await ask('POST', `${lobby}/emotes?name=teaTime`, await picture('png'))

  const browser = await startBrowser(t)
  const visitors: Visitor[] = []
  for (const handle of [admin.handle, 'cleo', 'dan']) {
    const visitor = await visit(browser, url)
    await logIn(visitor.page, handle)
    await visitor.page.locator('#text:enabled').waitFor()
    visitors.push(visitor)
  }
  const [owner, author, reader] = visitors.map(({ page }) => page) as [Page, Page, Page]
  const complaints = () => visitors.flatMap((visitor) => visitor.complaints)
  return { url, ask, lobby, owner, author, reader, complaints }
}

test('who runs a channel says on the page how it goes about things', { timeout: 480_000 }, async (t) => {
  const { url, ask, lobby, owner, author, reader, complaints } = await setUp(t)
  const dialog = owner.locator('#settings')
  const open = (page: Page) => page.getByRole('button', { name: 'Channel settings' }).click()
  const section = (name: string) => dialog.getByRole('navigation').getByRole('button', { name, exact: true }).click()
  const button = (name: string) => dialog.getByRole('button', { name, exact: true })
  const text = (words: string | RegExp) => dialog.getByText(words).waitFor()
  const rules = dialog.locator('.rule')
  const answer = (name: string) => owner.getByRole('alertdialog').getByRole('button', { name, exact: true }).click()

  await t.test('what is wrong with a filter is said where it is, and what is saved counts', async () => {
    await owner.getByRole('button', { name: 'Moderate' }).click()
    await open(owner)
    await text('There are no filters yet: every message goes through.')
    assert.equal(await button('Save').isDisabled(), true)
    await button('Begin with what suits most channels').click()
    assert.equal(await rules.count(), 5)
    await dialog.getByLabel('Kind of the new filter').selectOption('patterns')
    await button('Add a filter').click()
    const patterns = rules.last().getByRole('textbox', { name: 'Patterns' })
    await patterns.fill('coins\nfree (skins')
    await button('Save').click()
    await text(/“free \(skins”: .*missing closing/)
    assert.equal(await patterns.getAttribute('aria-invalid'), 'true')
    await patterns.and(dialog.locator(':focus')).fill('free\\s+skins')
    await rules.last().getByLabel('Its name in the log').fill('Not Like This')
    await button('Save').click()
    await text('Something is missing, or out of bounds')
    await rules.last().getByLabel('Its name in the log').fill('skins')
    await rules.last().getByRole('button', { name: 'Move up' }).click()
    await button('Save').click()
    await text('Saved: it counts from now on.')
    await write(author, 'get FREE  skins')
    await author
      .locator('.rejected .reason', {
        hasText: 'A filter of this channel does not let it through: it is like what is not',
      })
      .waitFor()
    const { policy } = await ask('GET', `${lobby}/policy`)
    assert.equal(policy.rules.at(-2).id, 'skins')
  })

  await t.test('who saves over what somebody else has changed is told, and looks again', async () => {
    await rules.first().locator('summary').click()
    await rules.first().getByLabel('More messages than').fill('12')
    const { position } = await ask('PUT', `${lobby}/policy`, { policy: whole })
    await button('Save').click()
    await text('Somebody else has changed it since you looked: look again.')
    assert.equal(await rules.first().getByLabel('More messages than').inputValue(), '12')
    await button('Drop my changes').click()
    await text('This is what stands now.')
    assert.equal(await rules.count(), whole.rules.length)
    const before = await ask('GET', `${lobby}/policy?min-position=${position}`)
    await rules.nth(8).locator('summary').click()
    await rules.nth(8).getByLabel('More than').fill('6')
    await button('Save').click()
    await text('Saved: it counts from now on.')
    const after = await ask('GET', `${lobby}/policy`)
    before.policy.rules[8].most = 6
    assert.deepEqual(after.policy, before.policy, 'nothing but what was changed is another')
    assert.equal(await button('Save').isDisabled(), true)
  })

  await t.test('a policy is tried on what was said before it counts', async () => {
    await write(author, 'a cup of tea')
    await until(async () => (await ask('GET', `${lobby}/messages`)).messages.length > 0)
    await button('Try it on the last week').click()
    await dialog
      .getByRole('region', { name: 'What it would have done' })
      .getByText(/^Of \d+ message/)
      .waitFor()
    await ask('DELETE', `${lobby}/policy`)
  })

  await t.test('bans of another channel wait for a moderator, who decides on some of them', async () => {
    const [eve, mallory, trudy] = [
      await register(url, { handle: 'eve' }),
      await register(url, { handle: 'mallory' }),
      await register(url, { handle: 'trudy' }),
    ]
    const { position } = await ask('POST', '/v1/channels', {}, eve.token)
    await ask('GET', `/v1/channels/${eve.id}?min-position=${position}`)
    const act = (asked: unknown) => ask('POST', `/v1/channels/${eve.id}/acts`, asked, eve.token)
    await act({ kind: 'publish-ban-list', published: true })
    for (const member of [mallory.id, trudy.id]) await act({ kind: 'ban', member })
    await section('Ban lists')
    const follow = dialog.getByRole('form', { name: 'Follow its bans' })
    for (const [name, told] of [
      ['nobody_here', 'There is no channel nobody_here'],
      ['cleo', 'There is no channel cleo'],
      ['eve', 'It is followed from now on; its bans come in a moment.'],
    ] as const) {
      await follow.getByLabel('Name of the channel').fill(name)
      await follow.getByRole('button').click()
      await text(told)
    }
    const waiting = (handle: string) => dialog.getByLabel(`${handle}, banned in eve`)
    await until(async () => {
      if ((await waiting('trudy').count()) === 1) return true
      await section('Emotes')
      await section('Ban lists')
      return false
    })
    await waiting('mallory').check()
    await button('Ban them here').click()
    await text('They are banned here, too.')
    await waiting('trudy').check()
    await button('Leave them be').click()
    await text('They stay here.')
    const banned = async () =>
      (await ask('GET', `${lobby}/marks?mark=ban`)).marks.map(({ memberId }: { memberId: string }) => memberId)
    await until(async () => isDeepStrictEqual(await banned(), [mallory.id]))

    await dialog.locator('summary', { hasText: 'Bans in files' }).click()
    await dialog.getByLabel('Bans to read in').fill('handle,reason\ntrudy,sells skins\nnobody_here,\n')
    await button('See whom it names').click()
    await text('1 account of it is found here.')
    await text('Nobody here goes by: nobody_here.')
    assert.deepEqual(await banned(), [mallory.id])
    await button('Ban it').click()
    await text('1 account banned.')
    await until(async () => (await banned()).includes(trudy.id))
    const download = owner.waitForEvent('download')
    await button('Download the bans of this channel').click()
    assert.match(
      await readFile(await (await download).path(), 'utf8'),
      /^handle,reason.*\r\n(?:.*\r\n)*trudy,sells skins,/,
    )
    await dialog.locator('summary', { hasText: 'Share the bans' }).click()
    await dialog.getByRole('switch', { name: 'Other channels may follow' }).check()
    await text('Channels may follow them from now on.')
  })

  await t.test('emotes are added, renamed and removed, and what is wrong is said beside it', async () => {
    await section('Emotes')
    const form = dialog.getByRole('form', { name: 'Add an emote' })
    const file = { name: 'tea time!.png', mimeType: 'image/png', buffer: await picture('png') }
    await form.getByLabel('Picture').setInputFiles({ ...file, buffer: Buffer.from('not a picture') })
    const name = form.getByLabel('Name')
    assert.equal(await name.inputValue(), 'teatime')
    await button('Add the emote').click()
    await text('That is no picture that can be shown')
    await form.getByLabel('Picture').setInputFiles(file)
    await name.fill('teaTime')
    await button('Add the emote').click()
    await text('There is an emote of that name already.')
    assert.equal(await name.getAttribute('aria-invalid'), 'true')
    await name.fill('teaPot')
    await button('Add the emote').click()
    await text('teaPot can be written from now on.')
    await button('Change teaPot').click()
    const change = dialog.getByRole('form', { name: 'Change teaPot' })
    await change.getByLabel('Name').fill('teaKettle')
    await change.getByLabel('Lowest tier').fill('2')
    await change.getByRole('button', { name: 'Save' }).click()
    await dialog.locator('li', { hasText: 'teaKettle' }).getByText('for subscribers from tier 2 on').waitFor()
    await button('Switch off teaKettle').click()
    await dialog.locator('li', { hasText: 'teaKettle' }).getByText('switched off').waitFor()
    await button('Remove teaKettle').click()
    await answer('Cancel')
    await button('Remove teaKettle').click()
    await answer('Remove it')
    await dialog.locator('li', { hasText: 'teaKettle' }).waitFor({ state: 'detached' })
  })

  await t.test('messages are kept for a shorter time only by who was asked once more', async () => {
    await section('What is kept')
    await text('Now: for ever.')
    const keep = async (days: string) => {
      await dialog.getByLabel('Messages stay', { exact: true }).selectOption('for some time')
      await dialog.getByLabel('For how many days').fill(days)
      await button('Save').click()
    }
    await keep('4000')
    assert.equal(await dialog.getByLabel('For how many days').getAttribute('aria-invalid'), 'true')
    await keep('30')
    await answer('Cancel')
    await text('Now: for ever.')
    await button('Save').click()
    await answer('Delete them, and go on so')
    await text('Now: for 30 days.')
    await keep('60')
    await text('Now: for 60 days.')
  })

  await t.test('what is done to a member is done in all channels of a group', async () => {
    const { channelId, position } = await ask('POST', '/v1/channels', { slug: 'lounge' })
    await ask('GET', `/v1/channels/${channelId}?min-position=${position}`)
    await section('Group')
    const add = dialog.getByRole('form', { name: 'Add to the group' })
    await add.getByLabel('Name of the channel').fill('eve')
    await add.getByRole('button').click()
    await text('A group takes up to 50 other channels of the same broadcaster.')
    await add.getByLabel('Name of the channel').fill('lounge')
    await add.getByRole('button').click()
    await text('lounge belongs to the group from now on.')
    await owner.keyboard.press('Escape')
    await owner.locator('#settings-open:focus').waitFor()

    const card = owner.getByRole('region', { name: 'About a member' })
    await write(author, 'in every channel')
    const said = owner.locator('#lines .line', { hasText: 'in every channel' })
    await said.hover()
    await said.locator('.tools').click()
    await owner.getByRole('button', { name: 'What is known of them' }).click()
    assert.equal(await card.getByLabel('What to do').inputValue(), '0')
    await card.getByLabel('What to do').selectOption({ label: 'Mute in all channels of the group' })
    await card.getByRole('button', { name: 'Do it' }).click()
    await card.getByRole('button', { name: 'Lift: Muted' }).waitFor()
    await until(async () => (await ask('GET', `/v1/channels/${channelId}/marks?mark=mute`)).marks.length === 1)
  })

  await t.test('accounts are said to be one person’s, and not to be', async () => {
    const card = owner.getByRole('region', { name: 'About a member' })
    await card.locator('summary', { hasText: 'Other accounts of theirs' }).click()
    await card.getByLabel('Their other handle').fill('dan')
    await card.getByLabel('What speaks for it').fill('The same words')
    await card.getByRole('button', { name: 'Link', exact: true }).click()
    await card.getByText('cleo and dan: The same words').waitFor()
    await card.getByRole('button', { name: 'Unlink' }).click()
    await card.getByText('cleo and dan: The same words').waitFor({ state: 'detached' })
  })

  await t.test('who only moderates is shown what is theirs, and nothing once they do not any more', async () => {
    const { id } = await ask('GET', '/v1/handles/dan')
    await ask('PUT', `${lobby}/roles/${id}`, { role: 'moderator' })
    await reader.getByRole('button', { name: 'Moderate' }).click()
    await open(reader)
    const sections = reader.locator('#settings').getByRole('navigation').getByRole('button')
    await until(async () => (await sections.count()) > 0)
    assert.deepEqual(await sections.allTextContents(), ['Ban lists'])
    await ask('DELETE', `${lobby}/roles/${id}`)
    await reader.locator('#settings').waitFor({ state: 'hidden' })
    await reader.locator('#moderation-open').waitFor({ state: 'hidden' })
  })
  await t.test('nothing was blocked by the content policy, and nothing failed in a script', () => {
    const expected = /status of 4(03|04|09|12|15|22)/
    assert.deepEqual(
      complaints().filter((words) => !expected.test(words)),
      [],
    )
  })
})
