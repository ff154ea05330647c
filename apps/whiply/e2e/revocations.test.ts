import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { startHttpEdge } from '#apps/http-edge/app.ts'
import { openClient } from '#apps/realtime-edge/irc/client.fixtures.ts'
import { call, type Member, password, register } from '#apps/realtime-edge/people.fixtures.ts'
import { startWhole } from '#apps/realtime-edge/whole.fixtures.ts'
import { freePort } from '#infra/embedded/engine.ts'
import { withSettings } from '#libs/config/config.ts'
import { closeCodes } from '#libs/protocols/native/closing.ts'
import { inReverse } from '#libs/testing/in-reverse.ts'
import { openSocket } from '#libs/testing/socket.ts'
import { until } from '#libs/testing/until.ts'

/** Far more than the second that it takes: a busy machine is no failure. */
const DEADLINE_MS = 20_000

/** Two edges of each kind, and IRC, on real engines. */
const setUp = async (test: TestContext) => {
  const t = inReverse(test)
  const ircPort = await freePort()
  const whiply = await startWhole(t, { IRC_PORT: String(ircPort) })
  const secondLive = await whiply.startSecondLive({ ircPort: 0 })
  const second = await startHttpEdge(withSettings(whiply.config, { httpPort: 0 }), new AbortController().signal)
  t.after(() => second.close())
  const urls = [whiply.url, `http://127.0.0.1:${second.port}`] as const
  const ports = [whiply.livePort, secondLive] as const
  const [url] = urls

  const changed = await call(url, 'POST', '/v1/sessions', { body: whiply.admin })
  const body = { oldPassword: whiply.admin.password, newPassword: password }
  const admin = await call(url, 'PUT', '/v1/accounts/me/password', { token: changed.body.accessToken, body })

  /** Everything that a token opens: calls at both edges, a socket at each live edge, and IRC. */
  const useEverywhere = async (token: string) => {
    for (const at of urls) assert.equal((await call(at, 'GET', '/v1/session', { token })).status, 200)
    const sockets = await Promise.all(
      ports.map(async (port) => {
        const socket = await openSocket(test, port)
        socket.send({ type: 'auth', token })
        await socket.next('authenticated')
        return socket
      }),
    )
    const irc = await openClient(test, { port: whiply.livePort, ircPort }, 'tcp')
    irc.send(`PASS oauth:${token}`, 'NICK whoever')
    await irc.next(/ 376 /)
    return { sockets, irc }
  }
  type Used = Awaited<ReturnType<typeof useEverywhere>>

  const isRefused = async (token: string, code: string): Promise<void> => {
    for (const at of urls)
      await until(async () => (await call(at, 'GET', '/v1/session', { token })).body.code === code, {
        timeoutMs: DEADLINE_MS,
        what: `${code} at ${at}`,
      })
  }

  /** Refused over HTTP, and every connection closed with what says why; a new one is not let in. */
  const isOutEverywhere = async (token: string, used: Used, why: string, code: string): Promise<void> => {
    const began = performance.now()
    const closing = used.sockets.map(({ closed }) => closed)
    for (const closed of closing) assert.deepEqual(await closed, { code: closeCodes.sessionEnded, reason: why })
    assert.match(await used.irc.next(/^ERROR/), new RegExp(why))
    await used.irc.closed
    await isRefused(token, code)
    test.diagnostic(`${why}: out everywhere after ${Math.round(performance.now() - began)} ms`)
    for (const port of ports) {
      const again = await openSocket(test, port)
      again.send({ type: 'auth', token })
      assert.equal((await again.next('error')).code, 'live.invalid_token')
      await again.close()
    }
  }

  const makeToken = async (
    member: Member,
    kind: string,
  ): Promise<{ readonly token: string; readonly tokenId: string }> => {
    const asked = { kind, name: 'a bot', scopes: ['chat:read', 'chat:write'] }
    const made = await call(url, 'POST', '/v1/accounts/me/access-tokens', { token: member.token, body: asked })
    assert.equal(made.status, 201, made.text)
    return made.body
  }
  /** At the other edge: an address may log in only so often at each. */
  const logIn = async ({ handle }: Pick<Member, 'handle'>): Promise<string> =>
    (await call(urls[1], 'POST', '/v1/sessions', { body: { handle, password } })).body.accessToken

  const isDone = ({ status, text }: { readonly status: number; readonly text: string }) => assert.ok(status < 300, text)
  return {
    ...{ url, urls, ports, ircPort, livePort: whiply.livePort, adminToken: String(admin.body.accessToken) },
    ...{ useEverywhere, isOutEverywhere, isRefused, makeToken, logIn, isDone },
  }
}

