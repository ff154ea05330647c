import assert from 'node:assert/strict'
import { test } from 'node:test'
import postgres from 'postgres'
import { testDatabase } from '#libs/testing/engines.ts'
import { channelsNamed } from './named-channels.ts'

test('channels go by their id, their slug, or the handle of whose own they are', async (t) => {
  const databaseUrl = await testDatabase(t)
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => {} })
  t.after(() => sql.end())
  await sql.unsafe(`
    create schema readmodel;
    create table readmodel.channels (channel_id bigint, slug text);
    create table readmodel.accounts (account_id bigint, handle text);
    insert into readmodel.channels values (1000, 'Lobby'), (1001, null), (1002, 'news');
    insert into readmodel.accounts values (1001, 'Ada'), (1003, 'Bob');`)
  const named = (...names: readonly string[]) => channelsNamed({ databaseUrl }, names)
  assert.deepEqual(await named('1002', 'lobby', 'ADA'), ['1000', '1001', '1002'])
  assert.deepEqual(await named('ada', '1001'), ['1001'])
  // Bob has an account and no channel.
  await assert.rejects(named('lobby', 'bob', '9'), { code: 'integrator.channel_unknown', message: /channel bob, 9\./ })
  await assert.rejects(named(), { code: 'config.invalid' })
})
