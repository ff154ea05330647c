import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import postgres from 'postgres'
import { memoryLog } from '#libs/journal/memory/log.ts'
import { createMemoryObjects } from '#libs/journal/objects/memory.ts'
import { testDatabase } from '../engines.ts'
import { until } from '../until.ts'
import { searchFolder, searchObjects } from './files.ts'
import { canaryForms, holds } from './forms.ts'
import { searchPages } from './pages.ts'
import { searchCanary } from './search.ts'
import { searchTables } from './tables.ts'
import { searchTopic } from './topics.ts'
import { judge } from './verdict.ts'

const canary = 'Canary7f3a91c2d4'
const forms = canaryForms(canary)
const written = Date.UTC(2026, 0, 30, 12)

const folderWith = async (t: TestContext, files: Readonly<Record<string, Buffer>>): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'canary-'))
  t.after(() => rm(folder, { recursive: true }))
  for (const [path, bytes] of Object.entries(files)) {
    await mkdir(join(folder, path, '..'), { recursive: true })
    await writeFile(join(folder, path), bytes)
  }
  return folder
}

test('a canary is found in a longer text in each of its forms, wherever it stands', () => {
  const around = fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes))
  fc.assert(
    fc.property(around, around, (before, after) => {
      const bytes = Buffer.concat([before, Buffer.from(canary), after])
      assert.ok(holds(bytes, forms))
      for (const encoding of ['base64', 'base64url', 'hex'] as const)
        assert.ok(holds(Buffer.from(bytes.toString(encoding)), forms), encoding)
      assert.ok(holds(Buffer.concat([before, Buffer.from(canary, 'utf16le')]), forms))
      assert.ok(!holds(Buffer.concat([before, Buffer.from(canary.replace('7', '')), after]), forms))
    }),
  )
  assert.throws(() => canaryForms('too short'), RangeError)
})

const topicWith = async (config: Readonly<Record<string, string>>) => {
  const log = memoryLog({ now: () => written })
  await log.createTopic('t', { partitions: 3, replication: 1, config })
  const appender = await log.appender()
  const value = Buffer.from('nothing')
  await appender.append('t', 0, [
    { key: null, value },
    { key: null, value: Buffer.from(`a ${canary} b`) },
  ])
  await appender.append('t', 2, [
    { key: Buffer.from(canary), value },
    { key: null, value, headers: { note: canary } },
  ])
  return log
}

test('records are found by key, value and header, with the day on which they have aged out', async () => {
  const log = await topicWith({ 'retention.ms': '86400000', 'segment.ms': '3600000' })
  const found = await searchTopic(log, 't', forms)
  assert.deepEqual(
    found.map(({ partition, offset, part }) => [partition, offset, part]),
    [
      [0, 1, 'value'],
      [2, 0, 'key'],
      [2, 1, 'header'],
    ],
  )
  assert.deepEqual(new Set(found.map(({ agesOutOn }) => agesOutOn)), new Set(['2026-01-31']))
})

test('a copy in a topic that is kept for ever has no day, and a topic that is missing is an error', async () => {
  const log = await topicWith({ 'retention.ms': '-1' })
  const [first] = await searchTopic(log, 't', forms)
  assert.ok(first && !('agesOutOn' in first))
  await assert.rejects(searchTopic(log, 'none', forms), RangeError)
})

test('a record is overdue behind its day, or where it has none; all else is from the beginning', () => {
  const record = {
    kind: 'record',
    topic: 't',
    partition: 0,
    offset: 1,
    part: 'value',
    agesOutOn: '2026-01-31',
  } as const
  const { agesOutOn: _, ...forEver } = record
  const overdue = (found: Parameters<typeof judge>[0], today: string) => judge(found, today).overdue
  assert.deepEqual([overdue(record, '2026-01-31'), overdue(record, '2026-02-01')], [false, true])
  assert.ok(overdue(forEver, '2026-01-31'))
  assert.ok(overdue({ kind: 'rows', table: 't', column: 'c', rows: 1 }, '2026-01-31'))
  assert.ok(overdue({ kind: 'object', name: 'o' }, '2026-01-31') && overdue({ kind: 'file', path: 'p' }, '2026-01-31'))
})

