import assert from 'node:assert/strict'
import { randomBytes, randomUUID } from 'node:crypto'
import { type TestContext, test } from 'node:test'
import { openPostgres } from '#libs/postgres/open.ts'
import { testDatabase } from '#libs/testing/engines.ts'
import { dropFactor, dropFactors } from './factors.ts'
import { createKnownDevices } from './known-devices.ts'
import { openVault } from './open.ts'
import type { Passkey } from './passkeys.ts'

const setUp = async (t: TestContext) => {
  const databaseUrl = await testDatabase(t)
  const vault = await openVault({ databaseUrl, masterKey: randomBytes(32).toString('base64') })
  const sql = openPostgres(databaseUrl, { max: 2 })
  t.after(() => Promise.all([vault.close(), sql.end()]))
  return { vault, factors: vault.factors, sql }
}

const account = '1000'

test('a secret of codes by time is sealed, and kept until it is confirmed in the place of one that never was', async (t) => {
  const { factors, sql } = await setUp(t)
  const [first, second] = [randomBytes(20), randomBytes(20)]
  const [id, other] = [randomUUID(), randomUUID()]
  assert.equal((await factors.totp.enrol(account, id, first))?.confirmed, false)
  const again = await factors.totp.enrol(account, other, second)
  assert.deepEqual(again, { factorId: id, secret: second, confirmed: false })
  await factors.totp.confirm(account)
  assert.equal(await factors.totp.enrol(account, other, first), undefined)
  assert.deepEqual(await factors.totp.find(account), { factorId: id, secret: second, confirmed: true })
  const [row] = await sql<{ wrapped_secret: Buffer }[]>`select wrapped_secret from vault.totp`
  assert.ok(!row?.wrapped_secret.includes(second))
  await sql`update vault.totp set account_id = '1001'`
  await assert.rejects(factors.totp.find('1001'), { code: 'vault.secret_unreadable' })
})

test('of those who use one time step at once one does, and then none before it', async (t) => {
  const { factors } = await setUp(t)
  await factors.totp.enrol(account, randomUUID(), randomBytes(20))
  const used = await Promise.all(Array.from({ length: 6 }, () => factors.totp.use(account, 7)))
  assert.deepEqual(used.filter(Boolean), [true])
  assert.deepEqual([await factors.totp.use(account, 6), await factors.totp.use(account, 8)], [false, true])
  assert.equal(await factors.totp.use('1001', 9), false)
})

test('a recovery code is good once, however it is written, for its account alone, until there are new ones', async (t) => {
  const { factors, sql } = await setUp(t)
  const codes = (await factors.recoveryCodes.replace(account, 4)) ?? []
  assert.deepEqual([codes.length, new Set(codes).size], [10, 10])
  for (const code of codes) assert.match(code, /^[a-z2-9]{6}(-[a-z2-9]{6}){4}$/)
  const [first = '', second = '', third = ''] = codes
  assert.equal(await factors.recoveryCodes.use('1001', first), undefined)
  const used = await Promise.all(Array.from({ length: 6 }, () => factors.recoveryCodes.use(account, first)))
  assert.deepEqual(
    used.filter((left) => left !== undefined),
    [9],
  )
  assert.equal(await factors.recoveryCodes.use(account, ` ${second.toUpperCase().replaceAll('-', ' ')} `), 8)
  const rows = await sql<{ code_hash: Buffer }[]>`select code_hash from vault.recovery_codes`
  assert.ok(rows.every(({ code_hash }) => code_hash.length === 32))
  const [later = ''] = (await factors.recoveryCodes.replace(account, 9)) ?? []
  assert.equal(
    await factors.recoveryCodes.replace(account, 4),
    undefined,
    'by an earlier record none are made any more',
  )
  assert.equal(await factors.recoveryCodes.use(account, later), 9)
  await factors.recoveryCodes.replace(account, 9)
  assert.equal(await factors.recoveryCodes.use(account, third), undefined)
  assert.equal(await factors.recoveryCodes.left(account), 10)
})

const passkey = (fields: Partial<Passkey> = {}): Passkey => ({
  credentialId: randomBytes(32),
  factorId: randomUUID(),
  accountId: account,
  publicKey: randomBytes(77),
  counter: 0,
  transports: ['internal', 'hybrid'],
  name: 'my phone',
  ...fields,
})

test('a passkey is one account’s, and of two uses with one count the second is refused', async (t) => {
  const { passkeys } = (await setUp(t)).factors
  const one = passkey()
  assert.equal(await passkeys.add(one), true)
  assert.equal(await passkeys.add({ ...passkey(), credentialId: one.credentialId, accountId: '1001' }), false)
  const { createdAt: _, lastUsedAt, ...listed } = (await passkeys.listOf(account))[0] ?? assert.fail('it is there')
  assert.deepEqual([listed, lastUsedAt], [one, null])
  const { credentialId: id } = one
  const uses = [await passkeys.use(id, 0), await passkeys.use(id, 0), await passkeys.use(id, 5)]
  assert.deepEqual(uses, [true, true, true], 'one that does not count says 0 each time')
  for (const counter of [5, 4, 0]) assert.equal(await passkeys.use(id, counter), false)
  assert.equal((await passkeys.find(id))?.counter, 5)
  await passkeys.remove('1001', one.factorId)
  assert.equal((await passkeys.listOf(account)).length, 1, 'nobody removes another’s')
  await passkeys.remove(account, one.factorId)
  assert.equal(await passkeys.find(id), undefined)
})

