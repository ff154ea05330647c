import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { type TestContext, test } from 'node:test'
import { jwtVerify, SignJWT } from 'jose'
import postgres from 'postgres'
import { testDatabase } from '#libs/testing/engines.ts'
import { masterKeyOf } from './master-key.ts'
import { openVault } from './open.ts'
import { createPersonalKeys } from './personal-keys.ts'
import { createSessions } from './sessions.ts'
import { createSigning } from './signing.ts'
import { KeyNotLoaded, type SigningAlgorithm, SubjectErased } from './vault.ts'
import { openWrapping } from './wrapping-keys.ts'

const newMasterKey = () => randomBytes(32).toString('base64')

/** A vault on a database of its own, and a connection beside it to look at what lies there. */
const freshVault = async (t: TestContext) => {
  const options = { databaseUrl: await testDatabase(t), masterKey: newMasterKey() }
  const vault = await openVault(options)
  const sql = postgres(options.databaseUrl, { max: 2, onnotice: () => {} })
  t.after(() => Promise.all([vault.close(), sql.end()]))
  return { vault, sql, options }
}

/** Counts the queries for personal keys that go through a connection. */
const countingKeys = async (databaseUrl: string, masterKey: string, capacity: number, t: TestContext) => {
  const queries: string[] = []
  const sql = postgres(databaseUrl, { max: 2, debug: (_connection, query) => queries.push(query) })
  t.after(() => sql.end())
  const keys = createPersonalKeys(sql, await openWrapping(sql, masterKeyOf(masterKey)), capacity)
  return { keys, queries: () => queries.filter((query) => query.includes('personal_keys')).length }
}

test('a second process opens the same vault and reads what the first has sealed', async (t) => {
  const { vault, options } = await freshVault(t)
  await vault.keys.create('1000')
  const sealed = vault.keys.seal('1000', 'c/0', 'text', 'hello')
  const other = await openVault(options)
  t.after(() => other.close())
  assert.equal(other.keys.open('1000', 'c/0', 'text', sealed), undefined)
  await other.keys.prefetch(['1000'])
  assert.equal(other.keys.open('1000', 'c/0', 'text', sealed), 'hello')
  assert.equal(other.hashes.compare('handle', 'ada'), vault.hashes.compare('handle', 'ada'))
})

test('processes that start at once make one vault', async (t) => {
  const options = { databaseUrl: await testDatabase(t), masterKey: newMasterKey() }
  const vaults = await Promise.all([openVault(options), openVault(options), openVault(options)])
  t.after(() => Promise.all(vaults.map((vault) => vault.close())))
  assert.equal(new Set(vaults.map((vault) => vault.hashes.fingerprint('x'))).size, 1)
  const kids = await Promise.all(vaults.map(async (vault) => (await vault.signing.current()).kid))
  assert.equal(new Set(kids).size, 1)
  for (const vault of vaults) assert.equal((await vault.signing.jwks()).keys.length, 1)
  const later = await openVault(options)
  t.after(() => later.close())
  assert.equal((await later.signing.jwks()).keys.length, 1)
})

test('another master key is refused, and so is none', async (t) => {
  const { options } = await freshVault(t)
  await assert.rejects(openVault({ ...options, masterKey: newMasterKey() }), { code: 'vault.master_key_wrong' })
  await assert.rejects(openVault({ ...options, masterKey: '' }), { code: 'vault.master_key_missing' })
  await assert.rejects(openVault({ ...options, masterKey: 'c2hvcnQ=' }), { code: 'vault.master_key_malformed' })
})

test('a vault that a newer release has migrated is refused', async (t) => {
  const { options, sql } = await freshVault(t)
  await sql`insert into vault.migrations (name) values ('9999-later.sql')`
  await assert.rejects(openVault(options), { code: 'vault.newer_release' })
})

