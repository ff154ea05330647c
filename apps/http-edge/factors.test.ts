import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Sql } from 'postgres'
import { softwareAuthenticator } from '#libs/identity/factors/authenticator.fixtures.ts'
import { base32Bytes } from '#libs/identity/factors/base32.fixtures.ts'
import { stepAt, totpCode } from '#libs/identity/factors/totp.ts'
import { identityRoutes, ownFactorRoutes } from '#libs/identity/routes.ts'
import { openPostgres } from '#libs/postgres/open.ts'
import { until } from '#libs/testing/until.ts'
import { firstStart, makeOwner } from './first-start.ts'
import { outboxOf, secretIn } from './outbox.fixtures.ts'
import { type Answer, cookieOf, type LoggedIn, PASSWORD, type Platform, startPlatform } from './platform.fixtures.ts'

const told = ({ status, body }: Answer<object>): string => ('code' in body ? `${status} ${body.code}` : String(status))

/** The app's code of now, or of a step before or after. */
const codeOf = (secret: Buffer, later = 0): string => totpCode(secret, stepAt(Date.now()) + later)

/** The code of the step before is good while this one lasts: what is asked in turn must not find itself in the next. */
const roomInStep = () =>
  until(() => stepAt(Date.now()) === stepAt(Date.now() + 8_000), { what: 'a step of codes that lasts for a while' })

type Asked = { readonly challenge: string; readonly factors: readonly string[] }
type Options = { readonly options: { readonly challenge: string } }
type Factors = {
  readonly password: boolean
  readonly totp: boolean
  readonly recoveryCodesLeft: number
  readonly passkeys: readonly { readonly id: string; readonly name: string; readonly lastUsedAt: string | null }[]
}

