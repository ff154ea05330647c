import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { identityAbsent } from '#libs/contracts/generated/identity.ts'
import { accountById, accountNames, accountReads } from '#libs/identity/queries.ts'
import { erased, opened, peopleFixture } from '#libs/readmodel/people.fixtures.ts'
import { quiet, readModelFixture } from '#libs/readmodel/readmodel.fixtures.ts'
import { rebuild } from '#libs/readmodel/rebuild.ts'
import { accountsProjection } from './accounts.ts'

const ann = '1001'
const bob = '1002'

const setUp = async (t: TestContext) => {
  const fixture = await readModelFixture(t)
  const people = await peopleFixture(fixture.databaseUrl, [ann, bob])
  fixture.closing(people.vault.close)
  const projection = accountsProjection(people.vault.keys)
  const hash = (handle: string) => people.vault.hashes.compare('handle', handle)
  return { ...fixture, ...people, projection, hash, reads: accountReads(fixture.sql) }
}

const claimed = (holderId: string, holderKind: 'account' | 'channel' = 'account') =>
  ({
    type: 'HandleClaimed',
    holderKind,
    holderId,
    ownerId: ann,
    handle: 'Ann',
    displayName: 'Ann',
    email: null,
    platformRole: 'user',
    termsVersion: null,
    invitedBy: null,
    createdAt: null,
    nameKey: null,
    displayNameKey: null,
    previousKey: null,
  }) as const

test('an account is found by its id and by its handle, and many names are read at once', async (t) => {
  const { journal, run, sql, reads, projection, hash, accountRecord } = await setUp(t)
  await journal.write('account', 0, [
    accountRecord(hash('ann'), [claimed(ann)]),
    accountRecord(ann, [opened(ann, 'Ann')]),
    accountRecord(hash('lobby'), [claimed('2000', 'channel')]),
  ])
  await journal.write('account', 1, [accountRecord(bob, [{ ...opened(bob, 'bob'), email: null } as never])])
  await (await run(projection)).caughtUp()
  assert.deepEqual(await reads.account(ann), {
    accountId: ann,
    state: 'open',
    handle: 'Ann',
    displayName: 'The Ann',
    email: 'Ann@example.org',
    emailVerified: false,
    emailRevision: 0,
    platformRole: 'user',
    colour: null,
    bio: null,
    avatar: null,
    termsVersion: null,
    handleKey: null,
    handleChangedAt: null,
    eraseAt: null,
    openedAt: 1_780_000_000_002,
  })
  assert.deepEqual(await reads.holder(hash('ann')), { kind: 'account', id: ann, retiredUntil: null })
  assert.deepEqual(await reads.holder(hash('lobby')), { kind: 'channel', id: '2000', retiredUntil: null })
  assert.equal(await reads.holder(hash('nobody')), undefined)
  assert.deepEqual([...(await accountNames(sql, [ann, bob, '9']))].toSorted(), [
    [ann, { handle: 'Ann', displayName: 'The Ann' }],
    [bob, { handle: 'bob', displayName: 'The bob' }],
  ])
  assert.deepEqual(await accountNames(sql, []), new Map())
})

const confirmed = (accountId: string, email: string, revision: number) =>
  ({ type: 'EmailConfirmed', accountId, email, revision }) as const

test('the address that was confirmed last is the account’s, and leads to it in any case of letters', async (t) => {
  const { journal, run, reads, projection, accountRecord } = await setUp(t)
  await journal.write('account', 0, [
    accountRecord(ann, [opened(ann, 'Ann')]),
    accountRecord(ann, [confirmed(ann, 'ann@old.example', 1)]),
    accountRecord(ann, [confirmed(ann, 'Ann@New.example', 2)]),
  ])
  const running = await run(projection)
  await running.caughtUp()
  const { email, emailVerified, emailRevision } = (await reads.account(ann)) ?? {}
  assert.deepEqual([email, emailVerified, emailRevision], ['Ann@New.example', true, 2])
  const ids = async (address: string) => (await reads.withEmail(address)).map(({ accountId }) => accountId)
  assert.deepEqual([await ids('ann@new.EXAMPLE'), await ids('ann@old.example')], [[ann], []])
  await journal.write('account', 0, [accountRecord(ann, [erased(ann)])])
  await running.caughtUp()
  assert.deepEqual([await ids('ann@new.example'), (await reads.account(ann))?.emailVerified], [[], false])
})