test('keys lie in the vault only wrapped, and a row put in the place of another is noticed', async (t) => {
  const { vault, sql, options } = await freshVault(t)
  await vault.keys.create('1000')
  await vault.keys.create('1001')
  await sql`
    update vault.personal_keys set wrapped = (select wrapped from vault.personal_keys where subject = '1000')
    where subject = '1001'`
  const other = await openVault(options)
  t.after(() => other.close())
  await assert.rejects(other.keys.prefetch(['1001']), { code: 'vault.secret_unreadable' })
})

test('sealing without a key is an error; a subject that nobody knows opens nothing', async (t) => {
  const { vault } = await freshVault(t)
  await vault.keys.prefetch(['1000'])
  assert.throws(() => vault.keys.seal('1000', 'c/0', 'text', 'x'), KeyNotLoaded)
  await vault.keys.create('1000')
  const sealed = vault.keys.seal('1000', 'c/0', 'text', 'x')
  assert.equal(vault.keys.open('1001', 'c/0', 'text', sealed), undefined)
})

test('making a key twice keeps the first', async (t) => {
  const { vault } = await freshVault(t)
  await Promise.all([vault.keys.create('1000'), vault.keys.create('1000')])
  const sealed = vault.keys.seal('1000', 'c/0', 'text', 'x')
  await vault.keys.create('1000')
  assert.equal(vault.keys.open('1000', 'c/0', 'text', sealed), 'x')
})

test('an erased key is gone for ever: no bytes, no sealing, no opening, no new key', async (t) => {
  const { vault, sql, options } = await freshVault(t)
  await vault.keys.create('1000')
  const sealed = vault.keys.seal('1000', 'c/0', 'text', 'x')
  await vault.keys.erase('1000')
  await vault.keys.erase('1000')
  const other = await openVault(options)
  t.after(() => other.close())
  await other.keys.prefetch(['1000'])
  for (const { keys } of [vault, other]) {
    assert.equal(keys.open('1000', 'c/0', 'text', sealed), undefined)
    assert.throws(() => keys.seal('1000', 'c/0', 'text', 'x'), SubjectErased)
    await assert.rejects(keys.create('1000'), SubjectErased)
  }
  assert.deepEqual(
    [...(await sql`select wrapped, erased_at is not null as erased from vault.personal_keys where subject <> '0'`)],
    [{ wrapped: null, erased: true }],
  )
})

test('who is erased is known, whatever another process has cached, and nobody else is', async (t) => {
  const { vault, options } = await freshVault(t)
  await vault.keys.create('1000')
  const other = await openVault(options)
  t.after(() => other.close())
  await other.keys.prefetch(['1000'])
  for (const subject of ['1000', '2000']) assert.equal(await other.keys.isErased(subject), false)
  await vault.keys.erase('1000')
  assert.equal(await other.keys.isErased('1000'), true)
  vault.keys.forget('3000')
  assert.equal(await vault.keys.isErased('3000'), true, 'the journal is the truth')
})

test('an erasure that the journal tells of holds here though the vault still has the key', async (t) => {
  const { vault } = await freshVault(t)
  await vault.keys.create('1000')
  const sealed = vault.keys.seal('1000', 'c/0', 'text', 'x')
  vault.keys.forget('1000')
  assert.equal(vault.keys.open('1000', 'c/0', 'text', sealed), undefined)
  await vault.keys.prefetch(['1000'])
  assert.throws(() => vault.keys.seal('1000', 'c/0', 'text', 'x'), SubjectErased)
})

test('a key on its way when its erasure is told does not come back', async (t) => {
  const { vault, options } = await freshVault(t)
  await vault.keys.create('1000')
  const { keys } = await countingKeys(options.databaseUrl, options.masterKey, 10, t)
  const fetched = keys.prefetch(['1000'])
  keys.forget('1000')
  await fetched
  assert.throws(() => keys.seal('1000', 'c/0', 'text', 'x'), SubjectErased)
})

