import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { randomBytes, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { type TestContext, test } from 'node:test'
import type { Sql } from 'postgres'
import { openPostgres } from '#libs/postgres/open.ts'
import { testDatabase } from '#libs/testing/engines.ts'
import { masterKeyOf } from './master-key.ts'
import { openVault } from './open.ts'
import { personalKeyName } from './personal-keys.ts'
import { wrappedColumns } from './rewrap.ts'
import { RETIRE_AFTER_MS, retireMasterKeys, rotateVault } from './rotate.ts'
import type { Vault } from './vault.ts'
import { encrypt, headerOf } from './wrapping.ts'
import { openWrapping, REREAD_MS } from './wrapping-keys.ts'

const newMasterKey = () => randomBytes(32).toString('base64')
const account = '7'

/** Something of everything that is wrapped; returns what reads it again. */
const fill = async (vault: Vault) => {
  await vault.keys.create(account)
  const sealed = vault.keys.seal(account, 'c/0', 'text', 'hello')
  await vault.credentials.put({ accountId: account, passwordHash: '$argon2id$a', mustChange: false })
  await vault.factors.totp.enrol(account, randomUUID(), Buffer.from('seed'))
  await vault.accessTokens.issue({
    tokenId: randomUUID(),
    accountId: account,
    kind: 'bot',
    name: 'my bot',
    scopes: [],
    expiresAt: null,
  })
  const issue = { purpose: 'reset password', accountId: account, lifetimeMs: 600_000, detail: { a: 'b' } } as const
  const secrets = [await vault.oneTime.issue(issue), await vault.oneTime.issue(issue)]
  const requestId = randomUUID()
  await vault.requests.keep(requestId, { accountId: account, fingerprint: 'print', kept: ['here'] })
  const { kid } = await vault.signing.current()
  const head = Buffer.from('a head')
  const signature = await vault.evidence.sign(head)
  const handle = vault.hashes.compare('handle', 'ada')
  return async (by: Vault) => {
    await by.keys.prefetch([account])
    assert.equal(by.keys.open(account, 'c/0', 'text', sealed), 'hello')
    assert.equal((await by.credentials.get(account))?.passwordHash, '$argon2id$a')
    assert.equal((await by.factors.totp.find(account))?.secret.toString(), 'seed')
    assert.equal((await by.accessTokens.listOf(account))[0]?.name, 'my bot')
    assert.deepEqual((await by.oneTime.take('reset password', secrets.pop() ?? ''))?.detail, { a: 'b' })
    assert.deepEqual((await by.requests.find(requestId))?.kept, ['here'])
    assert.equal((await by.signing.current()).kid, kid)
    assert.equal(await by.evidence.verify(head, signature, Date.now()), true)
    assert.equal(by.hashes.compare('handle', 'ada'), handle)
  }
}

const setUp = async (t: TestContext) => {
  const databaseUrl = await testDatabase(t)
  const [masterKey, next] = [newMasterKey(), newMasterKey()]
  const sql = openPostgres(databaseUrl, { max: 2 })
  t.after(() => sql.end())
  const open = async (key: string) => {
    const vault = await openVault({ databaseUrl, masterKey: key })
    t.after(() => vault.close())
    return vault
  }
  return { databaseUrl, masterKey, next, sql, open }
}

/** As if the rotation had been so long ago that every process has read the new keys. */
const later = (sql: Sql) =>
  sql`update vault.wrapping_keys set created_at = created_at - make_interval(secs => ${RETIRE_AFTER_MS / 1000})`

const wrappedByNewest = async (sql: Sql): Promise<readonly string[]> => {
  const [newest] = await sql<{ id: number }[]>`select max(key_id) as id from vault.wrapping_keys`
  const left: string[] = []
  for (const { table, column } of wrappedColumns) {
    const rows = await sql`
      select from ${sql(`vault.${table}`)}
      where ${sql(column)} is not null and substring(${sql(column)} from 1 for 5) <> ${headerOf(newest?.id ?? 0)}`
    if (rows.length > 0) left.push(`${table}.${column}`)
  }
  return left
}

test('another master key takes the place of one, while the vault is in use', async (t) => {
  const { databaseUrl, masterKey, next, sql, open } = await setUp(t)
  const [before, idle] = [await open(masterKey), await open(masterKey)]
  const readable = await fill(before)
  await before.keys.create('1001')
  await before.keys.erase('1001')
  await rotateVault({ databaseUrl, masterKey, newMasterKey: next })
  assert.deepEqual(await wrappedByNewest(sql), [])
  // What runs reads what is wrapped by a key that it has not heard of, and one that is started has either master key.
  await readable(before)
  const after = await open(next)
  await readable(after)
  await open(masterKey)
  assert.equal(await after.keys.isErased('1001'), true)

  const retire = () => retireMasterKeys({ databaseUrl, masterKey: next })
  await assert.rejects(retire(), { code: 'vault.rotation_unfinished' })
  await later(sql)
  await assert.rejects(retireMasterKeys({ databaseUrl, masterKey }), { code: 'vault.rotation_unfinished' })
  // Wrapped by a former key, until somebody looked.
  await idle.keys.create('1002')
  assert.deepEqual(await wrappedByNewest(sql), ['personal_keys.wrapped'])
  await retire()
  assert.deepEqual(await wrappedByNewest(sql), [])
  await assert.rejects(open(masterKey), { code: 'vault.master_key_wrong' })
  assert.equal((await sql`select from vault.wrapping_keys`).length, 1)
  const last = await open(next)
  await last.keys.prefetch(['1002'])
  last.keys.seal('1002', 'c/0', 'text', 'x')
})

test('rotation-killed-in-the-middle: both master keys open everything, and it goes on where it was', async (t) => {
  const { databaseUrl, masterKey, next, sql, open } = await setUp(t)
  const vault = await open(masterKey)
  const readable = await fill(vault)
  const lines = Array.from({ length: 2_000 }, (_, line) => ({ line, passwordHash: `hash ${line}` }))
  const begun = await vault.imports.begin('import', lines)
  const last = begun.at(-1)?.accountId ?? ''
  const program = join(import.meta.dirname, 'rotate.fixtures.ts')
  const child = spawn(process.execPath, [program, databaseUrl, masterKey, next], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  for await (const line of createInterface({ input: child.stdout })) if (Number(line) >= 300) child.kill('SIGKILL')
  if (child.signalCode === null) await once(child, 'exit')
  assert.equal(child.signalCode, 'SIGKILL')
  assert.notDeepEqual(await wrappedByNewest(sql), [], 'it was killed before its end')
  for (const key of [masterKey, next]) {
    const opened = await open(key)
    for (const accountId of [begun[0]?.accountId ?? '', last]) {
      await opened.keys.prefetch([accountId])
      opened.keys.seal(accountId, 'c/0', 'text', 'x')
      assert.match((await opened.credentials.get(accountId))?.passwordHash ?? '', /^hash \d+$/)
    }
  }
  const keys = async () => (await sql`select from vault.wrapping_keys`).length
  const evidence = async () => (await sql`select from vault.evidence_keys`).length
  const made = [await keys(), await evidence()]
  await assert.rejects(rotateVault({ databaseUrl, masterKey, newMasterKey: newMasterKey() }), {
    code: 'vault.rotation_unfinished',
  })
  await rotateVault({ databaseUrl, masterKey, newMasterKey: next })
  assert.deepEqual([await keys(), await evidence()], made, 'no second one was begun')
  assert.deepEqual(await wrappedByNewest(sql), [])
  await readable(await open(next))
})

test('a key that is destroyed while it is wrapped anew stays destroyed', async (t) => {
  const { databaseUrl, masterKey, next, sql, open } = await setUp(t)
  const vault = await open(masterKey)
  const ids = Array.from({ length: 300 }, (_, index) => String(1000 + index))
  await Promise.all(ids.map((id) => vault.keys.create(id)))
  const erasures: Promise<void>[] = []
  const onProgress = () => erasures.push(...ids.splice(-30).map((id) => vault.keys.erase(id)))
  await rotateVault({ databaseUrl, masterKey, newMasterKey: next, batch: 20, onProgress })
  await Promise.all(erasures)
  assert.ok(erasures.length > 100)
  const back = await sql`select from vault.personal_keys where wrapped is not null and erased_at is not null`
  const erased = await sql`select from vault.personal_keys where erased_at is not null`
  assert.deepEqual([back.length, erased.length], [0, erasures.length])
})

test('a process whose master key was taken away reads on, and wraps nothing more', async (t) => {
  const { databaseUrl, masterKey, next, sql } = await setUp(t)
  let now = Date.now()
  await (await openVault({ databaseUrl, masterKey })).close()
  const wrapping = await openWrapping(sql, masterKeyOf(masterKey), () => now)
  const wrapped = await wrapping.wrap('pepper', Buffer.from('x'))
  await rotateVault({ databaseUrl, masterKey, newMasterKey: next })
  await later(sql)
  await retireMasterKeys({ databaseUrl, masterKey: next })
  now += REREAD_MS + 1
  await assert.rejects(wrapping.wrap('pepper', Buffer.from('x')), { code: 'vault.master_key_wrong' })
  assert.equal((await wrapping.unwrap('pepper', wrapped)).toString(), 'x')
})

test('a vault of before keys had numbers opens as it is, and is wrapped anew like any other', async (t) => {
  const { databaseUrl, masterKey, next, sql, open } = await setUp(t)
  await open(masterKey)
  const unnumbered = encrypt(
    masterKeyOf(masterKey).derive('wrap'),
    Buffer.from(personalKeyName('1000')),
    randomBytes(32),
  )
  await sql`insert into vault.personal_keys (subject, wrapped) values ('1000', ${unnumbered})`
  await sql`insert into vault.credentials (account_id, password_hash, must_change) values ('1000', 'in clear', false)`
  const vault = await open(masterKey)
  await vault.keys.prefetch(['1000'])
  const sealed = vault.keys.seal('1000', 'c/0', 'text', 'x')
  assert.equal((await vault.credentials.get('1000'))?.passwordHash, 'in clear')
  assert.equal((await sql`select from vault.credentials where password_hash is not null`).length, 0)
  await rotateVault({ databaseUrl, masterKey, newMasterKey: next })
  await later(sql)
  await retireMasterKeys({ databaseUrl, masterKey: next })
  const after = await open(next)
  await after.keys.prefetch(['1000'])
  assert.equal(after.keys.open('1000', 'c/0', 'text', sealed), 'x')
})

test('what an evidence key signed is good for ever; what it signs after the next one is not', async (t) => {
  const { databaseUrl, masterKey, next, sql, open } = await setUp(t)
  const vault = await open(masterKey)
  const bytes = Buffer.from('a head')
  const former = await vault.evidence.sign(bytes)
  const [kept] = await sql<{ wrapped_private: Buffer }[]>`select wrapped_private from vault.evidence_keys`
  await rotateVault({ databaseUrl, masterKey, newMasterKey: next })
  const signature = await vault.evidence.sign(bytes)
  assert.notEqual(signature.split('.')[0], former.split('.')[0], 'a process that runs signs by the new one')
  const hour = 3_600_000
  const verify = (signed: string, at: number) => vault.evidence.verify(bytes, signed, at)
  assert.deepEqual([await verify(former, Date.now()), await verify(signature, Date.now() + hour)], [true, true])
  assert.equal(await verify(former, Date.now() + hour), false)
  const [[keyId], [, ofOther]] = [former.split('.'), signature.split('.')]
  assert.equal(await verify(`${keyId}.${ofOther}`, Date.now()), false)
  assert.equal(await verify('nobody.AAAA', Date.now()), false)
  assert.ok(kept)
  const private_ = await sql`select from vault.evidence_keys where wrapped_private is not null`
  assert.equal(private_.length, 1)
})

test('everything in the vault that is wrapped is wrapped anew', async (t) => {
  const { masterKey, sql, open } = await setUp(t)
  await open(masterKey)
  const columns = await sql<{ place: string }[]>`
    select table_name || '.' || column_name as place from information_schema.columns
    where table_schema = 'vault' and column_name like 'wrapped%' and table_name <> 'wrapping_key_copies'`
  assert.deepEqual(
    wrappedColumns.map(({ table, column }) => `${table}.${column}`).toSorted(),
    columns.map(({ place }) => place).toSorted(),
  )
})
