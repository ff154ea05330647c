import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import postgres from 'postgres'
import type { Meta } from '#libs/journal/meta.ts'
import { journalFixture, logId } from '#libs/readmodel/journal.fixtures.ts'
import { erased, opened, peopleFixture } from '#libs/readmodel/people.fixtures.ts'
import { testDatabase } from '#libs/testing/engines.ts'
import { inReverse } from '#libs/testing/in-reverse.ts'
import { reconcileVault } from './reconcile.ts'

const [ann, bob] = ['1001', '1002']
const meta: Meta = { logId, partitions: { account: 2, channel: 2, broadcast: 1, conversation: 1 } }

/** Ann and Bob have accounts, each in a partition of its own. */
const setUp = async (test: TestContext) => {
  const t = inReverse(test)
  const databaseUrl = await testDatabase(t)
  const people = await peopleFixture(databaseUrl, [ann, bob])
  t.after(people.vault.close)
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => {} })
  t.after(() => sql.end())
  const journal = await journalFixture(2)
  const alarms: unknown[] = []
  await journal.write('account', 0, [people.accountRecord(ann, [opened(ann, 'ann')])])
  await journal.write('account', 1, [people.accountRecord(bob, [opened(bob, 'bob')])])
  const reconcile = (log = journal.log) =>
    reconcileVault({ log, meta, vault: people.vault, logger: { error: (fields: unknown) => alarms.push(fields) } })
  const keys = async () =>
    (await sql`select subject from vault.personal_keys where wrapped is not null and subject <> '0'`).length
  const erase = async (accountId: string, partition: number) => {
    await journal.write('account', partition, [people.accountRecord(accountId, [erased(accountId)])])
    await people.vault.keys.erase(accountId)
  }
  /** As `pg_dump` and `pg_restore` of the schema would. @returns what puts the vault back as it was */
  const backUp = async () => {
    const tables = ['personal_keys', 'reconciled']
    for (const table of tables) await sql`create table ${sql(`${table}_backup`)} as table vault.${sql(table)}`
    return async () => {
      for (const table of tables) {
        await sql`truncate vault.${sql(table)}`
        await sql`insert into vault.${sql(table)} select * from ${sql(`${table}_backup`)}`
      }
    }
  }
  return { ...people, journal, sql, alarms, reconcile, keys, erase, backUp }
}

test('a restored backup of the vault brings no erased key back', async (t) => {
  const { reconcile, backUp, erase, keys, alarms, vault } = await setUp(t)
  await reconcile()
  const restore = await backUp()
  await erase(ann, 0)
  await reconcile()
  assert.deepEqual([await keys(), alarms], [1, []])

  await restore()
  assert.equal(await keys(), 2)
  await reconcile()
  assert.deepEqual([await keys(), alarms], [1, [{ code: 'vault.erased_were_back', accounts: 1 }]])
  assert.ok(Number(await vault.nextId()) > Number(bob))
})

test('a start reads on from where the vault was told last', async (t) => {
  const { reconcile, journal, vault, erase, keys } = await setUp(t)
  await reconcile()
  const places = await vault.reconciled.places(logId)
  assert.deepEqual(
    [...places.values()].map(({ n }) => n),
    [1, 1],
  )
  const read: number[] = []
  const watched: typeof journal.log = {
    ...journal.log,
    tail: async (topics, handlers) => {
      const tail = await journal.log.tail(topics, handlers)
      const from: typeof tail.read = (topic, partition, offset) => {
        read.push(offset)
        tail.read(topic, partition, offset)
      }
      return { ...tail, read: from }
    },
  }
  await erase(ann, 0)
  await reconcile(watched)
  assert.ok(read.length === 2 && read.every((from) => from > 0), `read from ${read.join()}`)
  assert.equal(await keys(), 1)
})

test('a position that the journal does not hold is not believed: it is read from the beginning', async (t) => {
  const { reconcile, journal, vault, accountRecord, keys } = await setUp(t)
  await journal.write('account', 0, [accountRecord(ann, [erased(ann)])])
  await vault.reconciled.moveTo(
    logId,
    new Map([
      [0, { offset: 99, claim: 0, n: 98 }],
      [1, { offset: 1, claim: 7, n: 1 }],
    ]),
  )
  await reconcile()
  assert.equal(await keys(), 1)
})
