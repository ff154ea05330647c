import assert from 'node:assert/strict'
import { test } from 'node:test'
import { platformRoles } from '#libs/access/platform.ts'
import { codecs } from '#libs/contracts/codecs.ts'
import { openJournalReader } from '#libs/journal/reader/journal-reader.ts'
import { peopleFixture } from '#libs/readmodel/people.fixtures.ts'
import { isOrigin } from '#libs/readmodel/positions.ts'
import { quiet, readModelFixture } from '#libs/readmodel/readmodel.fixtures.ts'
import { rebuild } from '#libs/readmodel/rebuild.ts'
import { specification, t0 } from '#libs/testing/specification.ts'
import { until } from '#libs/testing/until.ts'
import { createHashes } from '#libs/vault/hashes.ts'
import { identityDecider } from '../decider.ts'
import type { IdentityDraft } from '../events.ts'
import { addressBansProjection } from '../projections/address-bans.ts'
import { createAddressBans } from './bans.ts'
import { addressBans, earlierStandings, startingBans } from './queries.ts'

const key = createHashes(Buffer.alloc(32)).compare('address', '203.0.113.0/24')
const { given } = specification(identityDecider, { key, seal: codecs.account.sealEvent })
const [admin, member] = ['1001', '1002']
const byAdmin = { principal: admin, facts: { platformRole: 'admin' } }

const ban = (fields: { range?: string; reason?: string; until?: number | null } = {}) =>
  ({ type: 'BanAddress', range: '203.0.113.9/24', reason: 'floods', until: null, ...fields }) as const
const banned = (until: number | null = null): IdentityDraft => ({
  type: 'AddressBanned',
  keeper: '0',
  actor: admin,
  range: '203.0.113.0/24',
  reason: 'floods',
  until,
})
const lift = { type: 'LiftAddressBan', reason: 'a school' } as const
const lifted: IdentityDraft = { type: 'AddressBanLifted', keeper: '0', actor: admin, reason: 'a school' }

test('staff ban a range, in one spelling of all, for a time or for good', () => {
  given([]).when(ban(), byAdmin).then([banned()])
  given([banned()])
    .when(ban({ until: t0 + 1000 }), byAdmin)
    .then([banned(t0 + 1000)])
  for (const range of ['nonsense', '0.0.0.0/0'])
    given([]).when(ban({ range }), byAdmin).thenRejected({ code: 'identity.range_invalid' })
  given([])
    .when(ban({ reason: ' ' }), byAdmin)
    .thenRejected({ code: 'identity.reason_invalid', max: 500 })
  given([])
    .when(ban({ until: t0 }), byAdmin)
    .thenRejected({ code: 'identity.term_invalid' })
})

test('who has no permission bans nothing, and no account is an address', () => {
  for (const platformRole of platformRoles) {
    const decision = given([]).when(ban(), { principal: member, facts: { platformRole } })
    if (['owner', 'admin', 'moderator'].includes(platformRole))
      decision.then([{ ...banned(), actor: member } as IdentityDraft])
    else decision.thenRejected({ code: 'identity.forbidden' })
  }
  given([]).when(ban(), { principal: member, facts: {} }).thenRejected({ code: 'identity.forbidden' })
  specification(identityDecider, { key: member, seal: codecs.account.sealEvent })
    .given([])
    .when(ban(), byAdmin)
    .thenRejected({ code: 'identity.wrong_aggregate' })
})

test('a ban is lifted once, and not when its time is over', () => {
  given([banned()]).when(lift, byAdmin).then([lifted])
  given([banned(), lifted]).when(lift, byAdmin).thenRejected({ code: 'identity.address_not_banned' })
  given([]).when(lift, byAdmin).thenRejected({ code: 'identity.address_not_banned' })
  given([banned(t0 + 10)])
    .when(lift, { ...byAdmin, at: t0 + 10 })
    .thenRejected({ code: 'identity.address_not_banned' })
})

test('an edge knows bans from the read model and from the journal, and the journal has no address in clear', async (t) => {
  const { journal, databaseUrl, sql, connect, run, closing } = await readModelFixture(t)
  const { vault, accountRecord } = await peopleFixture(databaseUrl, [])
  closing(vault.close)
  await vault.keys.prefetch(['0'])
  const projection = addressBansProjection(vault.keys)
  await journal.write('account', 0, [accountRecord(key, [banned(), lifted]), accountRecord('other', [banned()])])
  const running = await run(projection)
  await running.caughtUp()
  const { bans, standings } = await startingBans(sql, t0)
  assert.deepEqual(
    bans.map(({ id, range, reason, actor, until }) => [id, range, reason, actor, until]),
    [['other', '203.0.113.0/24', 'floods', admin, null]],
  )

  let cuts = 0
  const known = createAddressBans({
    keys: vault.keys,
    onBan: () => cuts++,
    onError: (error) => assert.fail(String(error)),
  })
  known.load(bans)
  assert.ok(known.has('203.0.113.7') && !known.has('203.0.114.7'))
  const reader = await openJournalReader({
    log: journal.log,
    logId: 'log-of-tests',
    families: ['account'],
    onOutcomes: async (_family, _partition, outcomes) => known.observe(outcomes),
    onPositionInvalid: () => assert.fail('a position is not valid'),
    onError: assert.fail,
  })
  closing(reader.close)
  for (const { family, partition, position } of standings)
    reader.read(family, partition, isOrigin(position) ? 'beginning' : position)
  const net = { ...banned(), range: '2001:db8:0:0:0:0:0:0/64' } as IdentityDraft
  await journal.write('account', 0, [accountRecord('net', [net])])
  await until(() => known.has('2001:db8::9'))
  assert.ok(known.has('2001:db8:0:0::/64'), 'as connections are counted')
  assert.equal(cuts, 1)
  await journal.write('account', 0, [accountRecord('net', [lifted]), accountRecord('other', [lifted])])
  await until(() => !known.has('2001:db8::9') && !known.has('203.0.113.7'))

  await running.caughtUp()
  assert.deepEqual(await addressBans(sql, t0, 10), [])
  const { hashEqual } = await rebuild({ ...journal, sql, connect, projection, logger: quiet })
  assert.ok(hashEqual)
  const bytes: Buffer[] = []
  const tail = await journal.log.tail(['whiply.account.journal'], {
    onRecords: (_topic, _partition, records) => void bytes.push(...records.map(({ value }) => value)),
    onOutOfRange: () => {},
    onError: assert.fail,
  })
  closing(tail.close)
  tail.read('whiply.account.journal', 0, 0)
  await until(() => bytes.length >= 5)
  assert.ok(bytes.every((value) => !value.includes('203.0.113') && !value.includes('floods')))
})

test('an edge reads on from where the read model of bans stands, or from the beginning', () => {
  const standing = (offset: number, family: 'account' | 'channel' = 'account', partition = 0) => ({
    family,
    partition,
    position: { logId: 'l', offset, claim: 0, n: offset },
  })
  assert.deepEqual(earlierStandings([standing(9), standing(5, 'channel')], [standing(7)]), [
    standing(7),
    standing(5, 'channel'),
  ])
  assert.deepEqual(earlierStandings([standing(6)], [standing(7)]), [standing(6)])
  assert.deepEqual(earlierStandings([standing(6), standing(6, 'account', 1)], [standing(7)]), [standing(6)])
})
