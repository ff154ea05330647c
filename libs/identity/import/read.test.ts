import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import fc from 'fast-check'
import { csvFields, fileId, formatOf, readRecords } from './read.ts'
import { accountOf } from './record.ts'

const write = async (t: TestContext, name: string, content: string | Buffer): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'whiply-read-'))
  t.after(() => rm(folder, { recursive: true }))
  await writeFile(join(folder, name), content)
  return join(folder, name)
}

const readAll = async (path: string) => {
  const records: unknown[] = []
  for await (const { line, ...rest } of readRecords(path))
    records.push([line, 'problem' in rest ? rest.problem : rest.record])
  return records
}

test('CSV is read by its first line, quoted or not, with the number of the line on which a record begins', async (t) => {
  const csv = [
    '\uFEFFHandle,password_hash,Display Name',
    'ada,,"Ada, ""the"" first"',
    '',
    'bob,x,"two',
    'lines"',
    'c"d,,',
    'fay,,"no end',
    'gus,,',
  ].join('\r\n')
  assert.deepEqual(await readAll(await write(t, 'a.csv', csv)), [
    [2, { handle: 'ada', passwordHash: '', displayName: 'Ada, "the" first' }],
    [4, { handle: 'bob', passwordHash: 'x', displayName: 'two\nlines' }],
    [6, 'quotes stand where they may not'],
    [7, 'a quoted field has no end'],
    [8, { handle: 'gus', passwordHash: '', displayName: '' }],
  ])
})

test('a line that is wrong takes no other with it', async (t) => {
  const csv = ['handle,email', 'ada,a@b.example', '"x"y,', 'bob', `${'x'.repeat(70_000)},`, 'eve,'].join('\n')
  assert.deepEqual(await readAll(await write(t, 'a.csv', csv)), [
    [2, { handle: 'ada', email: 'a@b.example' }],
    [3, 'quotes stand where they may not'],
    [4, '1 columns, not 2'],
    [5, 'longer than 65536 characters'],
    [6, { handle: 'eve', email: '' }],
  ])
})

test('a file without the columns that it must have is not begun', async (t) => {
  for (const header of ['', 'email', 'handle,handle', 'handle,shoe size', '"handle"x'])
    await assert.rejects(readAll(await write(t, 'a.csv', `${header}\nada,x`)), { code: 'identity.import_unreadable' })
})

test('lines of JSON are read one by one', async (t) => {
  const path = await write(t, 'a.jsonl', '{"handle":"ada"}\n\n{"handle":\n"text"\n{"handle":"bob"}')
  assert.deepEqual(await readAll(path), [
    [1, { handle: 'ada' }],
    [3, 'no JSON'],
    [4, 'text'],
    [5, { handle: 'bob' }],
  ])
  assert.deepEqual(['a.jsonl', 'a.NDJSON', 'a.csv', 'a'].map(formatOf), ['jsonl', 'jsonl', 'csv', 'csv'])
  assert.notEqual(await fileId(path), await fileId(await write(t, 'b.jsonl', '')))
})

test('what was written as CSV is read as it was', () => {
  const value = fc.string({ unit: fc.constantFrom('a', '"', ',', ' ', 'ü', '\n'), maxLength: 8 })
  fc.assert(
    fc.property(fc.array(value, { minLength: 1, maxLength: 5 }), (values) => {
      const line = values.map((each) => `"${each.replaceAll('"', '""')}"`).join(',')
      assert.deepEqual(csvFields(line), values)
    }),
  )
})

const now = Date.UTC(2026, 0, 1)
const bcrypt = `$2b$10$${'a'.repeat(53)}`
const argon2 = (parameters: string) => `$argon2id$v=19$${parameters}$${'A'.repeat(22)}$${'A'.repeat(43)}`

test('a record is an account, whose fields may be empty but for the handle', () => {
  const bare = { handle: 'ada', email: null, passwordHash: undefined, displayName: 'ada', createdAt: null }
  assert.deepEqual(accountOf({ handle: 'ada' }, now), bare)
  assert.deepEqual(accountOf({ handle: 'ada', email: '', passwordHash: null, displayName: '', created: '' }, now), bare)
  const created = Date.UTC(2019, 4, 6)
  const full = { handle: 'ada', email: 'a@b.example', passwordHash: bcrypt, displayName: ' Ada ', created }
  const account = { handle: 'ada', email: 'a@b.example', passwordHash: bcrypt, displayName: 'Ada', createdAt: created }
  assert.deepEqual(accountOf(full, now), account)
  assert.deepEqual(accountOf({ ...full, created: '2019-05-06T00:00:00Z' }, now), account)
  for (const hash of [argon2('m=65536,t=3,p=4'), bcrypt.replace('2b', '2y')])
    assert.equal(typeof accountOf({ handle: 'ada', passwordHash: hash }, now), 'object')
})

test('what is no account is refused with a reason', () => {
  const reasons: readonly (readonly [unknown, RegExp])[] = [
    [{ handle: 'a b' }, /^identity\.handle_invalid$/],
    [{ handle: 'moderator' }, /^identity\.handle_reserved$/],
    [{ handle: 'ada', email: 'nobody' }, /^identity\.email_invalid$/],
    [{ handle: 'ada', displayName: 'a\u202eb' }, /^identity\.display_name_invalid$/],
    [{ handle: 'ada', passwordHash: 'plain' }, /^passwordHash/],
    [{ handle: 'ada', passwordHash: bcrypt.replace('10', '31') }, /^passwordHash/],
    [{ handle: 'ada', passwordHash: argon2('m=9999999,t=3,p=4') }, /^passwordHash/],
    [{ handle: 'ada', passwordHash: argon2('m=65536,t=99,p=4') }, /^passwordHash/],
    [{ handle: 'ada', created: 'yesterday' }, /^created/],
    [{ handle: 'ada', created: '2030-01-01' }, /^created/],
    [{ handle: 7 }, /^handle/],
    [{ handle: 'ada', shoes: 1 }, /shoes/],
    ['ada', /^the record/],
  ]
  for (const [record, reason] of reasons) assert.match(String(accountOf(record, now)), reason, JSON.stringify(record))
})
