import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import postgres from 'postgres'
import { testDatabase } from '#libs/testing/engines.ts'
import { createHashes } from '#libs/vault/hashes.ts'
import { openVault } from '#libs/vault/open.ts'
import { addressBits, addressText } from './bits.ts'
import { addressKeys } from './keys.ts'
import { parseRange, rangeText } from './range.ts'
import { createRangeSet } from './range-set.ts'
import { createSightings } from './sightings.ts'

const textOf = (text: string): string | undefined => {
  const range = parseRange(text)
  return range && rangeText(range)
}

const rangeOf = (text: string) => {
  const range = parseRange(text)
  assert.ok(range, text)
  return range
}

test('an address or a block is read into one spelling of all', () => {
  const spellings = {
    '203.0.113.7': '203.0.113.7',
    ' 203.0.113.7/32 ': '203.0.113.7',
    '203.0.113.7/24': '203.0.113.0/24',
    '::ffff:203.0.113.7': '203.0.113.7',
    '2001:DB8::1': '2001:db8:0:0:0:0:0:0/64',
    '2001:db8:0:0:1::/96': '2001:db8:0:0:0:0:0:0/64',
    '2001:db8::/32': '2001:db8:0:0:0:0:0:0/32',
    '64:ff9b::192.0.2.1/48': '64:ff9b:0:0:0:0:0:0/48',
  }
  for (const [text, expected] of Object.entries(spellings)) assert.equal(textOf(text), expected, text)
})

test('what is no range, or one of half a continent, is refused', () => {
  const wrong = [
    '',
    'x',
    '203.0.113',
    '203.0.113.7/33',
    '203.0.113.7/',
    '10.0.0.0/7',
    '::/0',
    '2000::/15',
    '1.2.3.4/8/8',
  ]
  for (const text of wrong) assert.equal(parseRange(text), undefined, text)
  fc.assert(fc.property(fc.string(), (text) => void parseRange(text)))
})

test('an address lies in a range where it begins alike', () => {
  const set = createRangeSet()
  for (const text of ['203.0.113.0/24', '198.51.100.7', '2001:db8:1:2::/64', '2001:db9::/32'])
    set.add(rangeOf(text), null)
  for (const address of [
    '203.0.113.255',
    '198.51.100.7',
    '::ffff:198.51.100.7',
    '2001:db8:1:2:3::4',
    '2001:db9:ffff::1',
  ])
    assert.ok(set.has(address), address)
  for (const address of ['203.0.114.0', '198.51.100.8', '2001:db8:1:3::', '2001:dba::', 'nonsense', ''])
    assert.ok(!set.has(address), address)
})

test('a set of ranges says what looking at each of them would say', () => {
  const address = fc.ipV4()
  const range = fc.tuple(fc.ipV4(), fc.integer({ min: 8, max: 32 })).map(([base, prefix]) => `${base}/${prefix}`)
  fc.assert(
    fc.property(fc.array(range), address, (ranges, asked) => {
      const set = createRangeSet()
      for (const each of ranges) set.add(rangeOf(each), null)
      const bits = addressBits(asked)
      const lies = ranges
        .map(rangeOf)
        .some(({ value, prefix }) => bits && bits.value >> BigInt(32 - prefix) === value >> BigInt(32 - prefix))
      assert.equal(set.has(asked), lies)
    }),
  )
})

test('a range ends by its time, and when it is taken away', () => {
  let now = 0
  const set = createRangeSet(() => now)
  set.add(rangeOf('203.0.113.0/24'), 10)
  set.add(rangeOf('203.0.113.0/24'), 20)
  set.add(rangeOf('198.51.100.7'), null)
  now = 19
  assert.ok(set.has('203.0.113.1'))
  now = 20
  assert.ok(!set.has('203.0.113.1') && set.has('198.51.100.7'))
  set.remove(rangeOf('198.51.100.7'))
  set.remove(rangeOf('198.51.100.7'))
  assert.ok(!set.has('198.51.100.7'))
  assert.equal(set.size(), 0)
})

test('the spelling of an address is read back as the same address', () => {
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (text) => {
      const bits = addressBits(text)
      assert.ok(bits)
      assert.deepEqual(addressBits(addressText(bits)), bits)
    }),
  )
})

test('keys are alike for one address however it is written, and for a network', () => {
  const hashes = createHashes(randomBytes(32))
  const keys = (address: string) => addressKeys(hashes, address)
  assert.deepEqual(keys('2001:db8::1'), keys('2001:0DB8:0::1'))
  assert.equal(keys('203.0.113.7')?.network, keys('203.0.113.8')?.network)
  assert.notEqual(keys('203.0.113.7')?.address, keys('203.0.113.8')?.address)
  assert.equal(keys('2001:db8::1')?.network, keys('2001:db8::2:2')?.network)
  assert.equal(keys('nonsense'), undefined)
})

test('sightings are kept as keys, found by either, and age out', async (t) => {
  const databaseUrl = await testDatabase(t)
  const vault = await openVault({ databaseUrl, masterKey: randomBytes(32).toString('base64') })
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => {} })
  t.after(() => Promise.all([vault.close(), sql.end()]))
  let now = 1_800_000_000_000
  const failures: unknown[] = []
  const options = { hashes: vault.hashes, retentionMs: 86_400_000, onError: (error: unknown) => failures.push(error) }
  const sightings = createSightings({ ...options, store: vault.sightings, now: () => now })
  await sightings.note('1', '203.0.113.7')
  await sightings.note('1', 'no address')
  now += 1000
  await sightings.note('1', '203.0.113.7')
  await sightings.note('2', '203.0.113.8')
  const [seen, ...more] = await sightings.of('1')
  assert.deepEqual(more, [])
  assert.deepEqual(seen, { ...sightings.keysOf('203.0.113.7'), firstSeenAt: now - 1000, lastSeenAt: now - 1000 })
  assert.deepEqual(await sightings.accountsAt(String(seen?.address)), ['1'])
  assert.deepEqual(await sightings.accountsAt(String(seen?.network)), ['2', '1'])
  assert.doesNotMatch(JSON.stringify(await sql`select * from vault.sightings`), /203|113/)

  now += 86_400_000
  await sightings.note('2', '203.0.113.8')
  assert.deepEqual(await sightings.of('1'), [])
  await vault.sightings.drop('2')
  assert.deepEqual(await sightings.of('2'), [])

  const away = { ...vault.sightings, see: () => Promise.reject(new Error('away')) }
  const without = createSightings({ ...options, store: away, now: () => now })
  await without.note('3', '203.0.113.7')
  assert.equal(failures.length, 1)
})

test('of one account the addresses that were seen last are kept', async (t) => {
  const databaseUrl = await testDatabase(t)
  const vault = await openVault({ databaseUrl, masterKey: randomBytes(32).toString('base64') })
  t.after(() => vault.close())
  for (let index = 0; index < 202; index++)
    await vault.sightings.see('1', { address: `a${index}`, network: 'n' }, 1_800_000_000_000 + index)
  const kept = await vault.sightings.of('1')
  assert.deepEqual([kept.length, kept[0]?.address, kept.at(-1)?.address], [200, 'a201', 'a2'])
})
