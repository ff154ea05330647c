import assert from 'node:assert/strict'
import { randomBytes, randomUUID } from 'node:crypto'
import { type TestContext, test } from 'node:test'
import fc from 'fast-check'
import { openPostgres } from '#libs/postgres/open.ts'
import { testDatabase } from '#libs/testing/engines.ts'
import { createAccessTokens, LAST_USE_MS } from './access-tokens.ts'
import { masterKeyOf } from './master-key.ts'
import { openVault } from './open.ts'
import { newTokenText, tokenKindOf } from './token-text.ts'
import { openWrapping } from './wrapping-keys.ts'

const start = async (t: TestContext) => {
  const databaseUrl = await testDatabase(t)
  const masterKey = randomBytes(32).toString('base64')
  await (await openVault({ databaseUrl, masterKey })).close()
  const sql = openPostgres(databaseUrl, { max: 4 })
  t.after(() => sql.end())
  const world = { now: Date.UTC(2026, 0, 1) }
  const tokens = createAccessTokens(sql, await openWrapping(sql, masterKeyOf(masterKey)), () => world.now)
  const issue = async (...token: Parameters<typeof tokens.issue>) => {
    const secret = await tokens.issue(...token)
    return secret ?? assert.fail('there is a token of that id already')
  }
  return { world, sql, tokens: { ...tokens, issue }, again: tokens.issue }
}

const made = (fields: { readonly accountId?: string; readonly expiresAt?: number | null } = {}) =>
  ({
    tokenId: randomUUID(),
    accountId: '1',
    kind: 'bot',
    name: 'my bot',
    scopes: ['chat:read', 'chat:write'],
    expiresAt: null,
    ...fields,
  }) as const

test('a token is found by its secret, which is nowhere in the vault, nor is its name to be read there', async (t) => {
  const { sql, tokens, again } = await start(t)
  const { name: _, ...token } = made()
  const secret = await tokens.issue({ ...token, name: 'my bot' })
  assert.deepEqual(await tokens.find(secret), { ...token, blockedUntil: null })
  assert.equal(await tokens.find(newTokenText('bot')), undefined)
  assert.equal(await again({ ...token, name: 'the same once more' }), undefined)
  const [row] = await sql`select t::text as text from vault.access_tokens t`
  for (const hidden of [secret, 'my bot'])
    assert.ok(!row?.text.includes(hidden) && !row?.text.includes(Buffer.from(hidden).toString('hex')))
  await tokens.remove([])
  await tokens.remove([token.tokenId])
  assert.equal(await tokens.find(secret), undefined)
})

test('an owner sees when each was used last, which is written down every ten minutes at most', async (t) => {
  const { world, tokens } = await start(t)
  const secret = await tokens.issue(made())
  const lastUse = async () => (await tokens.listOf('1'))[0]?.lastUsedAt
  assert.equal(await lastUse(), null)
  const first = world.now
  await tokens.find(secret)
  world.now += LAST_USE_MS - 1
  await tokens.find(secret)
  assert.equal(await lastUse(), first)
  world.now += 1
  await tokens.find(secret)
  assert.equal(await lastUse(), world.now)
  world.now += 1
  const second = made({ expiresAt: world.now + 1_000 })
  await tokens.issue(second)
  assert.deepEqual(
    (await tokens.listOf('1')).map(({ tokenId, name, createdAt }) => [tokenId === second.tokenId, name, createdAt]),
    [
      [true, 'my bot', world.now],
      [false, 'my bot', first],
    ],
  )
})

test('one that has expired is told by its end, and goes after a month; those of an account go together', async (t) => {
  const { world, tokens } = await start(t)
  const expired = await tokens.issue(made({ expiresAt: world.now + 1_000 }))
  world.now += 2_000
  assert.equal((await tokens.find(expired))?.expiresAt, world.now - 1_000)
  assert.equal((await tokens.listOf('1'))[0]?.lastUsedAt, null, 'what is refused is no use')
  world.now += 31 * 24 * 3_600_000
  const other = await tokens.issue(made({ accountId: '2' }))
  assert.equal(await tokens.find(expired), undefined)
  await tokens.block('2', null)
  assert.ok(((await tokens.find(other))?.blockedUntil ?? 0) > world.now + 1e14)
  await tokens.unblock('2')
  assert.equal((await tokens.find(other))?.blockedUntil, null)
  await tokens.dropAll('2')
  assert.equal(await tokens.find(other), undefined)
})

test('a token shows what it is by its beginning, and by its checksum that it was copied whole', () => {
  const forms = { personal: /^whp_[0-9A-Za-z]{49}$/, bot: /^whb_[0-9A-Za-z]{49}$/, login_key: /^whk[0-9A-Za-z]{49}$/ }
  for (const [kind, form] of Object.entries(forms) as ['personal' | 'bot' | 'login_key', RegExp][]) {
    const token = newTokenText(kind)
    assert.match(token, form)
    assert.equal(tokenKindOf(token), kind)
    assert.equal(tokenKindOf(` ${token}`), undefined)
    assert.equal(tokenKindOf(token.slice(0, -1)), undefined)
  }
  // What a scanner of code computes by itself: CRC-32 of all before the last six characters, in base 62.
  assert.equal(tokenKindOf(`whp_${'0'.repeat(43)}1wdxDe`), 'personal')
  const mutant = fc.tuple(fc.constantFrom('personal', 'bot', 'login_key'), fc.nat(54), fc.constantFrom('0', 'A', 'z'))
  fc.assert(
    fc.property(mutant, ([kind, at, digit]) => {
      const token = newTokenText(kind as 'bot')
      const place = at % token.length
      const other = token.slice(0, place) + digit + token.slice(place + 1)
      assert.equal(tokenKindOf(other), other === token ? kind : undefined)
    }),
  )
  fc.assert(fc.property(fc.string(), (text) => tokenKindOf(text) === undefined))
})
