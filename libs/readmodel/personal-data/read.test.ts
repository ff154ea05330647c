import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import postgres from 'postgres'
import { testDatabase } from '#libs/testing/engines.ts'
import { fileOf } from './file.ts'
import { type After, type Row, readPersonalPage } from './read.ts'
import { id, number, type PersonalTable, plain, time } from './table.ts'

const table: PersonalTable = {
  file: 'notes',
  what: '',
  atErasure: 'gone',
  table: 'notes',
  key: ['channel_id', 'kind', 'seq'],
  account: 'author',
  channel: 'channel_id',
  where: 'text is not null',
  columns: {
    channel: id('channel_id'),
    kind: plain('kind'),
    number: number('seq'),
    at: time('at'),
    text: plain('text'),
    more: plain('more'),
  },
  leftOut: {},
}

const open = async (t: Parameters<typeof testDatabase>[0]) => {
  const sql = postgres(await testDatabase(t), { max: 1, fetch_types: false, onnotice: () => {} })
  t.after(() => sql.end())
  await sql.unsafe(`
    create schema readmodel;
    create table readmodel.notes (
      channel_id bigint, kind text, seq bigint, author bigint, at bigint, text text, more jsonb,
      primary key (channel_id, kind, seq))`)
  return sql
}

test('pages of whatever size bring every row about a person once, in the order of the key, and none of others', async (t) => {
  const sql = await open(t)
  await sql`
    insert into readmodel.notes
    select channel, kind, seq, seq % 3, seq, case when seq % 5 = 0 then null else seq::text end, null
    from generate_series(8, 12) channel, unnest(array['a', 'b b', 'ü']) kind, generate_series(1, 12) seq`
  const person = { accountId: '1', channelIds: ['9', '77'] }
  const wanted = await sql<{ key: string }[]>`
    select channel_id || ' ' || kind || ' ' || seq as key from readmodel.notes
    where (author = 1 or channel_id = 9) and text is not null order by channel_id, kind, seq`
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 70 }), async (limit) => {
      const rows: Row[] = []
      let after: After | undefined
      do {
        const page = await readPersonalPage(sql, table, person, after, limit)
        assert.ok(page.rows.length <= limit)
        rows.push(...page.rows)
        after = page.after
      } while (after)
      assert.deepEqual(
        rows.map(({ channel, kind, number }) => `${channel} ${kind} ${number}`),
        wanted.map(({ key }) => key),
      )
    }),
    { numRuns: 20 },
  )
  const read: Parameters<typeof fileOf>[1] = (...asked) => readPersonalPage(sql, ...asked)
  let rows = 0
  for await (const page of fileOf(table, read).pages(person)) rows += page.length
  assert.equal(rows, wanted.length)
})

test('values are written so that people and programs can read them', async (t) => {
  const sql = await open(t)
  const never = 9_007_199_254_740_991
  await sql`
    insert into readmodel.notes values (9007199254740991, 'k', 5, 1, 1790000000000, 'x', ${sql.json({ a: [1] })}),
      (1, 'k', 6, 1, ${never}, 'y', null)`
  const { rows, after } = await readPersonalPage(sql, table, { accountId: '1', channelIds: [] }, undefined, 5)
  assert.deepEqual(rows, [
    { channel: '1', kind: 'k', number: 6, at: null, text: 'y', more: null },
    {
      channel: '9007199254740991',
      kind: 'k',
      number: 5,
      at: '2026-09-21T14:13:20.000Z',
      text: 'x',
      more: { a: [1] },
    },
  ])
  assert.equal(after, undefined)
})
