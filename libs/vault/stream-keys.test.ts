import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import postgres from 'postgres'
import { uuidv7 } from '#libs/journal/ids.ts'
import { testDatabase } from '#libs/testing/engines.ts'
import { openVault } from './open.ts'

test('a stream key is found by its secret alone, until it is taken away', async (t) => {
  const databaseUrl = await testDatabase(t)
  const { streamKeys, close } = await openVault({ databaseUrl, masterKey: randomBytes(32).toString('base64') })
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => {} })
  t.after(() => Promise.all([close(), sql.end()]))
  const [one, other] = [
    { keyId: uuidv7(), channelId: '500', expiresAt: null },
    { keyId: uuidv7(), channelId: '500', expiresAt: 1_800_000_000_000 },
  ]
  const [secret, otherSecret] = [await streamKeys.issue(one), await streamKeys.issue(other)]
  assert.deepEqual(await streamKeys.find(secret), one)
  assert.deepEqual(await streamKeys.find(otherSecret), other)
  assert.equal(await streamKeys.find(`${secret}x`), undefined)
  const rows = await sql`select * from vault.stream_keys`
  assert.ok(!JSON.stringify(rows).includes(secret))
  const renewed = await streamKeys.renew(one.keyId, '500')
  assert.deepEqual(
    [await streamKeys.renew(one.keyId, '501'), await streamKeys.renew(uuidv7(), '500')],
    [undefined, undefined],
  )
  assert.deepEqual([await streamKeys.find(secret), await streamKeys.find(renewed ?? '')], [one, one])
  await streamKeys.discard(secret)
  const settled = { keyId: other.keyId, channelId: '500', secret: otherSecret, n: 5 }
  assert.equal(await streamKeys.settle(settled, 'drop'), true)
  assert.deepEqual([await streamKeys.find(secret), await streamKeys.find(renewed ?? '')], [undefined, one])
  const again = (await streamKeys.renew(one.keyId, '500')) ?? ''
  await streamKeys.settle({ keyId: one.keyId, channelId: '501', secret: otherSecret, n: 9 }, 'drop')
  await streamKeys.remove(one.keyId, '501')
  assert.deepEqual(await streamKeys.find(again), one, 'another channel takes nothing away')
  await streamKeys.settle({ keyId: one.keyId, channelId: '500', secret: again, n: 9 }, 'drop')
  assert.deepEqual([await streamKeys.find(renewed ?? ''), await streamKeys.find(again)], [undefined, one])
  const late = (await streamKeys.renew(one.keyId, '500')) ?? ''
  assert.equal(await streamKeys.settle({ keyId: one.keyId, channelId: '500', secret: late, n: 8 }, 'drop'), false)
  assert.deepEqual(
    [await streamKeys.find(late), await streamKeys.find(again)],
    [undefined, one],
    'a later record holds',
  )
  const beside = (await streamKeys.renew(one.keyId, '500')) ?? ''
  assert.equal(await streamKeys.settle({ keyId: one.keyId, channelId: '500', secret: beside, n: 9 }, 'keep'), true)
  assert.deepEqual([await streamKeys.find(beside), await streamKeys.find(again)], [one, one])
  await streamKeys.remove(one.keyId, '500')
  assert.equal(await streamKeys.find(again), undefined)
  assert.equal(await streamKeys.find(secret), undefined)
  await streamKeys.dropAll('500')
  assert.equal(await streamKeys.find(otherSecret), undefined)
})
