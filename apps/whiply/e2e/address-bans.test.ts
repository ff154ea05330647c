import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openClient } from '#apps/realtime-edge/irc/client.fixtures.ts'
import { call, password, register } from '#apps/realtime-edge/people.fixtures.ts'
import { startWhole } from '#apps/realtime-edge/whole.fixtures.ts'
import { freePort } from '#infra/embedded/engine.ts'
import { closeCodes } from '#libs/protocols/native/closing.ts'
import { openSocket } from '#libs/testing/socket.ts'
import { until } from '#libs/testing/until.ts'

const from = (address: string) => ({ 'x-forwarded-for': address })

/** Of each kind a network, two addresses in it, and one beside it. */
const networks = [
  { range: '203.0.113.0/24', address: '203.0.113.7', neighbour: '203.0.113.200', stranger: '203.0.114.7' },
  {
    range: '2001:db8:1:2::/64',
    address: '2001:db8:1:2::7',
    neighbour: '2001:db8:1:2:f::9',
    stranger: '2001:db8:1:3::7',
  },
] as const

test('who is connected from an address that is banned is cut, and told why', { timeout: 150_000 }, async (t) => {
  const ircPort = await freePort()
  const whiply = await startWhole(t, { IRC_PORT: String(ircPort), TRUSTED_PROXIES: '127.0.0.0/8,::1' })
  const { url, livePort } = whiply
  const home = from('198.51.100.1')
  const first = await call(url, 'POST', '/v1/sessions', { body: whiply.admin, headers: home })
  const body = { oldPassword: whiply.admin.password, newPassword: password }
  const { accessToken } = (await call(url, 'PUT', '/v1/accounts/me/password', { token: first.body.accessToken, body }))
    .body
  const administer = (method: string, path: string, asked: object = {}) =>
    call(url, method, `/v1/administration/${path}`, { token: accessToken, headers: home, ...asked })
  const ban = async (range: string): Promise<string> => {
    const banned = await administer('POST', 'address-bans', { body: { range, reason: 'floods' } })
    assert.equal(banned.status, 201, banned.text)
    return banned.body.id
  }

  const live = async (address: string, token?: string) => {
    const socket = await openSocket(t, livePort, { headers: from(address) })
    if (token !== undefined) {
      socket.send({ type: 'auth', token })
      await socket.next('authenticated')
    }
    return socket
  }
  const irc = async (address: string, token: string) => {
    const client = await openClient(t, { port: livePort, ircPort }, 'websocket', from(address))
    client.send(`PASS oauth:${token}`, 'NICK whoever')
    await client.next(/ 376 /)
    return client
  }

  for (const [index, { range, address, neighbour, stranger }] of networks.entries())
    await t.test(range, async (t) => {
      const member = await register(url, { handle: `member_${index}` })
      const chatter = await register(url, { handle: `chatter_${index}` })
      const sockets = [await live(address, member.token), await live(neighbour)]
      const client = await irc(neighbour, chatter.token)
      const kept = await live(stranger, member.token)

      // Neither has made a call over HTTP from there.
      const seenAt = async (where: string): Promise<readonly string[]> => {
        const found = await administer('POST', 'accounts/search', { body: { address: where } })
        assert.equal(found.status, 200, found.text)
        return found.body.accounts.map(({ id }: { readonly id: string }) => id)
      }
      await until(async () => (await seenAt(address)).includes(member.id), { what: 'the socket was noted' })
      await until(async () => (await seenAt(neighbour)).includes(chatter.id), { what: 'IRC was noted' })

      const began = performance.now()
      await ban(range)
      for (const { closed } of sockets)
        assert.deepEqual(await closed, { code: closeCodes.addressBanned, reason: 'your address is banned' })
      assert.match(await client.next(/^ERROR/), /your address is banned/)
      assert.equal(await client.closed, closeCodes.addressBanned)
      t.diagnostic(`${range}: cut after ${Math.round(performance.now() - began)} ms, the ban's own way included`)

      await assert.rejects(live(address), /403/)
      await assert.rejects(irc(neighbour, chatter.token), /403/)
      kept.send({ type: 'ping' })
      await kept.next('pong')
    })

  await t.test('IRC over TCP', async () => {
    const { token } = await register(url, { handle: 'by_tcp' })
    const client = await openClient(t, { port: livePort, ircPort }, 'tcp')
    client.send(`PASS oauth:${token}`, 'NICK whoever')
    await client.next(/ 376 /)
    const id = await ban('127.0.0.1')
    assert.match(await client.next(/^ERROR/), /your address is banned/)
    await client.closed
    const again = await openClient(t, { port: livePort, ircPort }, 'tcp')
    assert.match(await again.next(/^ERROR/), /your address is banned/)
    const lifted = await administer('DELETE', `address-bans/${id}`, { body: { reason: 'it was us' } })
    assert.equal(lifted.status, 204, lifted.text)
    await until(async () => {
      const back = await openClient(t, { port: livePort, ircPort }, 'tcp')
      back.send(`PASS oauth:${token}`, 'NICK whoever')
      return back.next(/ 376 /).then(
        () => true,
        () => false,
      )
    })
  })
})
