import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Sql } from 'postgres'
import { HttpProblem } from '#libs/http/problem.ts'
import type { Caller } from '#libs/http/route.ts'
import { staffRule } from '#libs/identity/standing.ts'
import { newTokenText } from '#libs/vault/token-text.ts'
import type { Session } from '#libs/vault/vault.ts'
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

/** A row of the read model. */
const moderator = { accountId: '7', state: 'open', handle: 'ada', displayName: 'Ada', platformRole: 'moderator' }

/** Sessions are found where there is one: what was looked for tells enough. */
const setUp = (secureCookies: boolean, session?: Pick<Session, 'accountId' | 'sessionId' | 'secondFactor'>) => {
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
          return session
        },
      },
      credentials: { get: async () => undefined },
    } as unknown as Parameters<typeof createAuthentication>[0]['vault'],
    sql: (async () => (session ? [moderator] : assert.fail('no row is read here'))) as unknown as Sql,
    secureCookies,
    staff: staffRule(true),
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

test('where staff show two factors, a session without them has no role on the platform', async () => {
  const of = async (secondFactor: boolean) => {
    const { byCookie } = setUp(false, { accountId: '7', sessionId: 's', secondFactor })
    const { platformRole, heldBackRole } = (await byCookie('whiply_session=plain')) ?? {}
    return [platformRole, heldBackRole]
  }
  assert.deepEqual(
    [await of(true), await of(false)],
    [
      ['moderator', undefined],
      ['user', 'moderator'],
    ],
  )
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
