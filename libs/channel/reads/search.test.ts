import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Sql } from 'postgres'
import { ensureBuild } from '#libs/readmodel/builds.ts'
import { plansOf } from '#libs/readmodel/plans.fixtures.ts'
import { readModelFixture } from '#libs/readmodel/readmodel.fixtures.ts'
import { messagesProjection } from '../projections/messages.ts'
import { searchProjection } from '../projections/search.ts'
import { chatReplay } from './chat-replay.ts'
import { historyReads, type Sought } from './search.ts'

const noKeys = { prefetch: async () => {}, open: () => undefined, forget: () => {} }

const channel = '7'

/** A large channel and nineteen small ones: 120,000 messages. What is looked for below is rare in them. */
const generated = `
  insert into messages_v6.lane_rows (channel_id, seq, type, command_id, at, n, subject, name, text)
    select c, s, 'MessagePosted', c || '-' || s, s, s, s % 1000, 'n', 't'
    from (select 7 as c, generate_series(1, 63000) as s
      union all select c, s from generate_series(11, 29) c, generate_series(1, 3000) s) as posted;
  insert into search_v5.message_texts (channel_id, seq, at, author, text, has, hidden, deleted, n)
    select channel_id, seq, at, subject,
      'word' || seq % 300 || ' and other' || seq % 7 || case when seq % 20000 = 11 then ' a needle' else '' end,
      case when seq % 20000 = 12 then '["announcement"]' when seq % 3 = 0 then '["mention"]' else '[]' end::jsonb,
      false, seq % 20000 = 13, n
    from messages_v6.lane_rows;
  insert into messages_v6.clears (channel_id, seq, n) select 40, s, s from generate_series(1, 5000) s;
  insert into search_v5.clears select * from messages_v6.clears;
  insert into messages_v6.purges (channel_id, author, seq, n) select 40, s, s, s from generate_series(1, 5000) s;
  insert into messages_v6.purges (channel_id, author, seq, n) values (7, 501, 40000, 63001);
  insert into search_v5.purges select * from messages_v6.purges`

/** Rows first, and what takes longest to keep with each of them behind: a second rather than ten. */
const fill = async (sql: Sql): Promise<void> => {
  const indexes = await sql<{ name: string; definition: string }[]>`
    select indexname as name, indexdef as definition from pg_indexes
    where schemaname = 'search_v5' and indexdef like '%USING gin%'`
  assert.equal(indexes.length, 3)
  for (const { name } of indexes) await sql.unsafe(`drop index search_v5.${name}`)
  await sql.unsafe(generated)
  for (const { definition } of indexes) await sql.unsafe(definition)
  await sql.unsafe(
    'analyze messages_v6.lane_rows; analyze messages_v6.clears; analyze messages_v6.purges; analyze search_v5.message_texts; analyze search_v5.clears; analyze search_v5.purges',
  )
}

test('every search of a channel, and what stands around, goes by an index, however much was said', async (t) => {
  const { databaseUrl, sql, journal } = await readModelFixture(t)
  for (const projection of [messagesProjection(noKeys), searchProjection(noKeys)])
    await ensureBuild(sql, projection, journal.places)
  await fill(sql)
  const reads = historyReads(sql)
  const plan = async (sought: Partial<Sought>) => {
    const whole: Sought = { has: [], all: false, limit: 50, ...sought }
    const accesses = await plansOf(databaseUrl, (spied) => historyReads(spied).search(channel, whole))
    return { accesses, found: (await reads.search(channel, whole)).length }
  }
  const by = async (index: string, found: number, sought: Partial<Sought>) => {
    const planned = await plan(sought)
    assert.ok(
      planned.accesses.some((access) => access.endsWith(` ${index}`)),
      `${index} for ${JSON.stringify(sought)}: ${planned.accesses}`,
    )
    assert.deepEqual(
      planned.accesses.filter((access) => access.startsWith('Seq Scan')),
      [],
    )
    assert.equal(planned.found, found, JSON.stringify(sought))
  }

  await by('message_texts_words', 4, { words: 'needle' })
  await by('message_texts_parts', 4, { part: 'EEDL' })
  await by('message_texts_author', 50, { author: '500' })
  await by('message_texts_has', 4, { has: ['announcement'] })
  await by('message_texts_deleted', 44, { all: true, deleted: true })
  await by('message_texts_author', 40, { all: true, deleted: true, author: '501' })
  await by('message_texts_pkey', 20, { from: 31_000, to: 31_020 })
  await by('message_texts_pkey', 50, {})
  await by('message_texts_pkey', 50, { words: 'and' })
  await by('message_texts_words', 1, {
    words: 'needle',
    author: '11',
    from: 20_000,
    to: 40_000,
    has: [],
    before: 60_000,
  })

  const asked = [
    (spied: Sql) => historyReads(spied).around(channel, '7-31000', { before: 10, after: 10, all: false }),
    (spied: Sql) => historyReads(spied).page(channel, 31_000, 100),
    (spied: Sql) => chatReplay(spied)({ channelId: channel, fromMs: 31_000, toMs: 32_000, limit: 100 }),
  ]
  for (const ask of asked) {
    const accesses = await plansOf(databaseUrl, ask)
    assert.ok(accesses.length > 0)
    assert.deepEqual(
      accesses.filter((access) => !/ (lane_rows_pkey|lane_rows_message|clears_pkey|purges_pkey)$/.test(access)),
      [],
    )
  }
})
