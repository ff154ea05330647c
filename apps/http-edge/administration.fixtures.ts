import assert from 'node:assert/strict'
import { test } from 'node:test'
import { until } from '#libs/testing/until.ts'
import { makeOwner } from './first-start.ts'
import { type Answer, cookieOf, type LoggedIn, PASSWORD, type Platform } from './platform.fixtures.ts'

const never = new AbortController().signal

const codeOf = ({ status, body }: Answer): string => ('code' in body ? `${status} ${body.code}` : String(status))

/** What staff do with the accounts of others, on the platform of whoever runs it. */
export const testAdministration = (platform: () => Platform): void => {
  const of = (accountId: string, what: string) => `/v1/administration/accounts/${accountId}/${what}`
  const call = (method: string, path: string, token: string, body?: object) =>
    platform().call(method, path, { token, ...(body && { body }) })
  const logIn = (handle: string) => platform().call('POST', '/v1/sessions', { body: { handle, password: PASSWORD } })

  /** The administrator's password is the one that every test gives. */
  const admin = async () => {
    const { body } = await platform().call<LoggedIn>('POST', '/v1/sessions', {
      body: { handle: 'admin', password: PASSWORD },
    })
    return { id: body.account.id, token: body.accessToken }
  }

  test('a suspended account is out everywhere, until it is restored', async () => {
    const member = await platform().register('suspended_one')
    const path = of(member.id, 'suspension')
    const { id: adminId, token } = await admin()
    assert.equal(codeOf(await call('PUT', path, member.token, { reason: 'me' })), '403 http.forbidden')
    assert.equal(codeOf(await call('DELETE', path, token, { reason: 'none' })), '409 identity.not_suspended')
    assert.equal((await call('PUT', path, token, { reason: 'spam' })).status, 204)
    await until(async () => (await call('GET', '/v1/session', member.token)).status === 401)
    assert.equal(codeOf(await logIn('suspended_one')), '403 identity.account_suspended')
    const renewed = await platform().call('POST', '/v1/tokens', { cookie: member.cookie })
    assert.equal(codeOf(renewed), '401 identity.session_ended')
    assert.equal((await call('DELETE', path, token, { reason: 'it was not' })).status, 204)
    assert.equal((await logIn('suspended_one')).status, 201)
    assert.equal(codeOf(await call('PUT', of(adminId, 'suspension'), token, { reason: 'x' })), '403 identity.outranked')
  })

  test('a role is in the next token, and the one before counts as expired', async () => {
    const member = await platform().register('promoted_one')
    const stranger = await platform().register('suspect_one')
    const path = of(member.id, 'role')
    const { token: adminToken } = await admin()
    const give = (as: string, role: string, reason = 'they help out') => call('PUT', path, as, { role, reason })
    assert.equal(codeOf(await give(member.token, 'admin')), '403 http.forbidden')
    assert.equal(codeOf(await give(adminToken, 'owner')), '403 identity.outranked')
    assert.equal(codeOf(await give(adminToken, 'support', ' ')), '422 identity.reason_invalid')
    assert.equal((await give(adminToken, 'support')).status, 204)
    assert.equal(codeOf(await call('GET', '/v1/session', member.token)), '401 identity.token_expired')
    const renewed = await platform().call('POST', '/v1/tokens', { cookie: member.cookie })
    const token = String(renewed.body.accessToken)
    assert.equal((await call('GET', '/v1/session', token)).body.platformRole, 'support')
    const sessions = await call('GET', of(stranger.id, 'sessions'), token)
    assert.equal((sessions.body.sessions as readonly unknown[]).length, 1)
    const { id: adminId } = await admin()
    assert.equal(codeOf(await call('GET', of(adminId, 'sessions'), token)), '403 identity.outranked')
    const end = (accountId: string) => call('DELETE', of(accountId, 'sessions'), token, { reason: 'a stolen phone' })
    assert.equal(codeOf(await end(adminId)), '403 identity.outranked')
    assert.equal((await end(stranger.id)).status, 204)
    assert.equal(codeOf(await call('GET', '/v1/session', stranger.token)), '401 identity.token_invalid')
    assert.equal((await end(stranger.id)).status, 204, 'where there are none left nothing is left to do')
    assert.equal(codeOf(await call('PUT', of(stranger.id, 'suspension'), token, { reason: 'x' })), '403 http.forbidden')
    assert.notEqual(cookieOf(renewed), member.cookie)
  })

  test('accounts are found by what is known of them, a page at a time, by staff alone', async () => {
    type Found = {
      readonly accounts: readonly { readonly id: string; readonly suspension: unknown }[]
      readonly next: string | null
    }
    const email = 'found.two@example.org'
    const one = await platform().register('found_one')
    const registered = await platform().call('POST', '/v1/accounts', {
      body: { handle: 'found_two', password: PASSWORD, email },
    })
    const position = registered.headers.get('position')
    const two = (registered.body.account as { readonly id: string }).id
    const { token } = await admin()
    const search = async (body: object, query = '') => {
      const path = `/v1/administration/accounts/search${query}`
      const answer = await platform().call<Found>('POST', path, { token, body })
      assert.equal(answer.status, 200, JSON.stringify(answer.body))
      return answer.body
    }
    const ids = async (...asked: Parameters<typeof search>) => (await search(...asked)).accounts.map(({ id }) => id)
    const handle = 'found_'
    assert.deepEqual(await ids({ handle: 'FOUND_' }, `?min-position=${position}`), [one.id, two])
    assert.deepEqual(await ids({ handle: 'found_%' }), [])
    assert.deepEqual(await ids({ email: email.toUpperCase() }), [two])
    const { next } = await search({ handle, limit: 1 })
    assert.equal(next, one.id)
    assert.deepEqual(await ids({ handle, limit: 1, after: next }), [two])
    assert.deepEqual(await ids({ handle, state: 'suspended' }), [])
    assert.equal((await call('PUT', of(one.id, 'suspension'), token, { reason: 'spam' })).status, 204)
    const [suspended] = (await search({ handle, state: 'suspended' })).accounts
    assert.deepEqual([suspended?.id, suspended?.suspension], [one.id, { until: null }])
    assert.deepEqual(await ids({ handle, to: new Date(0).toISOString() }), [])
    assert.deepEqual(await ids({ handle, role: 'admin' }), [])
    await call('GET', '/v1/accounts/me', token)
    await until(async () => (await ids({ handle: 'admin', address: '127.0.0.1' })).length === 1)
    assert.deepEqual(await ids({ handle, address: '198.51.100.1' }), [])
    const stranger = await platform().register('no_staff')
    assert.equal(
      codeOf(await call('POST', '/v1/administration/accounts/search', stranger.token, {})),
      '403 http.forbidden',
    )
  })

  test('an owner is made by the platform alone, on the command line', async () => {
    const member = await platform().register('owning_one')
    await makeOwner(platform().config, never, 'Owning_One')
    // The role stands in the journal; a login reads it where it is projected.
    const isOwner = async () => {
      const login = await logIn('owning_one')
      assert.equal(login.status, 201)
      return (await call('GET', '/v1/session', String(login.body.accessToken))).body.platformRole === 'owner'
    }
    await until(isOwner, { what: 'a login has the role' })
    assert.equal(codeOf(await call('GET', '/v1/session', member.token)), '401 identity.token_expired')
    await assert.rejects(makeOwner(platform().config, never, 'nobody_here'), { code: 'identity.account_unknown' })
  })

  test('whoever acts as somebody says so in every record, and may nothing that is the account’s own', async () => {
    const member = await platform().register('acted_as')
    const { id: adminId, token } = await admin()
    const path = of(member.id, 'acting')
    assert.equal(codeOf(await call('POST', path, member.token, { reason: 'me' })), '403 http.forbidden')
    assert.equal(codeOf(await call('POST', of(adminId, 'acting'), token, { reason: 'x' })), '403 identity.outranked')
    const acting = await call('POST', path, token, { reason: 'lost their channel' })
    assert.equal(acting.status, 201, JSON.stringify(acting.body))
    const as = String(acting.body.accessToken)
    assert.equal((await call('GET', '/v1/accounts/me', as)).body.id, member.id)
    for (const [method, where, body] of [
      ['GET', '/v1/accounts/me/sessions', undefined],
      ['PUT', '/v1/accounts/me/password', { oldPassword: PASSWORD, newPassword: `${PASSWORD} two` }],
      ['DELETE', '/v1/accounts/me', { password: PASSWORD }],
    ] as const)
      assert.equal(codeOf(await call(method, where, as, body)), '403 http.insufficient_scope', where)
    const opened = await call('POST', '/v1/channels', as, {})
    assert.equal(opened.status, 201, JSON.stringify(opened.body))
    const audit = `/v1/administration/audit/search?min-position=${opened.headers.get('position')}`
    const { entries } = (await call('POST', audit, token, { actor: member.id, channel: member.id })).body as {
      readonly entries: readonly { readonly kind: string; readonly impersonator: { readonly id: string } | null }[]
    }
    assert.deepEqual([entries[0]?.kind, entries[0]?.impersonator?.id], ['channel.channel_created', adminId])

    const activity = await call('GET', '/v1/accounts/me/activity', member.token)
    const begun = (
      activity.body.entries as readonly {
        readonly kind: string
        readonly by: string
        readonly details: { readonly reason?: unknown }
      }[]
    ).find(({ kind }) => kind === 'account.acting_begun')
    assert.deepEqual([begun?.by, begun?.details.reason], ['staff', 'lost their channel'])
    await call('DELETE', of(member.id, 'sessions'), token, { reason: 'done' })
    await until(async () => (await call('GET', '/v1/accounts/me', as)).status === 401)
  })
}
