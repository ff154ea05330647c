import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Sql } from 'postgres'
import { base32Bytes } from '#libs/identity/factors/base32.fixtures.ts'
import { stepAt, totpCode } from '#libs/identity/factors/totp.ts'
import { openPostgres } from '#libs/postgres/open.ts'
import { until } from '#libs/testing/until.ts'
import { outboxOf, secretIn } from './outbox.fixtures.ts'
import { type Answer, type Asked, type LoggedIn, PASSWORD, type Platform, startPlatform } from './platform.fixtures.ts'

const told = ({ status, body }: Answer<object>): string => ('code' in body ? `${status} ${body.code}` : String(status))

const NEXT = 'a horse that is greener'
const OTHER = 'and one that is bluer still'

describe('what was begun by a password that is another by now', () => {
  const cleaners: (() => unknown)[] = []
  let platform: Platform
  let outbox: ReturnType<typeof outboxOf>
  let sql: Sql
  let watching: Sql

  before(async () => {
    platform = await startPlatform({ after: (clean) => cleaners.unshift(clean as () => unknown) })
    outbox = outboxOf(platform.config.data)
    sql = openPostgres(platform.config.databaseUrl, { max: 1 })
    watching = openPostgres(platform.config.databaseUrl, { max: 1 })
    cleaners.unshift(() => Promise.all([sql.end(), watching.end()]))
  })
  after(async () => {
    for (const clean of cleaners) await clean()
  })

  const once = { once: true } as const
  const call = <Body = Readonly<Record<string, unknown>>>(method: string, path: string, asked: Asked) =>
    platform.call<Body>(method, path, { ...asked, ...once })
  const logIn = (handle: string, password = PASSWORD) =>
    call<LoggedIn & { readonly challenge: string }>('POST', '/v1/sessions', { body: { handle, password } })
  const change = (token: string, oldPassword = PASSWORD, newPassword = NEXT) =>
    call<LoggedIn>('PUT', '/v1/accounts/me/password', { token, body: { oldPassword, newPassword } })
  const own = async (token: string) => told(await call('GET', '/v1/accounts/me', { token }))

  /** Holds changes of a table up. @returns what the work gave, which lets go by `release` at the latest */
  const holding = async <Result>(table: string, work: () => Promise<Result>): Promise<Result> =>
    (await sql.begin(async (transaction) => {
      await transaction.unsafe(`lock table vault.${table} in share mode`)
      return await work()
    })) as Result

  /** Resolves once somebody waits to do that to a table. */
  const waits = (statement: RegExp) =>
    until(
      async () => {
        const rows = await watching<{ readonly query: string }[]>`
          select query from pg_stat_activity where wait_event_type = 'Lock'`
        return rows.some(({ query }) => statement.test(query))
      },
      { what: `${statement} waits` },
    )

  test('who logs in by it while it is changed is logged out with all others', async () => {
    const { token } = await platform.register('early')
    const { changing, session } = await holding('credentials', async () => {
      const changing = change(token)
      await waits(/vault\.credentials/)
      return { changing, session: await logIn('early') }
    })
    assert.equal(told(session), '201')
    const changed = await changing
    assert.equal(told(changed), '200')
    assert.equal(await own(session.body.accessToken), '401 identity.token_invalid')
    assert.equal(await own(changed.body.accessToken), '200')
  })

  test('who was let in by it, and comes too late for that, is not let in', async () => {
    const { id, token } = await platform.register('late')
    const [session, changed] = await holding('sessions', async () => {
      const session = logIn('late')
      await waits(/insert into vault\.sessions/)
      const changed = change(token)
      await waits(/delete from vault\.sessions/)
      return [session, changed] as const
    }).then((both) => Promise.all(both))
    assert.equal(told(changed), '200')
    assert.equal(told(session), '401 identity.invalid_credentials')
    assert.equal((await sql`select 1 from vault.sessions where account_id = ${id}`).length, 1, 'that of the change')
  })

  test('of two changes at once one is made, and nobody is told of both', async () => {
    const { token } = await platform.register('twofold')
    const both = await holding('credentials', async () => {
      const both = [change(token), change(token, PASSWORD, OTHER)]
      await waits(/vault\.credentials/)
      return both
    }).then((changes) => Promise.all(changes))
    const [made] = both.filter(({ status }) => status === 200)
    assert.equal(both.filter(({ status }) => status === 200).length, 1, both.map(told).join())
    const password = made === both[0] ? NEXT : OTHER
    assert.equal(told(await logIn('twofold', password)), '201')
  })

  const withMail = async (handle: string) => {
    const body = { handle, password: PASSWORD, email: `${handle}@example.org` }
    assert.equal(told(await call('POST', '/v1/accounts', { body })), '201')
    const confirmation = secretIn(await outbox.last(body.email, 1))
    return { token: (await logIn(handle)).body.accessToken, confirmation, email: body.email }
  }
  const linkTo = async (handle: string, email: string) => {
    await call('POST', '/v1/password-resets', { body: { handle } })
    let mail = ''
    await until(async () => {
      mail = (await outbox.all()).find((each) => each.includes(`To: ${email}`) && /#reset-password=/.test(each)) ?? ''
      return mail !== ''
    })
    return secretIn(mail)
  }
  const reset = (secret: string) => call('PUT', '/v1/password-resets', { body: { secret, newPassword: OTHER } })

  test('a link to replace it is good no more once it was changed', async () => {
    const { token, email } = await withMail('changed')
    const secret = await linkTo('changed', email)
    const changed = await change(token)
    assert.equal(told(changed), '200')
    assert.equal(told(await reset(secret)), '410 identity.link_invalid')
    assert.equal(await own(changed.body.accessToken), '200')
  })

  test('a link that went to an address is good no more once the account has another', async () => {
    const { token, email, confirmation } = await withMail('moved')
    const secret = await linkTo('moved', email)
    const body = { email: 'elsewhere@example.org', password: PASSWORD }
    assert.equal(told(await call('PUT', '/v1/accounts/me/email', { token, body })), '202')
    const link = secretIn(await outbox.last(body.email, 1))
    assert.notEqual(link, confirmation)
    assert.equal(told(await call('POST', '/v1/email-confirmations', { body: { secret: link } })), '200')
    assert.equal(told(await reset(secret)), '410 identity.link_invalid')
    assert.equal(told(await logIn('moved')), '201')
  })

  test('an address that was asked for by it is not confirmed any more', async () => {
    const { token, email } = await withMail('taken_over')
    const body = { email: 'thief@example.org', password: PASSWORD }
    assert.equal(told(await call('PUT', '/v1/accounts/me/email', { token, body })), '202')
    const secret = secretIn(await outbox.last(body.email, 1))
    const changed = await change(token)
    assert.equal(told(changed), '200')
    const confirmed = await call('POST', '/v1/email-confirmations', { body: { secret } })
    assert.equal(told(confirmed), '410 identity.link_invalid')
    assert.equal((await call('GET', '/v1/accounts/me', { token: changed.body.accessToken })).body.email, email)
  })

  test('a code that is asked for after it lets nobody in any more', async () => {
    const { token } = await platform.register('coded')
    const { secret } = (await call<{ secret: string }>('POST', '/v1/accounts/me/totp', { token })).body
    const codeAt = (offset: number) => totpCode(base32Bytes(secret), stepAt(Date.now()) + offset)
    assert.equal(told(await call('PUT', '/v1/accounts/me/totp', { token, body: { code: codeAt(-1) } })), '200')
    const { challenge } = (await logIn('coded')).body
    assert.equal(told(await change(token)), '200')
    const given = await call('POST', '/v1/sessions/second-factor', { body: { challenge, code: codeAt(1) } })
    assert.equal(told(given), '401 identity.challenge_ended')
  })
})
