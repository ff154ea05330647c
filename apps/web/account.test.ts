import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, describe, type TestContext, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import decodeQr from 'qr/decode.js'
import { outboxOf } from '#apps/http-edge/outbox.fixtures.ts'
import { startWhole, type WholeWhiply } from '#apps/realtime-edge/whole.fixtures.ts'
import { stepAt, totpCode } from '#libs/identity/factors/totp.ts'
import { openPostgres } from '#libs/postgres/open.ts'
import { unzip } from '#libs/testing/unzip.ts'
import { type HeldAnswers, heldAnswers } from './held-answers.fixtures.ts'
import { startBrowser, visit } from './web.fixtures.ts'

const password = 'correct horse battery'

/** An authenticator within the browser that says yes to everything, as a phone does whose owner does. */
const withAuthenticator = async (page: Page): Promise<void> => {
  const cdp = await page.context().newCDPSession(page)
  await cdp.send('WebAuthn.enable')
  await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** The app's code of now, or of a step before or after, by the secret as it is typed. */
const codeOf = (base32: string, later: number): string => {
  const bits = [...base32].map((letter) => alphabet.indexOf(letter).toString(2).padStart(5, '0')).join('')
  const secret = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)))
  return totpCode(secret, stepAt(Date.now()) + later)
}

/** What a camera reads of a QR code as the page has drawn it. */
const readQr = async (page: Page): Promise<string> => {
  const [path = '', box = ''] = await page
    .locator('#totp-picture')
    .evaluate((svg) => [svg.querySelector('path')?.getAttribute('d'), svg.getAttribute('viewBox')].map(String))
  const modules = Number(box.split(' ')[3])
  const scale = 4
  const size = modules * scale
  const data = new Uint8Array(size * size * 4).fill(255)
  for (const [, x, y] of path.matchAll(/M(\d+) (\d+)h/g))
    for (let row = 0; row < scale; row++)
      for (let column = 0; column < scale; column++) {
        const at = ((Number(y) * scale + row) * size + Number(x) * scale + column) * 4
        data.fill(0, at, at + 3)
      }
  return String(decodeQr({ width: size, height: size, data }, { timeLimit: 10_000 }))
}

/** Somebody at the page, and the dialogs they use. */
const atThePage = async (browser: Browser, whiply: WholeWhiply, handle: string) => {
  const { page, complaints } = await visit(browser, whiply.url)
  await withAuthenticator(page)
  const button = (name: string) => page.getByRole('button', { name, exact: true })
  const enter = page.locator('#enter')
  const isIn = () => page.locator('#me', { hasText: handle }).waitFor()
  const givePassword = async () => {
    await enter.getByLabel('Name').fill(handle)
    await enter.getByLabel('Password').fill(password)
    await page.locator('#enter-submit').click()
  }
  return {
    page,
    complaints,
    button,
    isIn,
    givePassword,
    problem: (id: string, words: string) => page.locator(`#${id}-problem`, { hasText: words }).waitFor(),
    passkey: (name: string) => page.locator('#passkeys li', { hasText: name }),
    register: async () => {
      await button('Log in').click()
      await button('New here? Register').click()
      await givePassword()
      await isIn()
    },
    openFactors: async () => {
      await page.locator('#me').click()
      await page.getByRole('heading', { name: 'How you log in' }).waitFor()
    },
    closeFactors: () => page.locator('#factors .close button').click(),
    /** Logs out, and opens the dialog for the next login. */
    logOut: async () => {
      await button('Log out').click()
      await button('Log in').click()
    },
    /** As if everybody had logged in so long ago; the page hears of it with its next token. */
    letPass: async (minutes: number) => {
      const sql = openPostgres(whiply.config.databaseUrl, { max: 1 })
      await sql`update vault.sessions set authenticated_at = authenticated_at - ${`${minutes} minutes`}::interval`
      await sql.end()
      await page.reload()
      await isIn()
    },
  }
}

