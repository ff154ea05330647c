import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { freePort } from '#infra/embedded/engine.ts'
import { inReverse } from '#libs/testing/in-reverse.ts'
import { until } from '#libs/testing/until.ts'
import { firstStart } from './first-start.ts'
import {
  type Answer,
  type Client,
  cookieOf,
  createClient,
  type LoggedIn,
  PASSWORD,
  startPlatform,
} from './platform.fixtures.ts'

const codeOf = ({ status, body }: Answer<object>): string =>
  'code' in body ? `${status} ${body.code}` : String(status)

const skewedClock = pathToFileURL(join(import.meta.dirname, 'fixtures/skewed-clock.js')).href

test('an edge is a process of its own', { timeout: 180_000 }, async (test) => {
  const t = inReverse(test)
  const platform = await startPlatform(t)
  const { config } = platform
  await firstStart(config, new AbortController().signal)

  const launch = async (env: NodeJS.ProcessEnv = {}) => {
    const [port, metrics] = [await freePort(), await freePort()]
    const child = spawn(process.execPath, [join(import.meta.dirname, '../whiply/main.ts'), 'http-edge'], {
      env: {
        ...process.env,
        KAFKA_BROKERS: config.kafkaBrokers.join(),
        DATABASE_URL: config.databaseUrl,
        WHIPLY_DATA: config.data,
        WHIPLY_MASTER_KEY: config.masterKey,
        CHANNEL_PARTITIONS: '2',
        FAMILY_PARTITIONS: '2',
        MIN_FREE_DISK: '0',
        LOG_LEVEL: 'error',
        HTTP_PORT: String(port),
        METRICS_PORT: String(metrics),
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let said = ''
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        said += text
      })
    const ended = once(child, 'exit')
    t.after(async () => {
      child.kill('SIGKILL')
      await ended
    })
    return { port, metrics, ended, said: () => said }
  }

  const startSkewed = async (skewMs: number): Promise<Client> => {
    const options = `${process.env.NODE_OPTIONS ?? ''} --import=${skewedClock}`
    const { port, metrics, said } = await launch({ NODE_OPTIONS: options, SKEW_MS: String(skewMs) })
    const isReady = () =>
      fetch(`http://127.0.0.1:${metrics}/readyz`).then(
        ({ ok }) => ok,
        () => false,
      )
    await until(isReady, { timeoutMs: 60_000, what: `an edge is ready; it said ${said()}` })
    return createClient(`http://127.0.0.1:${port}`, () => {})
  }

  await test.test('with another master key it does not start, and says why', async () => {
    const { ended, said, port } = await launch({ WHIPLY_MASTER_KEY: randomBytes(32).toString('base64') })
    assert.deepEqual(await ended, [1, null])
    assert.match(said(), /The master key is not one that opens this vault/)
    assert.doesNotMatch(said(), /\n +at /)
    await assert.rejects(fetch(`http://127.0.0.1:${port}/v1/config`))
  })

  await test.test('with one that is none it does not start either', async () => {
    const { ended, said } = await launch({ WHIPLY_MASTER_KEY: 'c2hvcnQ=' })
    assert.deepEqual(await ended, [1, null])
    assert.match(said(), /The master key in WHIPLY_MASTER_KEY is not one: 32 bytes in base64 are wanted/)
  })

  await test.test('with a clock a minute ahead or behind it lets in, sends and revokes as others do', async () => {
    const [ahead, behind] = await Promise.all([startSkewed(60_000), startSkewed(-60_000)])
    const edges = { ahead, platform, behind }
    const found = await platform.call<{ readonly channels: readonly { readonly id: string }[] }>(
      'GET',
      '/v1/channels?slug=lobby',
    )
    const messages = `/v1/channels/${found.body.channels[0]?.id}/messages`
    await platform.register('skewed')
    for (const [name, edge] of Object.entries(edges)) {
      const told = (answer: Answer<object>) => `${name}: ${codeOf(answer)}`
      const body = { handle: 'skewed', password: PASSWORD }
      const session = await edge.call<LoggedIn>('POST', '/v1/sessions', { body })
      assert.equal(told(session), `${name}: 201`)
      const renewed = await edge.call<LoggedIn>('POST', '/v1/tokens', { cookie: cookieOf(session) })
      assert.equal(told(renewed), `${name}: 201`)
      for (const [where, other] of Object.entries(edges))
        for (const token of [session.body.accessToken, renewed.body.accessToken])
          assert.equal(codeOf(await other.call('GET', '/v1/session', { token })), '200', `from ${name}, at ${where}`)
      const { accessToken: token } = renewed.body
      assert.equal(told(await edge.call('POST', messages, { token, body: { text: `from ${name}` } })), `${name}: 201`)
      const scopes = ['chat:read']
      const asked = { kind: 'bot', name, scopes, expiresAt: new Date(Date.now() + 180_000).toISOString() }
      const made = await edge.call<{ readonly token: string }>('POST', '/v1/accounts/me/access-tokens', {
        token,
        body: asked,
      })
      assert.equal(told(made), `${name}: 201`)
      for (const other of Object.values(edges))
        assert.equal((await other.call('GET', '/v1/session', { token: made.body.token })).status, 200)
      const next = cookieOf(renewed)
      assert.equal(told(await edge.call('DELETE', '/v1/sessions/current', { cookie: next })), `${name}: 204`)
      for (const other of Object.values(edges))
        await until(
          async () => codeOf(await other.call('GET', '/v1/session', { token })) === '401 identity.token_invalid',
          { what: `what ${name} ended is refused everywhere` },
        )
    }
  })
})
