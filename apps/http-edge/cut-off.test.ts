import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Sql } from 'postgres'
import { softwareAuthenticator } from '#libs/identity/factors/authenticator.fixtures.ts'
import { base32Bytes } from '#libs/identity/factors/base32.fixtures.ts'
import { stepAt, totpCode } from '#libs/identity/factors/totp.ts'
import { uuidv7 } from '#libs/journal/ids.ts'
import { openPostgres } from '#libs/postgres/open.ts'
import { until } from '#libs/testing/until.ts'
import { firstStart } from './first-start.ts'
import { outboxOf, secretIn } from './outbox.fixtures.ts'
import { type Answer, type LoggedIn, PASSWORD, type Platform, startPlatform } from './platform.fixtures.ts'

/** What is answered where the vault does not take a change. */
const CUT_OFF = '503 platform.unavailable'

const told = ({ status, body }: Answer<object>): string => ('code' in body ? `${status} ${body.code}` : String(status))

const [SECOND, THIRD] = ['a horse that is greener', 'and one that is bluer still']

type Codes = { readonly recoveryCodes: readonly string[] }

describe('a request that was cut off in the middle, or comes again late', () => {
  const cleaners: (() => unknown)[] = []
  let platform: Platform
  let outbox: ReturnType<typeof outboxOf>
  let sql: Sql
  let admin: string

  before(async () => {
    platform = await startPlatform({ after: (clean) => cleaners.unshift(clean as () => unknown) })
    outbox = outboxOf(platform.config.data)
    sql = openPostgres(platform.config.databaseUrl, { max: 1 })
    cleaners.unshift(() => sql.end())
    // Of a failure that passes: whatever else looks into the vault meanwhile goes on behind it.
    await sql`
      create function vault.away() returns trigger language plpgsql
      as $$ begin raise 'away' using errcode = 'disk_full'; end $$`
    const made = await firstStart(platform.config, new AbortController().signal)
    const body = { handle: 'admin', password: made?.password }
    const { accessToken: token } = (await platform.call<LoggedIn>('POST', '/v1/sessions', { body })).body
    const change = { oldPassword: made?.password, newPassword: PASSWORD }
    const changed = await platform.call<LoggedIn>('PUT', '/v1/accounts/me/password', { token, body: change })
    admin = changed.body.accessToken
  })
  after(async () => {
    for (const clean of cleaners) await clean()
  })

  /** Refuses these changes of the vault while the work is done. */
  const without = async <Result>(changes: Readonly<Record<string, string>>, work: () => Promise<Result>) => {
    for (const [table, change] of Object.entries(changes))
      await sql.unsafe(
        `create trigger away before ${change} on vault.${table} for each row execute function vault.away()`,
      )
    try {
      return await work()
    } finally {
      for (const table of Object.keys(changes)) await sql.unsafe(`drop trigger away on vault.${table}`)
    }
  }

  const keyed = (id = uuidv7()) => ({ headers: { 'idempotency-key': id } })
  const logIn = (handle: string, password = PASSWORD) =>
    platform.call<LoggedIn>('POST', '/v1/sessions', { body: { handle, password } })
  const sessionsOf = async (accountId: string) =>
    (await sql`select 1 from vault.sessions where account_id = ${accountId}`).length

  const withMail = async (handle: string) => {
    const body = { handle, password: PASSWORD, email: `${handle}@example.org` }
    assert.equal(told(await platform.call('POST', '/v1/accounts', { body })), '201')
    await outbox.last(body.email, 1)
  }
  const enrol = async (token: string) => {
    const { body } = await platform.call<{ readonly secret: string }>('POST', '/v1/accounts/me/totp', { token })
    return { code: totpCode(base32Bytes(body.secret), stepAt(Date.now())) }
  }
  /** Waits for a mail to who registered with one. */
  const mailed = (handle: string, pattern: RegExp) =>
    until(
      async () => (await outbox.all()).some((mail) => mail.includes(`To: ${handle}@example.org`) && pattern.test(mail)),
      { what: `${pattern} to ${handle}` },
    )
  const confirm = (token: string, body: object, key: ReturnType<typeof keyed>) =>
    platform.call<Codes>('PUT', '/v1/accounts/me/totp', { token, body, ...key, once: true })

  test('who was to be logged out is, once it is asked again, whoever has logged in meanwhile', async () => {
    const ada = await platform.register('ada')
    const path = `/v1/administration/accounts/${ada.id}/sessions`
    const asked = { token: admin, body: { reason: 'lost a telephone' }, ...keyed() }
    const first = await without({ sessions: 'delete' }, () => platform.call('DELETE', path, asked))
    assert.equal(told(first), CUT_OFF)
    assert.equal(await sessionsOf(ada.id), 1)
    assert.equal((await logIn('ada')).status, 201)
    assert.equal(told(await platform.call('DELETE', path, asked)), '204')
    assert.equal(await sessionsOf(ada.id), 1, 'the one since')
    assert.equal(
      told(await platform.call('GET', '/v1/accounts/me', { token: ada.token })),
      '401 identity.token_invalid',
    )
  })

  test('who is suspended is logged out wherever they logged in meanwhile, though the request came twice', async () => {
    const kim = await platform.register('kim')
    const asked = { token: admin, body: { reason: 'spam' }, ...keyed() }
    const full = await platform.startEdge({ minFreeDisk: Number.MAX_SAFE_INTEGER })
    const suspend = (edge: Pick<Platform, 'call'>) =>
      edge.call('PUT', `/v1/administration/accounts/${kim.id}/suspension`, asked)
    assert.equal(told(await without({ requests: 'delete' }, () => suspend(full))), CUT_OFF, 'what it found is kept')
    assert.equal(
      (await sql`select 1 from vault.requests where command_id = ${asked.headers['idempotency-key']}`).length,
      1,
    )
    assert.equal((await logIn('kim')).status, 201)
    assert.equal(told(await suspend(platform)), '204')
    await until(async () => (await sessionsOf(kim.id)) === 0, { what: 'no session is left' })
  })

  test('codes that were to go are gone, though the request was cut off, and comes again', async () => {
    await withMail('bob')
    const token = (await logIn('bob')).body.accessToken
    assert.equal(told(await confirm(token, await enrol(token), keyed())), '200')
    const asked = { token, ...keyed() }
    const remove = () => platform.call('DELETE', '/v1/accounts/me/totp', asked)
    assert.equal(told(await without({ totp: 'delete' }, remove)), CUT_OFF)
    await until(async () => (await logIn('bob')).status === 201, { what: 'no code is asked for' })
    assert.equal(told(await remove()), '204')
    assert.equal((await logIn('bob')).status, 201)
    const notices = async () =>
      (await outbox.all()).filter((mail) => /codes of an app were taken away/.test(mail)).length
    await until(async () => (await notices()) > 0, { what: 'its owner is told' })
    assert.equal(await notices(), 1)
  })

  const linkTo = async (handle: string) => {
    const email = `${handle}@example.org`
    const before = await outbox.count(email)
    await platform.call('POST', '/v1/password-resets', { body: { handle } })
    return secretIn(await outbox.last(email, before + 1))
  }
  const reset = (secret: string, newPassword: string, key: ReturnType<typeof keyed>) =>
    platform.call('PUT', '/v1/password-resets', { body: { secret, newPassword }, ...key })

  test('a link is good once, though what it did was cut off at the end', async () => {
    await withMail('cleo')
    await logIn('cleo')
    const [secret, key] = [await linkTo('cleo'), keyed()]
    const cut = await without({ sessions: 'delete' }, () => reset(secret, SECOND, key))
    assert.equal(told(cut), CUT_OFF)
    assert.equal(told(await reset(secret, THIRD, keyed())), '410 identity.link_invalid')
    await mailed('cleo', /password of your account .+ was changed/s)
    assert.equal(told(await reset(secret, SECOND, key)), '204')
    assert.equal((await logIn('cleo', SECOND)).status, 201)
  })

  test('who registers is asked whether the address is theirs, however late their account is read', async () => {
    const register = (handle: string) =>
      platform.call<{ readonly account: { readonly id: string } }>('POST', '/v1/accounts', {
        body: { handle, password: PASSWORD, email: `${handle}@example.org` },
      })
    await sql.begin(async (transaction) => {
      await transaction`lock table readmodel.accounts in share mode`
      assert.equal(told(await register('iris')), '201')
      const { id } = (await register('iris_too')).body.account
      const known = () => transaction`select 1 from vault.known_devices where account_id = ${id}`
      await until(async () => (await known()).length > 0, { what: 'what is done behind the first answer is done' })
    })
    secretIn(await outbox.last('iris@example.org', 1))
  })

  test('what was decided is told by mail, though the request was cut off behind it', async () => {
    await withMail('jane')
    const token = (await logIn('jane')).body.accessToken
    const { recoveryCodes } = (await confirm(token, await enrol(token), keyed())).body
    assert.equal(recoveryCodes.length, 10)
    await mailed('jane', /codes of an app were set up/)
    const asked = { token, ...keyed() }
    const renewed = await without({ recovery_codes: 'insert' }, () =>
      platform.call('POST', '/v1/accounts/me/recovery-codes', asked),
    )
    assert.equal(told(renewed), CUT_OFF)
    await mailed('jane', /new recovery codes were made/)
  })

  test('a link is not lost where nothing came of it, however early it was cut off', async () => {
    await withMail('dora')
    const secret = await linkTo('dora')
    const unkept = await without({ requests: 'insert' }, () => reset(secret, SECOND, keyed()))
    assert.equal(told(unkept), CUT_OFF)
    const unput = await without({ credentials: 'insert or update' }, () => reset(secret, SECOND, keyed()))
    assert.equal(told(unput), CUT_OFF)
    assert.equal((await logIn('dora')).status, 201)
    assert.equal(told(await reset(secret, SECOND, keyed())), '204')
    assert.equal((await logIn('dora', SECOND)).status, 201)
  })

  test('a password that was replaced since is not put back by an older request', async () => {
    await withMail('emma')
    const [secret, key] = [await linkTo('emma'), keyed()]
    assert.equal(told(await reset(secret, SECOND, key)), '204')
    const change = (token: string, oldPassword: string, newPassword: string, id = keyed()) =>
      platform.call<LoggedIn>('PUT', '/v1/accounts/me/password', {
        token,
        body: { oldPassword, newPassword },
        ...id,
        once: true,
      })
    const { accessToken } = (await logIn('emma', SECOND)).body
    const changing = keyed()
    const changed = await change(accessToken, SECOND, THIRD, changing)
    assert.equal(told(changed), '200')
    assert.equal(told(await reset(secret, SECOND, key)), '422 command.id_reused')
    const next = await change(changed.body.accessToken, THIRD, SECOND)
    assert.equal(told(next), '200')
    assert.equal(told(await change(next.body.accessToken, SECOND, THIRD, changing)), '422 command.id_reused')
    assert.equal((await logIn('emma', SECOND)).status, 201)
  })

  test('a passkey that was removed since is not there again by an older request', async () => {
    const { token } = await platform.register('finn')
    type Options = { readonly options: { readonly challenge: string } }
    const { options } = (await platform.call<Options>('POST', '/v1/accounts/me/passkeys/options', { token })).body
    const credential = softwareAuthenticator(platform.config.publicUrl).create(options)
    const asked = { token, body: { name: 'phone', credential }, ...keyed() }
    const added = await platform.call<{ readonly id: string }>('POST', '/v1/accounts/me/passkeys', asked)
    assert.equal(told(added), '201')
    const removed = await platform.call('DELETE', `/v1/accounts/me/passkeys/${added.body.id}`, { token })
    assert.equal(told(removed), '204')
    const again = await platform.call('POST', '/v1/accounts/me/passkeys', asked)
    assert.equal(told(again), '403 identity.passkey_refused')
    assert.equal((await sql`select 1 from vault.passkeys`).length, 0)
  })

  test('recovery codes that were made since stay when an older request comes again', async () => {
    const { id, token } = await platform.register('gwen')
    const [confirming, renewing, body] = [keyed(), keyed(), await enrol(token)]
    const renew = (key: ReturnType<typeof keyed>) =>
      platform.call<Codes>('POST', '/v1/accounts/me/recovery-codes', { token, ...key, once: true })
    assert.equal(told(await confirm(token, body, confirming)), '200')
    assert.equal(told(await confirm(token, body, confirming)), '200', 'nothing is there since')
    assert.equal(told(await renew(renewing)), '200')
    const { recoveryCodes } = (await renew(keyed())).body
    assert.equal(told(await confirm(token, body, confirming)), '409 identity.codes_renewed')
    assert.equal(told(await renew(renewing)), '409 identity.codes_renewed')
    const shown = { password: PASSWORD, code: recoveryCodes[0] }
    const again = await platform.call('POST', '/v1/accounts/me/authentication', { token, body: shown })
    assert.equal(told(again), '200')
    assert.equal((await sql`select 1 from vault.recovery_codes where account_id = ${id}`).length, 9)
  })

  test('a stream key that was rotated since keeps its last secret', async () => {
    const { id, token } = await platform.register('hugo')
    const opened = await platform.call('POST', '/v1/channels', { token, body: {} })
    await platform.call('GET', `/v1/channels/${id}?min-position=${opened.body.position}`)
    type Key = { readonly keyId: string; readonly streamKey: string }
    const post = (path: string, key: ReturnType<typeof keyed>) =>
      platform.call<Key>('POST', `/v1/channels/${id}/stream-keys${path}`, { token, body: {}, ...key, once: true })
    const [issuing, rotating] = [keyed(), keyed()]
    const { keyId } = (await post('', issuing)).body
    const rotate = (key: ReturnType<typeof keyed>) => post(`/${keyId}/rotation`, key)
    assert.equal(told(await rotate(rotating)), '200')
    assert.equal(told(await rotate(rotating)), '200', 'the last of its own')
    const secrets = async () => (await sql`select key_hash from vault.stream_keys where key_id = ${keyId}`).length
    assert.equal(told(await rotate(keyed())), '200')
    assert.equal(told(await rotate(rotating)), '409 broadcast.key_rotated')
    assert.equal(told(await post('', issuing)), '409 broadcast.key_rotated')
    assert.equal(await secrets(), 1)
  })
})