describe('how people log in, in a browser', { timeout: 480_000 }, () => {
  const cleaners: (() => unknown)[] = []
  const t = { after: (clean: () => unknown) => void cleaners.unshift(clean) } as Pick<TestContext, 'after'>
  let whiply: WholeWhiply
  let answers: HeldAnswers
  let browser: Browser
  before(async () => {
    answers = await heldAnswers(t, () => whiply.config.httpPort)
    whiply = { ...(await startWhole(t, { PUBLIC_URL: answers.url })), url: answers.url }
    browser = await startBrowser(t)
  })
  after(async () => {
    for (const clean of cleaners) await clean()
  })

  /** Neither the content policy nor a script may have complained; that the server refused something is part of it. */
  const assertQuiet = (complaints: readonly string[]): void =>
    assert.deepEqual(
      complaints.filter((text) => !/status of 4(0[0-9]|10)|WebSocket/.test(text)),
      [],
    )

  test('passkeys are made, named and removed, and are enough to log in with', async () => {
    const ada = await atThePage(browser, whiply, 'Ada')
    const { page, button, problem, passkey, openFactors, closeFactors, logOut, isIn } = ada
    const addPasskey = async (name: string) => {
      await page.getByLabel('What you call it').fill(name)
      await button('Add a passkey').click()
    }
    await ada.register()
    await openFactors()
    await page.locator('#password-state', { hasText: 'There is one' }).waitFor()
    assert.equal(await page.locator('#password-remove').isHidden(), true, 'there is nothing else to log in with')
    await addPasskey('my key')
    await passkey('my key').waitFor()
    await addPasskey('the same once more')
    await problem('factors', 'has a passkey of your account already')
    assert.equal(await page.locator('#passkeys li').count(), 1)
    await closeFactors()

    await logOut()
    await button('Use a passkey').click()
    await isIn()
    await openFactors()
    await passkey('used last').waitFor()
    await button('Rename my key').click()
    await page.getByLabel('New name of my key').fill('my phone')
    await page.locator('#passkeys button[type=submit]').click()
    await passkey('my phone').waitFor()
    await button('Remove the password').click()
    await page.locator('#password-state', { hasText: 'There is none' }).waitFor()
    await button('Remove my phone').click()
    await problem('factors', 'log in')
    await closeFactors()

    await logOut()
    await ada.givePassword()
    await problem('enter', 'wrong')
    await button('Use a passkey').click()
    await isIn()
    await openFactors()
    await page.getByRole('textbox', { name: 'A password' }).fill(password)
    await button('Set the password').click()
    await page.locator('#password-state', { hasText: 'There is one' }).waitFor()
    await closeFactors()

    await ada.letPass(11)
    await openFactors()
    await button('Remove my phone').click()
    await page.locator('#again-passkey').click()
    await passkey('my phone').waitFor({ state: 'detached' })
    await closeFactors()
    await logOut()
    await button('Use a passkey').click()
    await problem('enter', 'not known here')
    await ada.givePassword()
    await isIn()
    assertQuiet(ada.complaints)
  })

  test('all that is kept about somebody is downloaded as a file', async () => {
    const eve = await atThePage(browser, whiply, 'Eve')
    await eve.register()
    await eve.openFactors()
    const downloading = eve.page.waitForEvent('download')
    await eve.button('Download your data').click()
    const download = await downloading
    assert.equal(download.suggestedFilename(), 'my-data.zip')
    const files = unzip(readFileSync(await download.path()))
    assert.equal(JSON.parse(`${files.get('account.json')}`)[0].handle, 'Eve')
    await eve.button('Download your data').click()
    await eve.problem('factors', 'not long ago')
    assert.deepEqual(
      eve.complaints.filter((text) => !/status of 429|status of 401|WebSocket/.test(text)),
      [],
    )
  })

  test('codes of an app are set up by a picture or by typing, and a login by password asks for one', async () => {
    const bob = await atThePage(browser, whiply, 'Bob')
    const { page, button, problem, openFactors, closeFactors, logOut, isIn } = bob
    const shownCodes = async () => {
      await page.locator('#codes-list:visible li').first().waitFor()
      return page.locator('#codes-list li').allTextContents()
    }
    const confirm = async (code: string) => {
      await page.locator('#totp-form').getByLabel('The code').fill(code)
      await button('Confirm').click()
    }
    const giveCode = async (code: string) => {
      await page.locator('#code-form').getByLabel('Code').fill(code)
      await page.locator('#code-form').getByRole('button', { name: 'Go on' }).click()
    }
    await bob.register()
    await openFactors()
    await button('Set up an app').click()
    await page.locator('#totp-picture path').waitFor({ state: 'attached' })
    const secret = await page.locator('#totp-secret').inputValue()
    const uri = await readQr(page)
    assert.equal(uri, await page.locator('#totp-link').getAttribute('href'))
    assert.equal(new URL(uri).searchParams.get('secret'), secret)
    await confirm('000000')
    await problem('factors', 'code')
    await confirm(codeOf(secret, 0))
    const recoveryCodes = await shownCodes()
    assert.equal(recoveryCodes.length, 10)
    await closeFactors()
    await openFactors()
    await page.locator('#codes-left', { hasText: '10 are left' }).waitFor()
    assert.deepEqual(await page.locator('#codes-list li').allTextContents(), [], 'they are shown once')
    await closeFactors()

    await logOut()
    await bob.givePassword()
    await giveCode('no code of ours')
    await problem('code', 'wrong')
    await giveCode(codeOf(secret, 1))
    await isIn()
    await logOut()
    await bob.givePassword()
    await giveCode(recoveryCodes[0] ?? '')
    await isIn()

    // Who logged in a while ago is asked once more, and then what was wished for is done.
    const again = page.locator('#again')
    const show = async (given: string) => {
      await again.getByLabel('Password').fill(given)
      await again.getByLabel('Code').fill(recoveryCodes[1] ?? '')
      await again.getByRole('button', { name: 'Go on' }).click()
    }
    await bob.letPass(11)
    await openFactors()
    await page.locator('#codes-left', { hasText: '9 are left' }).waitFor()
    await button('New recovery codes').click()
    await again.locator('.close button').click()
    await problem('factors', 'It was not done')
    await button('New recovery codes').click()
    await show('not the password')
    await problem('again', 'wrong')
    await show(password)
    const next = await shownCodes()
    assert.ok(next.every((code) => !recoveryCodes.includes(code)))
    assert.equal(await again.isVisible(), false)
    await button('Ask for no codes').click()
    await page.locator('#totp-state', { hasText: 'nothing besides' }).waitFor()
    assert.equal(await again.isVisible(), false, 'for ten minutes that is enough')
    assertQuiet(bob.complaints)
  })

  test('a tab that renews the session while another shows who they are waits for the cookie that comes', async () => {
    const dan = await atThePage(browser, whiply, 'Dan')
    await dan.register()
    await dan.letPass(11)
    const other = await dan.page.context().newPage()
    await other.goto(whiply.url)
    const otherIsIn = () => other.locator('#me', { hasText: 'Dan' }).waitFor()
    await otherIsIn()

    await dan.openFactors()
    await dan.button('Set up an app').click()
    const again = dan.page.locator('#again')
    await again.getByLabel('Password').fill(password)
    const given = answers.hold('/v1/accounts/me/authentication')
    await again.getByRole('button', { name: 'Go on' }).click()
    const letGo = await given
    const renewed = other.waitForResponse('**/v1/tokens')
    await other.reload({ waitUntil: 'commit' })
    await Promise.race([
      renewed,
      other.waitForFunction(async () => {
        const { pending = [] } = await navigator.locks.query()
        return pending.some(({ name }) => name === 'whiply.renewal')
      }),
    ])
    letGo()
    assert.equal((await renewed).status(), 201)
    await otherIsIn()
    await dan.page.locator('#totp-picture path').waitFor({ state: 'attached' })
    await dan.page.reload()
    await dan.isIn()
    assertQuiet(dan.complaints)
  })

  test('the links of mails lead to what they are for', async () => {
    const outbox = outboxOf(whiply.config.data)
    const email = 'cleo@example.org'
    const ask = (path: string, body: object) =>
      fetch(`${whiply.url}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
    const linkIn = (mail: string) => /http\S+#[a-z-]+=\S{43}/.exec(mail)?.[0] ?? assert.fail(mail)
    const { page, complaints } = await visit(browser, whiply.url)
    const follow = async (mail: string) => {
      await page.goto('about:blank')
      await page.goto(linkIn(mail))
      await page.locator('#link').getByRole('button', { name: 'Go on' }).waitFor()
      assert.equal(new URL(page.url()).hash, '', 'the secret is nowhere to be seen')
    }
    const says = (words: string) => page.locator('#link-words', { hasText: words }).waitFor()
    const goOn = () => page.locator('#link').getByRole('button', { name: 'Go on' }).click()

    assert.equal((await ask('/v1/accounts', { handle: 'Cleo', password, email })).status, 201)
    const confirmation = await outbox.last(email, 1)
    await follow(confirmation)
    await goOn()
    await says('Your address is confirmed')
    await follow(confirmation)
    await goOn()
    await page.locator('#link-problem', { hasText: 'not good any more' }).waitFor()

    assert.equal((await ask('/v1/password-resets', { handle: 'Cleo' })).status, 202)
    await follow(await outbox.last(email, 2))
    await page.locator('#link').getByLabel('The new password').fill('a horse that is greener')
    await goOn()
    await says('Log in with it')
    await page.locator('#link .close button').click()
    await page.locator('#log-in').click()
    await page.locator('#enter').getByLabel('Name').fill('Cleo')
    await page.locator('#enter').getByLabel('Password').fill('a horse that is greener')
    await page.locator('#enter-submit').click()
    await page.locator('#me', { hasText: 'Cleo' }).waitFor()
    assertQuiet(complaints)
  })
})
