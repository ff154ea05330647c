import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ensureBuild } from '#libs/readmodel/builds.ts'
import { commandOutcome, outcomesProjection } from '#libs/readmodel/outcomes.ts'
import { plansOf } from '#libs/readmodel/plans.fixtures.ts'
import { readModelFixture } from '#libs/readmodel/readmodel.fixtures.ts'
import { accountsProjection } from './projections/accounts.ts'
import { accountById, accountNames, accountsWithEmail, handleHolder } from './queries.ts'

const noKeys = { prefetch: async () => {}, open: () => undefined, forget: () => {} }

test('every hot query on accounts and outcomes goes by an index, however many there are', async (t) => {
  const { databaseUrl, sql, journal } = await readModelFixture(t)
  for (const projection of [accountsProjection(noKeys), outcomesProjection])
    await ensureBuild(sql, projection, journal.places)
  await sql.unsafe(`
    insert into accounts_v3.accounts (
      account_id, state, handle, display_name, email, email_verified, email_revision, platform_role, opened_at, n)
    select i, 'open', 'h', 'd', 'A' || i || '@example.org', true, 1, 'user', 0, 1 from generate_series(1, 100000) i;
    insert into accounts_v3.handles (handle_hash, holder_kind, holder_id, n) select md5(i::text), 'account', i, 1 from generate_series(1, 10000) i;
    insert into outcomes_v2.outcomes select 1, i, 'channel', 0, i, 'k', 'T', 0, 'accepted', null, true, '{}'
      from generate_series(1, 10000) i;
    analyze accounts_v3.accounts; analyze accounts_v3.handles; analyze outcomes_v2.outcomes;`)
  const ask = (query: Parameters<typeof plansOf>[1]) => plansOf(databaseUrl, query)
  assert.deepEqual(await ask((spied) => accountById(spied, '77')), ['Index Scan accounts_pkey'])
  assert.deepEqual(await ask((spied) => accountsWithEmail(spied, 'a7@EXAMPLE.org')), ['Index Scan accounts_email'])
  assert.deepEqual(await ask((spied) => handleHolder(spied, 'abc')), ['Index Scan handles_pkey'])
  assert.deepEqual(await ask((spied) => accountNames(spied, ['1', '2', '3'])), ['Index Scan accounts_pkey'])
  assert.deepEqual(await ask((spied) => commandOutcome(spied, '1', '500')), ['Index Scan outcomes_pkey'])
})
