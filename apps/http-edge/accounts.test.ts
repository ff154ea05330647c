import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { selfServiceRoutes } from '#libs/identity/routes.ts'
import { outboxOf, secretIn } from './outbox.fixtures.ts'
import { type Answer, type LoggedIn, PASSWORD, type Platform, startPlatform } from './platform.fixtures.ts'

const told = ({ status, body }: Answer<object>): string => ('code' in body ? `${status} ${body.code}` : String(status))

const NEW_PASSWORD = 'a horse that is greener'

type Own = { readonly email: string | null; readonly emailVerified: boolean }

describe('accounts on real engines', () => {
  const cleaners: (() => unknown)[] = []
  let platform: Platform
  let outbox: ReturnType<typeof outboxOf>

  before(async () => {
    platform = await startPlatform({ after: (clean) => cleaners.unshift(clean as () => unknown) })
    outbox = outboxOf(platform.config.data)
  })
  after(async () => {
    for (const clean of cleaners) await clean()
  })

  const logIn = async (handle: string, password = PASSWORD) =>
    platform.call<LoggedIn>('POST', '/v1/sessions', { body: { handle, password } })

  const register = async (handle: string, more: object = {}) => {
    const body = { handle, password: PASSWORD, ...more }
    assert.equal(told(await platform.call('POST', '/v1/accounts', { body })), '201')
    return (await logIn(handle)).body.accessToken
  }

  const own = async (token: string) => {
    const { email, emailVerified } = (await platform.call<Own>('GET', '/v1/accounts/me', { token })).body
    return { email, emailVerified }
  }

  const confirm = (secret: string) => platform.call('POST', '/v1/email-confirmations', { body: { secret } })

  test('an address is confirmed by the mail that went to it, once', async () => {
    const token = await register('grace', { email: 'grace@example.org' })
    const first = secretIn(await outbox.last('grace@example.org', 1))
    assert.deepEqual(await own(token), { email: 'grace@example.org', emailVerified: false })
    const again = { token, body: undefined }
    assert.equal(told(await platform.call('POST', '/v1/accounts/me/email/confirmation', again)), '202')
    const second = secretIn(await outbox.last('grace@example.org', 2))
    assert.equal(told(await confirm(first)), '410 identity.link_invalid', 'the later mail takes its place')
    assert.deepEqual((await confirm(second)).body, { state: 'confirmed' })
    assert.equal(told(await confirm(second)), '410 identity.link_invalid')
    assert.deepEqual(await own(token), { email: 'grace@example.org', emailVerified: true })
    assert.equal(told(await platform.call('POST', '/v1/accounts/me/email/confirmation', again)), '202')
    assert.equal(await outbox.count('grace@example.org'), 2, 'nothing is left to confirm')
  })

  test('another address takes its place once both have confirmed', async () => {
    const token = (await logIn('grace')).body.accessToken
    const change = (email: string, password = PASSWORD) =>
      platform.call('PUT', '/v1/accounts/me/email', { token, body: { email, password } })
    assert.equal(told(await change('hopper@example.org', 'not hers at all')), '403 identity.wrong_password')
    assert.equal(told(await change('hopper@example.org')), '202')
    const arrived = secretIn(await outbox.last('hopper@example.org', 1))
    const left = secretIn(await outbox.last('grace@example.org', 3))
    assert.deepEqual((await confirm(arrived)).body, { state: 'other_address' })
    assert.deepEqual(await own(token), { email: 'grace@example.org', emailVerified: true })
    assert.deepEqual((await confirm(left)).body, { state: 'confirmed' })
    assert.deepEqual(await own(token), { email: 'hopper@example.org', emailVerified: true })
  })

  test('an address that was never confirmed is changed by the new one alone', async () => {
    const token = await register('slip', { email: 'wrong@example.org' })
    await outbox.last('wrong@example.org', 1)
    const body = { email: 'right@example.org', password: PASSWORD }
    assert.equal(told(await platform.call('PUT', '/v1/accounts/me/email', { token, body })), '202')
    assert.deepEqual((await confirm(secretIn(await outbox.last('right@example.org', 1)))).body, { state: 'confirmed' })
    assert.equal(await outbox.count('wrong@example.org'), 1)
  })

  const ask = (body: object) => platform.call('POST', '/v1/password-resets', { body })
  const reset = (secret: string, newPassword = NEW_PASSWORD) =>
    platform.call('PUT', '/v1/password-resets', { body: { secret, newPassword } })

  test('a lost password is replaced by a mail, which ends every session', async () => {
    const token = (await logIn('grace')).body.accessToken
    const before = await outbox.count('hopper@example.org')
    assert.equal(told(await ask({ handle: 'GRACE' })), '202')
    const first = secretIn(await outbox.last('hopper@example.org', before + 1))
    assert.equal(told(await ask({ email: 'Hopper@example.org' })), '202')
    const second = secretIn(await outbox.last('hopper@example.org', before + 2))
    assert.equal(told(await reset(second, 'short')), '400 http.invalid_request')
    const both = await Promise.all([reset(second), reset(second, 'another one altogether')])
    assert.deepEqual(both.map(told).toSorted(), ['204', '410 identity.link_invalid'])
    assert.equal(told(await reset(first)), '410 identity.link_invalid', 'one that was sent before is not good either')
    const old = await platform.call('GET', '/v1/accounts/me', { token })
    assert.equal(told(old), '401 identity.token_invalid')
    assert.equal(told(await logIn('grace')), '401 identity.invalid_credentials')
    const winner = both[0]?.status === 204 ? NEW_PASSWORD : 'another one altogether'
    assert.equal(told(await logIn('grace', winner)), '201')
    assert.match(await outbox.last('hopper@example.org', before + 3), /was changed just now/)
  })

  test('who asks for a reset learns nothing of whether there is such an account', async () => {
    const answers = await Promise.all(
      [{ handle: 'nobody_here' }, { email: 'nobody@example.org' }, { handle: 'slip' }].map(ask),
    )
    const seen = answers.map(({ status, body, headers }) => [status, body, headers.get('content-length')])
    assert.deepEqual(seen, [seen[0], seen[0], seen[0]])
    assert.equal(told(await ask({})), '400 http.invalid_request')
    assert.equal(told(await ask({ handle: 'slip', email: 'a@example.org' })), '400 http.invalid_request')
  })

  test('every documented answer of these routes was seen', () => {
    const here = new Set(selfServiceRoutes.map(({ id }) => id))
    const onlyWithoutKafka = / 202$/
    assert.deepEqual(
      platform.unseen().filter((answer) => here.has(answer.split(' ')[0] ?? '') && !onlyWithoutKafka.test(answer)),
      [],
    )
  })
})