test('what people change of their accounts is shown, and goes with them', async (t) => {
  const { journal, run, sql, connect, vault, reads, projection, hash, accountRecord } = await setUp(t)
  const accountId = ann
  const changed = { type: 'ProfileChanged', accountId, ...identityAbsent.ProfileChanged } as const
  const [old, now] = [hash('ann'), hash('ann_2')]
  await journal.write('account', 0, [
    accountRecord(old, [claimed(ann)]),
    accountRecord(ann, [{ ...opened(ann, 'Ann'), handleKey: old } as never]),
    accountRecord(ann, [{ ...changed, displayName: 'Annie', bio: 'Hello', colour: '#00ff7f', avatar: 'avatars/1/a' }]),
    accountRecord(now, [
      { type: 'HandleTaken', holderId: ann, handle: 'Ann_2', held: 'free', previousKey: old, nameKey: null },
    ]),
    accountRecord(ann, [{ type: 'HandleChanged', accountId, handle: 'Ann_2', handleKey: now, previousKey: old }]),
    accountRecord(old, [{ type: 'HandleRetired', holderId: ann, until: 77 }]),
    accountRecord(ann, [{ type: 'AccountBlocked', accountId, blocked: '5' }]),
    accountRecord(ann, [{ type: 'AccountBlocked', accountId, blocked: bob }]),
    accountRecord(ann, [{ type: 'AccountUnblocked', accountId, blocked: '5' }]),
    accountRecord(ann, [{ type: 'TermsAccepted', accountId, version: '2' }]),
    accountRecord(ann, [{ type: 'AccountDeactivated', accountId }]),
    accountRecord(ann, [{ type: 'ErasureScheduled', accountId, eraseAt: 99 }]),
  ])
  const running = await run(projection)
  await running.caughtUp()
  const view = await reads.account(ann)
  assert.deepEqual(
    [view?.state, view?.handle, view?.handleKey, view?.displayName, view?.bio, view?.colour, view?.avatar],
    ['deactivated', 'Ann_2', now, 'Annie', 'Hello', '#00ff7f', 'avatars/1/a'],
  )
  assert.deepEqual([view?.termsVersion, view?.eraseAt], ['2', 99])
  assert.deepEqual(await reads.holder(old), { kind: 'account', id: ann, retiredUntil: 77 })
  assert.deepEqual(await reads.holder(now), { kind: 'account', id: ann, retiredUntil: null })
  const handles = await reads.handlesOf(ann)
  assert.deepEqual(
    handles.map(({ handle }) => handle),
    ['Ann_2', 'Ann'],
  )
  assert.deepEqual([handles[0]?.until, handles[1]?.until], [null, handles[0]?.since])
  assert.deepEqual(
    (await reads.blocksOf(ann)).map(({ id }) => id),
    [bob],
  )
  await journal.write('account', 0, [
    accountRecord(ann, [{ ...changed, bio: '', colour: '' }]),
    accountRecord(ann, [{ type: 'AccountReactivated', accountId }]),
    accountRecord(ann, [{ type: 'ErasureCancelled', accountId }]),
  ])
  await running.caughtUp()
  const later = await reads.account(ann)
  assert.deepEqual(
    [later?.state, later?.eraseAt, later?.bio, later?.colour, later?.displayName],
    ['open', null, null, null, 'Annie'],
  )
  await journal.write('account', 0, [accountRecord(ann, [erased(ann)])])
  await running.caughtUp()
  assert.deepEqual([await reads.handlesOf(ann), await reads.blocksOf(ann)], [[], []])
  await vault.keys.erase(ann)
  assert.equal((await rebuild({ ...journal, sql, connect, projection, logger: quiet })).hashEqual, true)
})

test('a handle that was released is free, and belongs to who claimed it last', async (t) => {
  const { journal, run, reads, projection, hash, accountRecord } = await setUp(t)
  const key = hash('ann')
  await journal.write('account', 0, [
    accountRecord(key, [claimed(ann)]),
    accountRecord(key, [{ type: 'HandleReleased', ...identityAbsent.HandleReleased, holderId: ann }]),
  ])
  const running = await run(projection)
  await running.caughtUp()
  assert.equal(await reads.holder(key), undefined)
  await journal.write('account', 0, [accountRecord(key, [claimed(bob)])])
  await running.caughtUp()
  assert.deepEqual(await reads.holder(key), { kind: 'account', id: bob, retiredUntil: null })
})

test('an erased account keeps its id and nothing of the person; a rebuild without the key equals it', async (t) => {
  const { journal, run, sql, connect, vault, projection, accountRecord } = await setUp(t)
  const running = await run(projection)
  await journal.write('account', 0, [
    accountRecord(ann, [opened(ann, 'Ann')]),
    accountRecord(bob, [opened(bob, 'b_b')]),
  ])
  await running.caughtUp()
  await journal.write('account', 0, [accountRecord(ann, [erased(ann)])])
  await running.caughtUp()
  const { state, handle, displayName, email } = (await accountById(sql, ann)) ?? {}
  assert.deepEqual([state, handle, displayName, email], ['erased', null, null, null])
  await vault.keys.erase(ann)
  assert.equal((await rebuild({ ...journal, sql, connect, projection, logger: quiet })).hashEqual, true)
  assert.equal((await accountById(sql, bob))?.handle, 'b_b')
})
