import assert from 'node:assert/strict'
import { test } from 'node:test'
import { until } from '#libs/testing/until.ts'
import { type Answer, type Asked, type LoggedIn, PASSWORD, type Platform } from './platform.fixtures.ts'

const codeOf = ({ status, body }: Answer<object>): string =>
  'code' in body ? `${status} ${body.code}` : String(status)

/** Bans of addresses, at an edge that believes its proxy about who comes. */
export const testAddressBans = (platform: () => Platform): void => {
  test('who comes from a banned address can only read, at every edge, until it is lifted', async () => {
    const behindProxy = await platform().startEdge({ trustedProxies: ['127.0.0.0/8', '::1'] })
    const from = (address: string, method: string, path: string, asked: Asked = {}) =>
      behindProxy.call(method, path, { ...asked, headers: { 'x-forwarded-for': address, ...asked.headers } })
    const member = await platform().register('banned_network')
    const { body } = await platform().call<LoggedIn>('POST', '/v1/sessions', {
      body: { handle: 'admin', password: PASSWORD },
    })
    const token = body.accessToken
    const path = '/v1/administration/address-bans'
    const ban = (range: string, as = token) =>
      platform().call('POST', path, { token: as, body: { range, reason: 'floods' } })
    assert.equal(codeOf(await ban('203.0.113.0/24', member.token)), '403 http.forbidden')
    assert.equal(codeOf(await ban('127.0.0.0/8')), '422 identity.address_own')
    assert.equal(codeOf(await ban('0.0.0.0/0')), '422 identity.range_invalid')

    const banned = await ban('203.0.113.9/24')
    assert.deepEqual([banned.status, banned.body.range], [201, '203.0.113.0/24'])
    const login = { body: { handle: 'banned_network', password: PASSWORD } }
    const refused = async () => codeOf(await from('203.0.113.77', 'POST', '/v1/sessions', login))
    await until(async () => (await refused()) === '403 http.address_banned')
    const posted = { token: member.token, body: { text: 'hello' } }
    const registration = { body: { handle: 'another_one', password: PASSWORD } }
    for (const [where, asked] of [
      ['/v1/channels/1/messages', posted],
      ['/v1/accounts', registration],
    ] as const)
      assert.equal(codeOf(await from('203.0.113.1', 'POST', where, asked)), '403 http.address_banned')
    assert.equal((await from('203.0.113.1', 'GET', '/v1/channels?slug=lobby')).status, 200)
    assert.equal((await from('198.51.100.1', 'POST', '/v1/sessions', login)).status, 201, 'nobody else is kept out')
    assert.equal((await from('203.0.113.1, 198.51.100.1', 'POST', '/v1/sessions', login)).status, 201, 'nor believed')

    const later = await platform().startEdge({ trustedProxies: ['127.0.0.0/8', '::1'] })
    const headers = { 'x-forwarded-for': '203.0.113.1' }
    assert.equal(codeOf(await later.call('POST', '/v1/sessions', { ...login, headers })), '403 http.address_banned')

    const listed = `${path}?min-position=${banned.headers.get('position')}`
    const { bans } = (await platform().call('GET', listed, { token })).body as {
      readonly bans: readonly { readonly id: string; readonly reason: string }[]
    }
    assert.deepEqual([bans[0]?.id, bans[0]?.reason], [banned.body.id, 'floods'])
    const lift = () => platform().call('DELETE', `${path}/${banned.body.id}`, { token, body: { reason: 'a school' } })
    assert.equal((await lift()).status, 204)
    assert.equal(codeOf(await lift()), '404 identity.address_not_banned')
    await until(async () => (await from('203.0.113.77', 'POST', '/v1/sessions', login)).status === 201)
  })
}