test('all factors of an account go together, those of others stay', async (t) => {
  const { factors } = await setUp(t)
  for (const accountId of [account, '1001']) {
    await factors.totp.enrol(accountId, randomUUID(), randomBytes(20))
    await factors.recoveryCodes.replace(accountId, 1)
    await factors.passkeys.add(passkey({ accountId }))
  }
  await dropFactors(factors, account)
  const left = async (id: string) => [
    await factors.totp.find(id),
    await factors.recoveryCodes.left(id),
    (await factors.passkeys.listOf(id)).length,
  ]
  assert.deepEqual(await left(account), [undefined, 0, 0])
  assert.deepEqual((await left('1001')).slice(1), [10, 1])
})

test('a factor is taken away by its id: with codes by time the recovery codes, and nothing of what was set up since', async (t) => {
  const { factors } = await setUp(t)
  const [first, second, kept] = [randomUUID(), randomUUID(), randomUUID()]
  const left = async () => ({
    totp: (await factors.totp.find(account))?.factorId,
    codes: await factors.recoveryCodes.left(account),
    passkeys: (await factors.passkeys.listOf(account)).map(({ factorId }) => factorId).sort(),
  })
  await factors.totp.enrol(account, first, randomBytes(20))
  await factors.recoveryCodes.replace(account, 1)
  for (const factorId of [second, kept]) await factors.passkeys.add(passkey({ accountId: account, factorId }))
  await dropFactor(factors, account, { factor: 'totp', factorId: second })
  await dropFactor(factors, '1001', { factor: 'totp', factorId: first })
  await dropFactor(factors, '1001', { factor: 'passkey', factorId: second })
  assert.deepEqual(await left(), { totp: first, codes: 10, passkeys: [second, kept].sort() })
  for (const _again of [1, 2]) {
    await dropFactor(factors, account, { factor: 'totp', factorId: first })
    await dropFactor(factors, account, { factor: 'passkey', factorId: second })
    assert.deepEqual(await left(), { totp: undefined, codes: 0, passkeys: [kept] })
  }
})

test('a device is known by any of its marks, while it is among the last and not too long ago', async (t) => {
  const { sql } = await setUp(t)
  let at = Date.UTC(2026, 0, 1)
  const devices = createKnownDevices(sql, () => at)
  assert.equal(await devices.meet(account, ['cookie', 'agent at home']), 'new')
  assert.equal(await devices.meet(account, ['another cookie', 'agent at home']), 'known')
  assert.equal(await devices.meet(account, ['another cookie', 'agent elsewhere']), 'known')
  assert.equal(await devices.meet('1001', ['cookie']), 'new')
  for (let index = 0; index < 40; index++) {
    at += 1000
    await devices.meet(account, [`device ${index}`])
  }
  assert.equal(await devices.meet(account, ['agent at home']), 'new')
  assert.equal((await sql`select 1 from vault.known_devices where account_id = ${account}`).length, 40)
  at += 181 * 24 * 3_600_000
  assert.equal(await devices.meet(account, ['device 39']), 'new')
  assert.equal((await sql`select 1 from vault.known_devices`).length, 1)
  const both = await Promise.all([devices.meet(account, ['one']), devices.meet(account, ['one'])])
  assert.deepEqual(both.toSorted(), ['known', 'new'])
})

test('that somebody showed who they are is noted with their session', async (t) => {
  const { vault } = await setUp(t)
  const { session, secret } = await vault.sessions.open(account, 60_000)
  assert.deepEqual([session.authenticatedAt, session.secondFactor], [session.createdAt, false])
  const again = await vault.sessions.authenticate(session.sessionId, false, Date.now())
  assert.ok(again && again.session.authenticatedAt >= session.authenticatedAt && !again.session.secondFactor)
  assert.deepEqual(await vault.sessions.find(again.secret), again.session)
  assert.equal(await vault.sessions.find(secret), undefined)
  assert.equal((await vault.sessions.authenticate(session.sessionId, true, Date.now()))?.session.secondFactor, true)
  const later = await vault.sessions.authenticate(session.sessionId, false, Date.now())
  assert.equal(later?.session.secondFactor, true, 'what was shown once was shown')
  await vault.sessions.close(session.sessionId)
  assert.equal(await vault.sessions.authenticate(session.sessionId, true, Date.now()), undefined)
  const byKey = await vault.sessions.open(account, 60_000, { secondFactor: true })
  assert.equal((await vault.sessions.renew(byKey.secret))?.session.secondFactor, true)
})
