import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { defaultAllowances } from '#libs/http/allowance.ts'
import { type IsolatedKafka, isolatedKafka } from '#libs/testing/isolated-kafka.ts'
import { postgresProxy } from '#libs/testing/postgres-proxy.ts'
import { until } from '#libs/testing/until.ts'
import { firstStart } from './first-start.ts'
import { type Answer, PASSWORD, type Platform, startPlatform } from './platform.fixtures.ts'

const told = ({ status, body }: Answer<object>): string => ('code' in body ? `${status} ${body.code}` : String(status))

describe('the API when something is away or used up', () => {
  const cleaners: (() => unknown)[] = []
  let kafka: IsolatedKafka
  let platform: Platform
  let ada: Awaited<ReturnType<Platform['register']>>
  let messages: string

  before(async () => {
    const after = { after: (clean: unknown) => cleaners.unshift(clean as () => unknown) }
    kafka = await isolatedKafka(after)
    platform = await startPlatform(after, {}, kafka)
    await firstStart(platform.config, new AbortController().signal)
    const found = await platform.call<{ readonly channels: readonly { readonly id: string }[] }>(
      'GET',
      '/v1/channels?slug=lobby',
    )
    messages = `/v1/channels/${found.body.channels[0]?.id}/messages`
    ada = await platform.register('ada')
  })
  after(async () => {
    for (const clean of cleaners) await clean()
  })

  const tokenOf = async (token: string): Promise<string> => {
    const body = { kind: 'bot', name: 'a bot', scopes: ['chat:read', 'chat:write'] }
    return String((await platform.call('POST', '/v1/accounts/me/access-tokens', { token, body })).body.token)
  }

  const post = (client: Pick<Platform, 'call'> = platform, text = 'hello') =>
    client.call('POST', messages, { token: ada.token, body: { text } })

  test('disk-full: nothing new is taken, and reading goes on', async () => {
    const edge = await platform.startEdge({ minFreeDisk: 2 ** 52 })
    assert.equal(told(await post(edge)), '507 platform.disk_full')
    const body = { handle: 'late', password: PASSWORD }
    assert.equal(told(await edge.call('POST', '/v1/accounts', { body })), '507 platform.disk_full')
    const change = { oldPassword: PASSWORD, newPassword: 'another password' }
    const refused = await edge.call('PUT', '/v1/accounts/me/password', { token: ada.token, body: change })
    assert.equal(told(refused), '507 platform.disk_full')
    assert.equal((await edge.call('GET', messages)).status, 200)
    assert.equal((await edge.call('POST', '/v1/sessions', { body: { handle: 'ada', password: PASSWORD } })).status, 201)
  })

  test('guessing-passwords: an address is told to wait', async () => {
    const edge = await platform.startEdge({}, defaultAllowances)
    const guess = () => edge.call('POST', '/v1/sessions', { body: { handle: 'x', password: 'y' } })
    const burst = defaultAllowances.credentials.address.burst
    const answers = await Promise.all(Array.from({ length: burst + 1 }, guess))
    const refused = answers.filter((answer) => told(answer) === '429 http.rate_limited')
    assert.equal(refused.length, 1)
    assert.match(refused[0]?.headers.get('retry-after') ?? '', /^[1-9]\d*$/)
    assert.equal((await edge.call('GET', messages)).status, 200, 'reading has an allowance of its own')
  })

  test('revoked-elsewhere: what one edge ends the other refuses', async () => {
    const other = await platform.startEdge()
    const bob = await platform.register('bob')
    const me = () => other.call('GET', '/v1/accounts/me', { token: bob.token })
    assert.equal((await me()).status, 200)
    assert.equal((await platform.call('DELETE', '/v1/sessions/current', { cookie: bob.cookie })).status, 204)
    await until(async () => told(await me()) === '401 identity.token_invalid')
  })

  test('postgres-away: queries say so at once, posting goes on, and nothing has to be restarted', async () => {
    const proxy = await postgresProxy(platform.config.databaseUrl)
    cleaners.push(proxy.close)
    const edge = await platform.startEdge({ databaseUrl: proxy.databaseUrl })
    assert.equal((await edge.call('GET', '/v1/accounts/me', { token: ada.token })).status, 200)
    const bot = await tokenOf(ada.token)
    const session = (token: string) => edge.call('GET', '/v1/session', { token })
    assert.equal((await session(bot)).status, 200)
    proxy.cut()
    for (let n = 0; n < 8; n++) assert.equal(told(await edge.call('GET', messages)), '503 platform.unavailable')
    const login = await edge.call('POST', '/v1/sessions', { body: { handle: 'ada', password: PASSWORD } })
    assert.equal(told(login), '503 platform.unavailable')
    assert.equal(login.headers.get('retry-after'), '1')
    for (const token of [ada.token, bot]) assert.equal((await session(token)).status, 200, 'what is known goes on')
    const unknown = await session((await platform.register('unknown_here')).token)
    assert.equal(told(unknown), '503 platform.unavailable', 'whether it was revoked nobody can tell')
    assert.equal(told(await session(`${ada.token}x`)), '401 identity.token_invalid', 'the keys are known')
    const asked = { kind: 'bot', name: 'x', scopes: ['chat:read'] }
    const made = await edge.call('POST', '/v1/accounts/me/access-tokens', { token: ada.token, body: asked })
    assert.equal(told(made), '503 platform.unavailable')
    assert.equal((await post(edge)).status, 201, 'a token that is known and a channel that is decided need no rows')
    const behind = await edge.call('GET', `${messages}?min-position=channel.0.999999`, { once: true })
    assert.match(told(behind), /^503 platform\.(behind|unavailable)$/)
    proxy.restore()
    await until(async () => (await edge.call('GET', messages)).status === 200)
  })

  test('read-model-behind: a query for a position that is not there says so', async () => {
    const behind = await platform.call('GET', `${messages}?min-position=channel.0.999999`, { once: true })
    assert.equal(told(behind), '503 platform.behind')
  })

  test('a position of a place that is none is refused, and not waited for', async () => {
    for (const nowhere of ['channel.2.1', 'weather.0.1'])
      assert.equal(told(await platform.call('GET', `${messages}?min-position=${nowhere}`)), '400 http.invalid_request')
  })

  /** What is refused because commands cannot be sent leaves nothing in the vault. */
  const leavesNothing = async () => {
    const sessions = async () => {
      const { body } = await platform.call('GET', '/v1/accounts/me/sessions', { token: ada.token })
      return (body.sessions as readonly unknown[]).length
    }
    const tokens = async () => {
      const { body } = await platform.call('GET', '/v1/accounts/me/access-tokens', { token: ada.token })
      return (body.tokens as readonly unknown[]).length
    }
    const [sessionsBefore, tokensBefore] = [await sessions(), await tokens()]
    let bios = 0
    const change = () => platform.call('PATCH', '/v1/accounts/me', { token: ada.token, body: { bio: `${++bios}` } })
    // What waits for longer than two seconds makes the next command be refused, of that partition.
    await until(async () => {
      const answer = await Promise.race([change(), sleep(300)])
      return answer !== undefined && told(answer) === '503 platform.busy'
    })
    const passwords = { oldPassword: PASSWORD, newPassword: 'another, entirely' }
    const asked = { kind: 'bot', name: 'x', scopes: ['chat:read'] }
    const refused = [
      await platform.call('POST', '/v1/sessions', { body: { handle: 'ada', password: PASSWORD } }),
      await platform.call('PUT', '/v1/accounts/me/password', { token: ada.token, body: passwords }),
      await platform.call('POST', '/v1/accounts/me/access-tokens', { token: ada.token, body: asked }),
      await platform.call('DELETE', '/v1/accounts/me/sessions', { token: ada.token }),
    ]
    for (const answer of refused) {
      assert.equal(told(answer), '503 platform.busy')
      assert.match(answer.headers.get('retry-after') ?? '', /^[1-9]\d*$/)
    }
    assert.deepEqual([await sessions(), await tokens()], [sessionsBefore, tokensBefore])
    assert.equal((await platform.call('GET', '/v1/session', { token: ada.token })).status, 200)
  }

  test('kafka-frozen: a command is promised, more are refused, and the promise is kept', async () => {
    await kafka.pause()
    const waiting = post()
    const soon = async () => Promise.race([post(), sleep(300)])
    await until(async () => {
      const answer = await soon()
      return answer !== undefined && told(answer) === '503 platform.busy'
    })
    const promised = await waiting
    assert.equal(promised.status, 202)
    assert.equal((await platform.call('GET', messages)).status, 200, 'reading goes on')
    assert.equal((await platform.call('GET', '/v1/session', { token: ada.token })).status, 200)
    await leavesNothing()
    await kafka.resume()
    const location = promised.headers.get('location') ?? ''
    await until(async () => (await platform.call('GET', location, { token: ada.token })).status === 200, {
      timeoutMs: 60_000,
    })
    const outcome = await platform.call('GET', location, { token: ada.token })
    assert.equal(outcome.body.status, 'accepted')
    await until(async () => (await post()).status === 201, { timeoutMs: 30_000 })
    assert.equal(
      (await platform.call('POST', '/v1/sessions', { body: { handle: 'ada', password: PASSWORD } })).status,
      201,
    )
  })
})
