import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { channelAbsent } from '#libs/contracts/generated/channel.ts'
import { erased, opened, peopleFixture } from '#libs/readmodel/people.fixtures.ts'
import { quiet, readModelFixture } from '#libs/readmodel/readmodel.fixtures.ts'
import { rebuild } from '#libs/readmodel/rebuild.ts'
import { auditProjection } from './projections/audit.ts'
import { type Asked, auditRows, openRows } from './queries.ts'

const [ann, bob, staff] = ['1001', '1002', '1003']
const channel = '2000'

const setUp = async (t: TestContext) => {
  const fixture = await readModelFixture(t)
  const people = await peopleFixture(fixture.databaseUrl, [ann, bob, staff])
  fixture.closing(people.vault.close)
  const rows = (asked: Partial<Asked> = {}) => auditRows(fixture.sql, { limit: 50, ...asked })
  const kinds = async (asked: Partial<Asked> = {}) => (await rows(asked)).map(({ kind }) => kind)
  return { ...fixture, ...people, rows, kinds }
}

const suspended = { type: 'AccountSuspended', accountId: ann, reason: 'spam, again', until: null } as const
const banned = (actor: string) =>
  ({
    type: 'ModerationLogged',
    ...channelAbsent.ModerationLogged,
    moderationSeq: 1,
    actor,
    action: 'ban_member',
    member: bob,
    reason: actor === '0' ? null : 'was rude',
  }) as const

/** Ann comes, is suspended by staff, and bans Bob in a channel; Bob tries what he may not. */
const write = async ({ journal, accountRecord, channelRecord }: Awaited<ReturnType<typeof setUp>>) => {
  await journal.write('account', 0, [
    accountRecord(ann, [opened(ann, 'Ann')], { principal: 'manager/handles', at: 1_000 }),
    accountRecord(
      ann,
      [{ type: 'SessionOpened', accountId: ann, sessionId: 's', method: 'password', device: 'a phone' }],
      {
        principal: ann,
        at: 2_000,
      },
    ),
    accountRecord(ann, [suspended, { type: 'SessionsRevoked', sessionIds: ['s'] }], { principal: staff, at: 3_000 }),
    { key: ann, principal: bob, at: 4_000, outcome: { kind: 'rejected', code: 'identity.forbidden', detail: {} } },
    { key: ann, principal: bob, at: 4_500, outcome: { kind: 'rejected', code: 'identity.not_suspended', detail: {} } },
    accountRecord('a-handle-hash', [{ type: 'HandleReleased', holderId: ann, ownerId: null, nameKey: null }], {
      at: 4_600,
    }),
  ])
  await journal.write('channel', 1, [
    channelRecord(channel, [banned(ann)], { principal: ann, at: 5_000 }),
    channelRecord(channel, [banned('0')], { principal: bob, at: 5_500 }),
  ])
}

test('what is a matter of safety is there: who, what, to whom, and what was refused', async (t) => {
  const world = await setUp(t)
  await write(world)
  await (await world.run(auditProjection)).caughtUp()
  const found = await world.rows()
  assert.deepEqual(
    found.map(({ kind, actor, target, channel: where, code, at }) => [kind, actor, target, where, code, at]),
    [
      ['channel.ban_member', ann, bob, channel, null, 5_000],
      ['account.refused', bob, ann, null, 'identity.forbidden', 4_000],
      ['account.sessions_revoked', staff, ann, null, null, 3_000],
      ['account.account_suspended', staff, ann, null, null, 3_000],
      ['account.session_opened', ann, ann, null, null, 2_000],
      ['account.account_opened', 'manager/handles', ann, null, null, 1_000],
    ],
  )
})

test('it is filtered by each of these, and read a page at a time', async (t) => {
  const world = await setUp(t)
  await write(world)
  await (await world.run(auditProjection)).caughtUp()
  const { kinds, rows } = world
  assert.deepEqual(await kinds({ actor: staff }), ['account.sessions_revoked', 'account.account_suspended'])
  assert.deepEqual(await kinds({ target: bob }), ['channel.ban_member'])
  assert.deepEqual(await kinds({ channel }), ['channel.ban_member'])
  assert.deepEqual(await kinds({ kind: 'account.session_opened' }), ['account.session_opened'])
  assert.deepEqual(await kinds({ family: 'channel' }), ['channel.ban_member'])
  assert.deepEqual(await kinds({ from: 2_000, to: 3_000 }), ['account.session_opened'])
  assert.deepEqual(await kinds({ accounts: [bob] }), ['channel.ban_member', 'account.refused'])
  assert.deepEqual(await kinds({ accounts: [] }), [])
  const pages: string[] = []
  for (let before: Asked['before']; ; ) {
    const page = await rows({ before, limit: 2 })
    if (page.length === 0) break
    pages.push(...page.map(({ kind }) => kind))
    before = page.at(-1)
  }
  assert.deepEqual(pages, await kinds())
})

test('rows hold ids; what was written is opened for who reads, and is gone with the key of who wrote it', async (t) => {
  const world = await setUp(t)
  const { journal, sql, connect, vault, rows, accountRecord } = world
  await write(world)
  const running = await world.run(auditProjection)
  await running.caughtUp()
  assert.doesNotMatch(
    JSON.stringify(await sql`select *, encode(event, 'escape') from readmodel.audit`),
    /spam|rude|phone|Ann/,
  )
  const details = async (asked: Partial<Asked>) => (await openRows(await rows(asked), vault.keys))[0]?.details
  assert.deepEqual(await details({ kind: 'account.account_suspended' }), {
    accountId: ann,
    reason: 'spam, again',
    until: null,
  })
  assert.equal((await details({ kind: 'channel.ban_member' }))?.reason, 'was rude')
  const before = await details({ kind: 'account.account_opened' })
  assert.deepEqual([before?.handle, before && 'handleKey' in before], ['Ann', false])
  assert.deepEqual(await details({ kind: 'account.refused' }), {})

  await vault.keys.erase(ann)
  await journal.write('account', 0, [accountRecord(ann, [erased(ann)], { principal: ann, at: 9_000 })])
  await running.caughtUp()
  assert.equal((await details({ kind: 'account.account_suspended' }))?.reason, null)
  assert.equal((await details({ kind: 'account.account_erased' }))?.accountId, ann)
  const { hashEqual } = await rebuild({ ...world.journal, sql, connect, projection: auditProjection, logger: quiet })
  assert.ok(hashEqual)
})

test('whoever acted as somebody else stands beside them', async (t) => {
  const { journal, run, rows, accountRecord } = await setUp(t)
  const record = accountRecord(ann, [{ type: 'PasswordChanged' }], { principal: ann, impersonator: staff })
  await journal.write('account', 0, [record])
  await (await run(auditProjection)).caughtUp()
  const [row] = await rows()
  assert.deepEqual([row?.actor, row?.impersonator, row?.target], [ann, staff, ann])
})

test('its queries read by an index', async (t) => {
  const { sql, run } = await setUp(t)
  await (await run(auditProjection)).caughtUp()
  await sql`set enable_seqscan = off`
  const plan = await sql`explain select 1 from readmodel.audit where target = '1' order by at desc limit 50`
  assert.match(JSON.stringify(plan), /audit_target/)
})