test('what is asked for at once is one query, and what is known or under way none', async (t) => {
  const { vault, options } = await freshVault(t)
  const subjects = Array.from({ length: 50 }, (_, index) => String(1000 + index))
  await Promise.all(subjects.map((subject) => vault.keys.create(subject)))
  const { keys, queries } = await countingKeys(options.databaseUrl, options.masterKey, 100, t)
  await Promise.all(subjects.map((subject) => keys.prefetch([subject])))
  assert.equal(queries(), 1)
  await keys.prefetch(subjects)
  assert.equal(queries(), 1)
  for (const subject of subjects) keys.seal(subject, 'c/0', 'text', 'x')
})

test('keys beyond the capacity are fetched again when they are wanted', async (t) => {
  const { vault, options } = await freshVault(t)
  for (const subject of ['1000', '1001', '1002']) await vault.keys.create(subject)
  const { keys } = await countingKeys(options.databaseUrl, options.masterKey, 2, t)
  for (const subject of ['1000', '1001', '1002']) await keys.prefetch([subject])
  assert.throws(() => keys.seal('1000', 'c/0', 'text', 'x'), KeyNotLoaded)
  await keys.prefetch(['1000'])
  keys.seal('1000', 'c/0', 'text', 'x')
})

test('equal values of two kinds have hashes that differ, and a vault of its own has others', async (t) => {
  const [{ vault }, { vault: other }] = [await freshVault(t), await freshVault(t)]
  const hashes = [
    vault.hashes.compare('handle', 'ada'),
    vault.hashes.compare('email', 'ada'),
    vault.hashes.compare('address', 'ada'),
    vault.hashes.fingerprint('ada'),
    other.hashes.compare('handle', 'ada'),
    other.hashes.fingerprint('ada'),
  ]
  assert.equal(new Set(hashes).size, hashes.length)
  assert.match(hashes[0] ?? '', /^[A-Za-z0-9_-]{43}$/)
  assert.equal(vault.hashes.fingerprint(Buffer.from('ada')), vault.hashes.fingerprint('ada'))
})

test('ids are counted from 1000 on, each given once', async (t) => {
  const { vault } = await freshVault(t)
  const ids = await Promise.all(Array.from({ length: 5 }, () => vault.nextId()))
  assert.deepEqual(ids.toSorted(), ['1000', '1001', '1002', '1003', '1004'])
})

test('a credential is replaced, and goes', async (t) => {
  const { vault } = await freshVault(t)
  const own = { accountId: '1000', passwordHash: '$argon2id$a', mustChange: true }
  const { put, replace, get, rehash } = vault.credentials
  await put(own)
  const first = await get('1000')
  assert.deepEqual(first, { ...own, passwordId: first?.passwordId })
  await rehash('1000', '$argon2id$a', '$argon2id$b')
  assert.deepEqual(await get('1000'), { ...first, passwordHash: '$argon2id$b' }, 'it is the same password')
  const next = { ...own, passwordHash: '$argon2id$c', mustChange: false }
  const both = await Promise.all([replace(next, first?.passwordId), replace(next, first?.passwordId)])
  assert.deepEqual(both.toSorted(), [false, true], 'of two at once one takes its place')
  assert.equal(await replace(next, undefined), false)
  const second = await get('1000')
  assert.deepEqual([second?.passwordHash, second?.mustChange], ['$argon2id$c', false])
  assert.notEqual(second?.passwordId, first?.passwordId)
  assert.ok(first)
  await put(first)
  assert.deepEqual(await get('1000'), first, 'it is put back as it was')
  await vault.credentials.remove('1000')
  assert.equal(await get('1000'), undefined)
  assert.equal(await replace(own, undefined), true)
})

test('a session is found by its secret, which is nowhere in the vault', async (t) => {
  const { vault, sql } = await freshVault(t)
  const { session, secret } = await vault.sessions.open('1000', 60_000)
  assert.equal(Buffer.from(secret, 'base64url').length, 32)
  assert.deepEqual(await vault.sessions.find(secret), session)
  assert.equal(await vault.sessions.find(`${secret}x`), undefined)
  const [row] = await sql`select t::text as text from vault.refresh_tokens t`
  assert.ok(!row?.text.includes(secret))
  assert.ok(!row?.text.includes(Buffer.from(secret).toString('hex')))
})

