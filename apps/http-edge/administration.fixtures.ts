import assert from 'node:assert/strict'
import { test } from 'node:test'
import { until } from '#libs/testing/until.ts'
import { type Answer, cookieOf, type LoggedIn, PASSWORD, type Platform } from './platform.fixtures.ts'

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

  test('a suspended account is out everywhere within a second, until it is restored', async () => {
    const member = await platform().register('suspended_one')
    const path = of(member.id, 'suspension')
    const { id: adminId, token } = await admin()
    assert.equal(codeOf(await call('PUT', path, member.token, { reason: 'me' })), '403 http.forbidden')
    assert.equal(codeOf(await call('DELETE', path, token, { reason: 'none' })), '409 identity.not_suspended')
    assert.equal((await call('PUT', path, token, { reason: 'spam' })).status, 204)
    await until(async () => (await call('GET', '/v1/session', member.token)).status === 401, { timeoutMs: 1_000 })
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
    assert.equal(codeOf(await call('PUT', path, member.token, { role: 'admin' })), '403 http.forbidden')
    assert.equal(codeOf(await call('PUT', path, adminToken, { role: 'owner' })), '403 identity.outranked')
    assert.equal((await call('PUT', path, adminToken, { role: 'support' })).status, 204)
    assert.equal(codeOf(await call('GET', '/v1/session', member.token)), '401 identity.token_expired')
    const renewed = await platform().call('POST', '/v1/tokens', { cookie: member.cookie })
    const token = String(renewed.body.accessToken)
    assert.equal((await call('GET', '/v1/session', token)).body.platformRole, 'support')
    const sessions = await call('GET', of(stranger.id, 'sessions'), token)
    assert.equal((sessions.body.sessions as readonly unknown[]).length, 1)
    assert.equal((await call('DELETE', of(stranger.id, 'sessions'), token)).status, 204)
    assert.equal(codeOf(await call('GET', '/v1/session', stranger.token)), '401 identity.token_invalid')
    assert.equal(codeOf(await call('PUT', of(stranger.id, 'suspension'), token, { reason: 'x' })), '403 http.forbidden')
    assert.notEqual(cookieOf(renewed), member.cookie)
  })
}