describe('factors on real engines', () => {
  const cleaners: (() => unknown)[] = []
  let platform: Platform
  let outbox: ReturnType<typeof outboxOf>
  let sql: Sql

  before(async () => {
    platform = await startPlatform({ after: (clean) => cleaners.unshift(clean as () => unknown) })
    outbox = outboxOf(platform.config.data)
    sql = openPostgres(platform.config.databaseUrl, { max: 1 })
    cleaners.unshift(() => sql.end())
  })
  after(async () => {
    for (const clean of cleaners) await clean()
  })

  const logIn = (handle: string, headers: Readonly<Record<string, string>> = {}, password = PASSWORD) =>
    platform.call<LoggedIn & Asked>('POST', '/v1/sessions', { body: { handle, password }, headers })
  const give = (challenge: string, code: string) =>
    platform.call<LoggedIn>('POST', '/v1/sessions/second-factor', { body: { challenge, code } })
  const factors = async (token: string) =>
    (await platform.call<Factors>('GET', '/v1/accounts/me/factors', { token })).body

  const register = async (handle: string) => {
    const email = `${handle}@example.org`
    const registered = await platform.call('POST', '/v1/accounts', { body: { handle, password: PASSWORD, email } })
    assert.equal(told(registered), '201')
    const { body } = await logIn(handle)
    await outbox.last(email, 1)
    return { id: body.account.id, token: body.accessToken, email }
  }

  /** Sets codes by time up. @returns the secret, and recovery codes */
  const setUpTotp = async (token: string) => {
    await roomInStep()
    const enrolled = await platform.call<{ secret: string; uri: string }>('POST', '/v1/accounts/me/totp', { token })
    assert.equal(told(enrolled), '200')
    assert.ok(enrolled.body.uri.includes(enrolled.body.secret))
    const secret = base32Bytes(enrolled.body.secret)
    const code = codeOf(secret, -1)
    const confirmed = await platform.call<{ recoveryCodes: readonly string[] }>('PUT', '/v1/accounts/me/totp', {
      token,
      body: { code },
    })
    assert.equal(told(confirmed), '200')
    return { secret, code, recoveryCodes: confirmed.body.recoveryCodes }
  }

  const mails = async (address: string, pattern: RegExp) =>
    (await outbox.all()).filter((mail) => mail.includes(`To: ${address}`) && pattern.test(mail)).length
  const mailed = (address: string, pattern: RegExp, count = 1) =>
    until(async () => (await mails(address, pattern)) >= count, { what: `${pattern} to ${address}` })

  test('who has codes by time is asked for one, each of which is good once', async () => {
    const { token, email } = await register('timely')
    const confirm = (code: string) => platform.call('PUT', '/v1/accounts/me/totp', { token, body: { code } })
    assert.equal(told(await confirm('000000')), '404 identity.factor_unknown')
    assert.equal(told(await platform.call('DELETE', '/v1/accounts/me/totp', { token })), '404 identity.factor_unknown')
    await platform.call('POST', '/v1/accounts/me/totp', { token })
    assert.equal((await logIn('timely')).status, 201, 'before it is confirmed nobody is asked')
    const { secret, code, recoveryCodes } = await setUpTotp(token)
    assert.equal(recoveryCodes.length, 10)
    assert.equal(told(await confirm(codeOf(secret))), '409 identity.factor_exists')
    assert.equal(told(await platform.call('POST', '/v1/accounts/me/totp', { token })), '409 identity.factor_exists')
    const asked = await logIn('timely')
    assert.equal(asked.status, 200)
    assert.deepEqual([asked.body.factors, asked.headers.getSetCookie()], [['totp', 'recovery_code'], []])
    const { challenge } = asked.body
    assert.equal(told(await give(challenge, code)), '403 identity.code_wrong', 'it was used to confirm')
    assert.equal(told(await give(challenge, codeOf(secret, 5))), '403 identity.code_wrong')
    const good = codeOf(secret)
    const both = await Promise.all([give(challenge, good), give(challenge, good)])
    assert.deepEqual(both.map(told).toSorted(), ['201', '401 identity.challenge_ended'])
    assert.ok(cookieOf(both.find(({ status }) => status === 201) ?? assert.fail()))
    const again = (await logIn('timely')).body.challenge
    assert.equal(told(await give(again, good)), '403 identity.code_wrong', 'a code that was seen is of no use')
    assert.equal(told(await give(again, codeOf(secret, 1))), '201')
    await mailed(email, /codes of an app were set up/)
    assert.equal(told(await platform.call('DELETE', '/v1/accounts/me/totp', { token })), '204')
    assert.equal((await logIn('timely')).status, 201)
    assert.deepEqual(await factors(token), { password: true, totp: false, recoveryCodesLeft: 0, passkeys: [] })
  })

  test('a recovery code takes the place of a code, once', async () => {
    const { token } = await register('recovering')
    const renew = () =>
      platform.call<{ recoveryCodes: readonly string[] }>('POST', '/v1/accounts/me/recovery-codes', { token })
    assert.equal(told(await renew()), '404 identity.factor_unknown')
    const [first = ''] = (await setUpTotp(token)).recoveryCodes
    const enter = async (code: string) => told(await give((await logIn('recovering')).body.challenge, code))
    assert.equal(await enter(first), '201')
    assert.equal(await enter(first), '403 identity.code_wrong')
    assert.equal((await factors(token)).recoveryCodesLeft, 9)
    const renewed = await renew()
    assert.equal((await factors(token)).recoveryCodesLeft, 10)
    assert.equal(await enter(renewed.body.recoveryCodes[0]?.toUpperCase() ?? ''), '201')
  })

  test('who knows the password may not try codes for long, and its owner hears of it', async () => {
    const { token, email } = await register('guessed')
    const { secret } = await setUpTotp(token)
    const { challenge } = (await logIn('guessed')).body
    const tries: string[] = []
    for (let turn = 0; turn < 6; turn++) tries.push(told(await give(challenge, 'aaaaaa-bbbbbb')))
    assert.deepEqual(tries, [
      ...Array.from({ length: 4 }, () => '403 identity.code_wrong'),
      '401 identity.challenge_ended',
      '401 identity.challenge_ended',
    ])
    await mailed(email, /Somebody knows your password/)
    const next = (await logIn('guessed')).body.challenge
    for (let turn = 0; turn < 4; turn++)
      assert.equal(told(await give(next, 'aaaaaa-bbbbbb')), '403 identity.code_wrong')
    // Ten at once, with that of the set-up, and then one a minute.
    const limited = await give((await logIn('guessed')).body.challenge, codeOf(secret))
    assert.equal(told(limited), '429 http.rate_limited')
  })

  /** The next token of a session whose owner showed who they are so long ago. */
  const aged = async (handle: string, minutes: number) => {
    const session = await logIn(handle)
    const { accountId } = JSON.parse(
      Buffer.from(session.body.accessToken.split('.')[1] ?? '', 'base64url').toString(),
      (key, value) => (key === '' ? { accountId: value.sub } : value),
    )
    await sql`
      update vault.sessions set authenticated_at = authenticated_at - ${`${minutes} minutes`}::interval
      where account_id = ${accountId}`
    const renewed = await platform.call<LoggedIn>('POST', '/v1/tokens', { cookie: cookieOf(session) })
    return renewed.body.accessToken
  }

  test('what is sensitive wants somebody who showed who they are within ten minutes', async () => {
    const { token: fresh } = await register('stepping')
    const recent = await aged('stepping', 9)
    assert.equal(told(await platform.call('POST', '/v1/accounts/me/totp', { token: recent })), '200')
    const token = await aged('stepping', 11)
    const sensitive = identityRoutes.filter((route) => route.fresh)
    assert.ok(sensitive.length > 12)
    for (const id of ['actAs', 'assignPlatformRole', 'exportPersonalData'])
      assert.ok(
        sensitive.some((route) => route.id === id),
        id,
      )
    for (const { method, path } of sensitive) {
      const answer = await platform.call(method, path.replace(/\{\w+\}/, crypto.randomUUID()), { token })
      assert.equal(told(answer), '401 http.reauthentication_required', `${method} ${path}`)
      assert.match(answer.headers.get('www-authenticate') ?? '', /insufficient_user_authentication.*max_age="600"/)
    }
    assert.equal((await platform.call('GET', '/v1/accounts/me/factors', { token })).status, 200)
    const show = (body: object) => platform.call<LoggedIn>('POST', '/v1/accounts/me/authentication', { token, body })
    assert.equal(told(await show({ password: 'not the password' })), '403 identity.wrong_password')
    const shown = await show({ password: PASSWORD })
    assert.equal(told(shown), '200')
    const { recoveryCodes } = await setUpTotp(shown.body.accessToken)
    assert.equal(told(await show({ password: PASSWORD })), '403 identity.code_wrong', 'as much as a login takes')
    assert.equal(told(await show({ password: PASSWORD, code: recoveryCodes[0] })), '200')
    await platform.call('DELETE', '/v1/accounts/me/sessions', { token: fresh })
    const ended = await show({ password: PASSWORD })
    assert.equal(told(ended), '401 identity.token_invalid')
  })

  const addPasskey = async (token: string, authenticator: ReturnType<typeof softwareAuthenticator>, name = 'phone') => {
    const asked = await platform.call<Options>('POST', '/v1/accounts/me/passkeys/options', { token })
    const credential = authenticator.create(asked.body.options)
    return platform.call<{ readonly id: string }>('POST', '/v1/accounts/me/passkeys', {
      token,
      body: { name, credential },
    })
  }

  const ask = async () => (await platform.call<Options>('POST', '/v1/sessions/passkey/options')).body.options
  const show = (credential: object) => platform.call<LoggedIn>('POST', '/v1/sessions/passkey', { body: { credential } })

  test('an account may be logged in to by a passkey alone, and keeps something to log in with', async () => {
    const { id, token, email } = await register('keyed')
    const noPassword = () => platform.call('DELETE', '/v1/accounts/me/password', { token })
    assert.equal(told(await noPassword()), '409 identity.last_factor')
    const authenticator = softwareAuthenticator(platform.config.publicUrl)
    const added = await addPasskey(token, authenticator)
    assert.equal(told(added), '201')
    await mailed(email, /a passkey was added/)
    const session = await show(authenticator.get(await ask()))
    assert.deepEqual([told(session), session.body.account.id], ['201', id])
    assert.ok((await factors(token)).passkeys[0]?.lastUsedAt)
    const rename = (as: string, body: object = { name: ' my telephone ' }) =>
      platform.call('PATCH', `/v1/accounts/me/passkeys/${added.body.id}`, { token: as, body })
    const { token: stranger } = await register('renaming_others')
    assert.equal(told(await rename(stranger)), '404 http.not_found')
    assert.equal(told(await rename(token, { name: ' ' })), '400 http.invalid_request')
    assert.equal(told(await rename(token)), '204')
    assert.equal((await factors(token)).passkeys[0]?.name, 'my telephone')
    assert.equal(told(await noPassword()), '204')
    assert.equal(told(await logIn('keyed')), '401 identity.invalid_credentials')
    const remove = (passkey: string) => platform.call('DELETE', `/v1/accounts/me/passkeys/${passkey}`, { token })
    assert.equal(told(await remove(added.body.id)), '409 identity.last_factor')
    assert.equal(told(await remove(crypto.randomUUID())), '404 http.not_found')
    const second = await addPasskey(token, softwareAuthenticator(platform.config.publicUrl), 'key ring')
    assert.equal(told(await remove(added.body.id)), '204')
    assert.equal(told(await show(authenticator.get(await ask()))), '403 identity.passkey_refused')
    assert.deepEqual(
      (await factors(token)).passkeys.map(({ name }) => name),
      ['key ring'],
    )
    const email2 = { email: 'elsewhere@example.org' }
    assert.equal(told(await platform.call('PUT', '/v1/accounts/me/email', { token, body: email2 })), '202')
    const set = { newPassword: 'a horse that is greener' }
    const changed = await platform.call<LoggedIn>('PUT', '/v1/accounts/me/password', { token, body: set })
    assert.equal(told(changed), '200')
    const next = changed.body.accessToken
    const gone = await platform.call('DELETE', `/v1/accounts/me/passkeys/${second.body.id}`, { token: next })
    assert.equal(told(gone), '204')
    assert.equal((await logIn('keyed', {}, set.newPassword)).status, 201)
  })

  test('a passkey is asked for what it is, once, and lets nobody else in', async () => {
    const { token } = await register('careful')
    const { token: other } = await register('careless')
    const authenticator = softwareAuthenticator(platform.config.publicUrl)
    const asked = await platform.call<Options>('POST', '/v1/accounts/me/passkeys/options', { token })
    const credential = authenticator.create(asked.body.options)
    const add = (as: string, body: object) => platform.call('POST', '/v1/accounts/me/passkeys', { token: as, body })
    const stolen = await add(other, { name: 'mine', credential })
    assert.equal(told(stolen), '403 identity.passkey_refused', 'the challenge is another’s')
    assert.equal(told(await add(token, { name: 'mine', credential })), '403 identity.passkey_refused', 'and used up')
    assert.equal(told(await addPasskey(token, authenticator)), '201')
    assert.equal(told(await addPasskey(other, authenticator)), '409 identity.factor_exists')
    const shown = authenticator.get(await ask())
    assert.equal(told(await show(shown)), '201')
    assert.equal(told(await show(shown)), '403 identity.passkey_refused', 'sent again')
    const deviations = [{ origin: 'https://evil.example' }, { userVerified: false }, { counter: 1 }]
    for (const deviation of deviations)
      assert.equal(told(await show(authenticator.get(await ask(), deviation))), '403 identity.passkey_refused')
    assert.equal(told(await show(authenticator.get({ challenge: 'A'.repeat(43) }))), '403 identity.passkey_refused')
    const authenticate = async (as: string) => {
      const body = { credential: authenticator.get(await ask()) }
      return told(await platform.call('POST', '/v1/accounts/me/authentication', { token: as, body }))
    }
    assert.equal(await authenticate(token), '200')
    assert.equal(await authenticate(other), '403 identity.passkey_refused')
  })

  test('where staff show two factors, their role counts for nothing before they have', async () => {
    const strict = await platform.startEdge({ staffSecondFactor: true })
    const role = async (token: string) => (await strict.call('GET', '/v1/session', { token })).body.platformRole
    const look = async (token: string, edge: Pick<Platform, 'call'> = strict) =>
      told(await edge.call('POST', '/v1/administration/accounts/search', { token, body: {} }))
    const { token } = await register('helping')
    await makeOwner(platform.config, new AbortController().signal, 'helping')
    let single = token
    const isOwner = async () => {
      single = (await logIn('helping')).body.accessToken
      return (await look(single, platform)) === '200'
    }
    await until(isOwner, { what: 'a login has the role' })
    assert.deepEqual([await role(single), await look(single)], ['user', '403 http.second_factor_required'])
    const { recoveryCodes } = await setUpTotp(single)
    assert.equal(await role(single), 'user', 'it is not enough to have them')
    const [first, second] = recoveryCodes
    const shown = { password: PASSWORD, code: first }
    const again = await strict.call<LoggedIn>('POST', '/v1/accounts/me/authentication', { token: single, body: shown })
    const twice = again.body.accessToken
    assert.deepEqual([await role(twice), await look(twice)], ['owner', '200'])
    const { challenge } = (await logIn('helping')).body
    assert.equal(await role((await give(challenge, second ?? '')).body.accessToken), 'owner')
    const program = await platform.call<{ readonly token: string }>('POST', '/v1/accounts/me/access-tokens', {
      token: twice,
      body: { kind: 'personal', name: 'a script', scopes: ['chat:read'] },
    })
    assert.equal(await role(program.body.token), 'user', 'programs show nothing')
  })

  test('who has lost all factors has them reset after a wait, unless the owner says no', async () => {
    const made = await firstStart(platform.config, new AbortController().signal)
    const first = await logIn('admin', {}, made?.password)
    const changed = await platform.call<LoggedIn>('PUT', '/v1/accounts/me/password', {
      token: first.body.accessToken,
      body: { oldPassword: made?.password, newPassword: PASSWORD },
    })
    const admin = changed.body.accessToken
    const { id, token, email } = await register('locked_out')
    await setUpTotp(token)
    const path = `/v1/administration/accounts/${id}/factor-reset`
    const reset = (edge: Pick<Platform, 'call'> = platform, as = admin) =>
      edge.call<{ readonly resetAt: string }>('PUT', path, { token: as, body: { reason: 'it fell into the sea' } })
    const own = () => platform.call('DELETE', '/v1/accounts/me/factor-reset', { token })
    assert.equal(told(await reset(platform, token)), '403 http.forbidden')
    assert.equal(told(await own()), '409 identity.factor_reset_not_scheduled')
    const scheduled = await reset()
    assert.ok(Date.parse(scheduled.body.resetAt) > Date.now() + 71 * 3_600_000)
    await mailed(email, /fell into the sea/)
    const byMail = (secret: string) => platform.call('POST', '/v1/factor-reset-cancellations', { body: { secret } })
    const mail = (await outbox.all()).find((each) => each.includes(`To: ${email}`) && each.includes('into the sea'))
    const secret = secretIn(mail ?? '')
    assert.equal(told(await byMail(secret)), '204')
    assert.equal(told(await byMail(secret)), '410 identity.link_invalid')
    await reset()
    assert.equal(told(await own()), '204')
    await reset()
    const kept = { token: admin, body: { reason: 'it was found' } }
    assert.equal(told(await platform.call('DELETE', path, kept)), '204')
    assert.equal((await logIn('locked_out')).status, 200, 'the factors are there still')
    await reset(await platform.startEdge({ factorResetDelayHours: 1 / 3_600 }))
    await until(async () => (await logIn('locked_out')).status === 201, { what: 'no code is asked for' })
    assert.deepEqual(await factors(token), { password: true, totp: false, recoveryCodesLeft: 0, passkeys: [] })
    await mailed(email, /Subject: Your second factors stay/, 3)
    await mailed(email, /Subject: Your second factors were reset/)
    await setUpTotp(token)
  })

  test('the owner is told of a login from a device that was not seen before', async () => {
    const { email } = await register('travelling')
    const pattern = /from a new device/
    const phone = { 'user-agent': 'a phone https://evil.example/\u00e9' }
    const session = await logIn('travelling', phone)
    await mailed(email, pattern)
    const notice = (await outbox.all()).find((mail) => mail.includes(`To: ${email}`) && pattern.test(mail)) ?? ''
    assert.match(notice, /a phone/)
    assert.doesNotMatch(notice, /https:\/\/evil/)
    const device = session.headers.getSetCookie().find((cookie) => cookie.startsWith('whiply_device='))
    assert.match(device ?? '', /HttpOnly; SameSite=Lax/)
    await logIn('travelling', phone)
    await logIn('travelling', { 'user-agent': 'the same, renewed', cookie: device?.split(';')[0] ?? '' })
    await logIn('travelling', { 'user-agent': 'another one' })
    await mailed(email, pattern, 2)
    assert.equal(await mails(email, pattern), 2)
    const kept = await sql<{ device_hash: Buffer }[]>`select device_hash from vault.known_devices`
    assert.ok(kept.every(({ device_hash }) => device_hash.length === 32))
  })

  test('every documented answer of these routes was seen', () => {
    const here = new Set(ownFactorRoutes.map(({ id }) => id))
    const onlyWithoutKafka = / 202$/
    assert.deepEqual(
      platform.unseen().filter((answer) => here.has(answer.split(' ')[0] ?? '') && !onlyWithoutKafka.test(answer)),
      [],
    )
  })
})