test('sessions end one by one, all of an account at once, and by their time', async (t) => {
  const { vault, sql } = await freshVault(t)
  const [a, b, c] = [
    await vault.sessions.open('1000', 60_000),
    await vault.sessions.open('1000', 60_000),
    await vault.sessions.open('1001', 0),
  ]
  assert.equal(await vault.sessions.find(c.secret), undefined)
  assert.equal(await vault.sessions.isOpen(a.session.sessionId), true)
  assert.equal(await vault.sessions.isOpen(c.session.sessionId), false)
  await vault.sessions.close(a.session.sessionId)
  assert.equal(await vault.sessions.find(a.secret), undefined)
  assert.equal(await vault.sessions.isOpen(a.session.sessionId), false)
  assert.deepEqual(await vault.sessions.idsOf('1000'), [b.session.sessionId])
  assert.deepEqual(await vault.sessions.closeAll('1000'), [b.session.sessionId])
  assert.equal(await vault.sessions.find(b.secret), undefined)
  // They are looked for by the first that is opened, and then once in a minute.
  await createSessions(sql).open('1002', 60_000)
  assert.equal((await sql`select from vault.sessions where account_id = '1001'`).length, 0)
})

test('a token that the vault signs is verified by its public keys, and no private part is among them', async (t) => {
  const { vault } = await freshVault(t)
  const { kid, privateKey } = await vault.signing.current()
  const token = await new SignJWT({ sub: '1000' }).setProtectedHeader({ alg: 'EdDSA', kid }).sign(privateKey)
  const { keys } = await vault.signing.jwks()
  const found = keys.find((key) => key.kid === kid)
  assert.ok(found && !('d' in found))
  assert.equal((await jwtVerify(token, found)).payload.sub, '1000')
})

test('another algorithm comes with a key of its own, which takes its turn; each key signs by its own', async (t) => {
  const { sql, options } = await freshVault(t)
  let now = Date.UTC(2026, 0, 1)
  const wrapping = await openWrapping(sql, masterKeyOf(options.masterKey))
  const open = (algorithm: SigningAlgorithm) => createSigning(sql, wrapping, { algorithm, now: () => now })
  const first = await open('EdDSA').current()
  const [one, other] = [open('ES256'), open('ES256')]
  now += 3_600_000
  assert.deepEqual(await Promise.all([one.current(), other.current()].map(async (key) => (await key).kid)), [
    first.kid,
    first.kid,
  ])
  const { keys } = await one.jwks()
  assert.deepEqual(
    keys.map(({ alg, kty }) => [alg, kty]),
    [
      ['ES256', 'EC'],
      ['EdDSA', 'OKP'],
    ],
    'two that start at once make one key',
  )
  now += 5 * 60_000
  const { kid, algorithm, privateKey } = await one.current()
  assert.equal(algorithm, 'ES256')
  const token = await new SignJWT({ sub: '1000' }).setProtectedHeader({ alg: algorithm, kid }).sign(privateKey)
  assert.equal((await jwtVerify(token, keys[0] as never)).payload.sub, '1000')
})

test('a new signing key is served before it signs, and the old one until its tokens have expired', async (t) => {
  const { sql, options } = await freshVault(t)
  let now = Date.UTC(2026, 0, 1)
  const signing = createSigning(sql, await openWrapping(sql, masterKeyOf(options.masterKey)), { now: () => now })
  const kids = async () => (await signing.jwks()).keys.map((key) => key.kid)
  const first = (await signing.current()).kid
  now += 3_600_000
  const { kid: second, signsFrom } = await signing.rotate()
  assert.equal(signsFrom, now + 5 * 60_000)
  assert.equal((await signing.current()).kid, first)
  assert.deepEqual(await kids(), [second, first])
  now += 5 * 60_000
  assert.equal((await signing.current()).kid, second)
  now += 23 * 3_600_000
  assert.deepEqual(await kids(), [second, first])
  now += 3_600_000
  assert.deepEqual(await kids(), [second])
})