test('what is revoked is out at every edge, and connections are told why', { timeout: 180_000 }, async (t) => {
  const world = await setUp(t)
  const { url, adminToken, useEverywhere, isOutEverywhere, isRefused, makeToken, logIn, isDone } = world
  const sessionOf = async (token: string) => (await call(url, 'GET', '/v1/session', { token })).body.sessionId

  await t.test('a session that its owner ends, while others of theirs go on', async () => {
    const member = await register(url, { handle: 'one_session' })
    const other = await logIn(member)
    const [used, kept] = [await useEverywhere(other), await useEverywhere(member.token)]
    const path = `/v1/accounts/me/sessions/${await sessionOf(other)}`
    isDone(await call(url, 'DELETE', path, { token: member.token }))
    await isOutEverywhere(other, used, 'revoked', 'identity.token_invalid')
    assert.equal((await call(url, 'GET', '/v1/session', { token: member.token })).status, 200)
    for (const socket of kept.sockets) {
      socket.send({ type: 'ping' })
      await socket.next('pong')
    }
  })

  await t.test('all sessions at once', async () => {
    const member = await register(url, { handle: 'all_sessions' })
    const other = await logIn(member)
    const [used, usedToo] = [await useEverywhere(other), await useEverywhere(member.token)]
    isDone(await call(url, 'DELETE', '/v1/accounts/me/sessions', { token: member.token }))
    await isOutEverywhere(other, used, 'revoked', 'identity.token_invalid')
    await isOutEverywhere(member.token, usedToo, 'revoked', 'identity.token_invalid')
  })

  await t.test('every session from before a change of password; what is revoked by itself goes on', async () => {
    const member = await register(url, { handle: 'new_password' })
    const { token: program } = await makeToken(member, 'bot')
    const used = await useEverywhere(member.token)
    const body = { oldPassword: password, newPassword: 'an entirely different one' }
    isDone(await call(url, 'PUT', '/v1/accounts/me/password', { token: member.token, body }))
    await isOutEverywhere(member.token, used, 'revoked', 'identity.token_invalid')
    assert.equal((await call(url, 'GET', '/v1/session', { token: program })).status, 200)
  })

  await t.test('a token of a program that is revoked, and the login key of an older bot', async () => {
    const member = await register(url, { handle: 'with_tokens' })
    for (const kind of ['personal', 'bot', 'login_key']) {
      const { token, tokenId } = await makeToken(member, kind)
      const used = await useEverywhere(token)
      isDone(await call(url, 'DELETE', `/v1/accounts/me/access-tokens/${tokenId}`, { token: member.token }))
      await isOutEverywhere(token, used, 'revoked', 'identity.token_invalid')
    }
    const { token, tokenId } = await makeToken(member, 'login_key')
    const bot = await openSocket(t, world.livePort, { headers: { cookie: `authtoken=${token}` } })
    bot.send({ type: 'auth' })
    assert.equal((await bot.next('authenticated')).account.id, member.id)
    isDone(await call(url, 'DELETE', `/v1/accounts/me/access-tokens/${tokenId}`, { token: member.token }))
    assert.deepEqual(await bot.closed, { code: closeCodes.sessionEnded, reason: 'revoked' })
  })

  await t.test('a suspended account with all of its tokens, until it is restored', async () => {
    const member = await register(url, { handle: 'suspended_one' })
    const { token: program } = await makeToken(member, 'bot')
    const used = await useEverywhere(program)
    const path = `/v1/administration/accounts/${member.id}/suspension`
    isDone(await call(url, 'PUT', path, { token: adminToken, body: { reason: 'spam' } }))
    await isOutEverywhere(program, used, 'suspended', 'identity.account_suspended')
    await isRefused(member.token, 'identity.token_invalid')
    isDone(await call(url, 'DELETE', path, { token: adminToken, body: { reason: 'it was not' } }))
    await useEverywhere(program)
  })

  await t.test('a deactivated account with all of its tokens', async () => {
    const member = await register(url, { handle: 'leaving_one' })
    const { token: program } = await makeToken(member, 'bot')
    const used = await useEverywhere(program)
    isDone(await call(url, 'POST', '/v1/accounts/me/deactivation', { token: member.token, body: { password } }))
    await isOutEverywhere(program, used, 'deactivated', 'identity.token_invalid')
  })

  await t.test('a role that is taken away: its tokens count as expired, and sockets go on without it', async () => {
    const member = await register(url, { handle: 'no_longer' })
    const role = `/v1/administration/accounts/${member.id}/role`
    const setRole = async (to: string) =>
      isDone(await call(url, 'PUT', role, { token: adminToken, body: { role: to, reason: 'as it is now' } }))
    await setRole('support')
    await isRefused(member.token, 'identity.token_expired')
    const { sockets } = await useEverywhere(await logIn(member))
    const token = await logIn(member)
    assert.equal((await call(url, 'GET', '/v1/session', { token })).body.platformRole, 'support')
    await setRole('user')
    await isRefused(token, 'identity.token_expired')
    for (const socket of sockets) {
      socket.send({ type: 'ping' })
      await socket.next('pong')
    }
    const { token: program } = await makeToken({ ...member, token: await logIn(member) }, 'personal')
    assert.equal((await call(url, 'GET', '/v1/session', { token: program })).body.platformRole, 'user')
    await setRole('moderator')
    for (const at of world.urls)
      await until(
        async () => (await call(at, 'GET', '/v1/session', { token: program })).body.platformRole === 'moderator',
        { timeoutMs: DEADLINE_MS },
      )
  })
})