test('rows are found in any column of any schema', async (t) => {
  const sql = postgres(await testDatabase(t), { max: 1, onnotice: () => {} })
  t.after(() => sql.end())
  await sql.unsafe(`
    create schema "Odd name";
    create table "Odd name"."t 1" (id int, plain text, raw bytea, doc jsonb, list text[], other text);
    create table clean (plain text, raw bytea)`)
  const around = Buffer.concat([Buffer.of(0, 255), Buffer.from(canary), Buffer.of(0)])
  await sql`
    insert into "Odd name"."t 1" values
      (1, ${`x${canary}`}, ${around}, ${sql.json({ a: [canary] })}, ${[canary, 'b']}, 'c'),
      (2, ${canary}, null, null, null, null)`
  await sql`insert into clean values ('nothing', 'nothing')`
  assert.deepEqual(
    (await searchTables(sql, forms)).map(({ table, column, rows }) => [table, column, rows]),
    [
      ['Odd name.t 1', 'plain', 2],
      ['Odd name.t 1', 'raw', 1],
      ['Odd name.t 1', 'doc', 1],
      ['Odd name.t 1', 'list', 1],
    ],
  )
})

test('old versions of rows are found on the pages until the table is written anew', async (t) => {
  const sql = postgres(await testDatabase(t), { max: 1, onnotice: () => {} })
  t.after(() => sql.end())
  await sql`create table notes (id int, text text)`
  await sql`insert into notes values (1, ${canary}), (2, 'other')`
  await sql`update notes set text = null where id = 1`
  assert.deepEqual(await searchTables(sql, forms), [])
  assert.deepEqual(await searchPages(sql, forms), ['notes'])
  // What another session might still see, that of autovacuum say, is written anew with the rest, and goes the next time.
  const isClean = async () => {
    await sql`vacuum full notes`
    return (await searchPages(sql, forms)).length === 0
  }
  await until(isClean, { timeoutMs: 10_000, what: 'no page holds it any more' })
})

test('objects are found, packed ones too', async () => {
  const objects = createMemoryObjects()
  await objects.put('a/plain', Buffer.from(`x${canary}`))
  await objects.put('a/packed', gzipSync(Buffer.from(`x${canary}`)))
  await objects.put('a/clean', Buffer.from('nothing'))
  assert.deepEqual(await searchObjects(objects, forms), [
    { kind: 'object', name: 'a/packed' },
    { kind: 'object', name: 'a/plain' },
  ])
})

test('files are found at any depth, even where two pieces of one meet, but not in folders left out', async (t) => {
  const meeting = Buffer.concat([Buffer.alloc((1 << 20) - 5), Buffer.from(canary), Buffer.alloc(100)])
  const folder = await folderWith(t, {
    'a/b/meeting': meeting,
    'kafka/log': Buffer.from(canary),
    clean: Buffer.from('nothing'),
  })
  assert.deepEqual(await searchFolder(folder, forms, [join(folder, 'kafka')]), [
    { kind: 'file', path: join(folder, 'a/b/meeting') },
  ])
})

test('one search goes everywhere', async (t) => {
  const sql = postgres(await testDatabase(t), { max: 1, onnotice: () => {} })
  t.after(() => sql.end())
  await sql`create table notes (text text)`
  await sql`insert into notes values (${canary})`
  const objects = createMemoryObjects()
  await objects.put('a', Buffer.from(canary))
  const path = await folderWith(t, { file: Buffer.from(canary) })
  const log = await topicWith({})
  const places = { log, topics: ['t'], sql, objects, folder: { path, except: [] } }
  const kinds = new Set((await searchCanary(canary, places)).map(({ kind }) => kind))
  assert.deepEqual(kinds, new Set(['record', 'rows', 'object', 'file']))
  assert.deepEqual(await searchCanary('Another000000001', places), [])
})
