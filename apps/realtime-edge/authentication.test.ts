import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Sql } from 'postgres'
import { HttpProblem } from '#libs/http/problem.ts'
import type { Caller } from '#libs/http/route.ts'
import { newTokenText } from '#libs/vault/token-text.ts'
import { createAuthentication } from './authentication.ts'

const key = newTokenText('login_key')

const bot: Caller = {
  accountId: '7',
  sessionId: 'token-1',
  handle: 'bot',
  displayName: 'Bot',
  platformRole: 'user',
  scopes: ['chat:read', 'chat:write'],
  mustChangePassword: false,
  expiresAt: Number.POSITIVE_INFINITY,
}

/** Sessions are never found here: what was looked for tells enough. */
const setUp = (secureCookies: boolean) => {
  const asked: string[] = []
  const authentication = createAuthentication({
    verification: {
      known: () => undefined,
      verify: async (token) => {
        if (token === 'away') throw new HttpProblem('platform.unavailable')
        if (token !== key) throw new HttpProblem('identity.token_invalid')
        return bot
      },
    },
    vault: {
      sessions: {
        find: async (secret: string) => {
          asked.push(secret)
          return undefined
        },
      },
      credentials: {},
    } as unknown as Parameters<typeof createAuthentication>[0]['vault'],
    sql: (() => assert.fail('no row is read here')) as unknown as Sql,
    secureCookies,
  })
  return { asked, ...authentication }
}

test('over TLS a session is looked for by the cookie that is bound to this host, else by the plain one', async () => {
  const both = '__Host-whiply_session=bound; whiply_session=plain'
  for (const [secure, secret] of [
    [true, 'bound'],
    [false, 'plain'],
  ] as const) {
    const { asked, byCookie } = setUp(secure)
    assert.equal(await byCookie(both), undefined)
    assert.deepEqual(asked, [secret])
  }
})

test('an older bot is known by the cookie that holds its login key', async () => {
  const { byCookie } = setUp(true)
  const found = await byCookie(`theme=dark; authtoken=${key}`)
  assert.deepEqual([found?.accountId, found?.sessionId, found?.scopes], ['7', 'token-1', ['chat:read', 'chat:write']])
  assert.equal(await byCookie(`authtoken=${newTokenText('login_key')}`), undefined)
  assert.equal(await byCookie(`authtoken=${newTokenText('personal')}`), undefined)
})

test('whatever comes as cookies, it is somebody or nobody', async () => {
  const { byCookie } = setUp(false)
  const pair = fc
    .tuple(fc.constantFrom('authtoken', 'whiply_session', '', 'a'), fc.string())
    .map((each) => each.join('='))
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        fc.string(),
        fc.array(pair).map((all) => all.join('; ')),
      ),
      async (text) => {
        assert.equal(await byCookie(text), undefined)
      },
    ),
  )
})

test('a token that does not hold is nobody; where that cannot be told it is said', async () => {
  const { byToken } = setUp(true)
  assert.equal(await byToken('forged'), undefined)
  await assert.rejects(byToken('away'), { code: 'platform.unavailable' })
})
