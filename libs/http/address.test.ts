import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addressBlock, clientAddress } from './address.ts'

test('without trusted proxies nobody is believed about another address', () => {
  assert.equal(clientAddress([])('198.51.100.7', '203.0.113.9'), '198.51.100.7')
})

test('the walk begins at the right and ends at the first hop that is not trusted', () => {
  const address = clientAddress(['10.0.0.0/8', '2001:db8::/32'])
  assert.equal(address('10.0.0.1', '203.0.113.9'), '203.0.113.9')
  assert.equal(address('10.0.0.1', '1.2.3.4, 203.0.113.9, 10.0.0.2'), '203.0.113.9')
  assert.equal(address('203.0.113.9', '1.2.3.4'), '203.0.113.9')
  assert.equal(address('2001:db8::1', '[2001:db9::5]:443'), '2001:db9::5')
  assert.equal(address('::ffff:10.0.0.1', '203.0.113.9:5000'), '203.0.113.9')
})

test('a hop that is no address ends the walk', () => {
  const address = clientAddress(['10.0.0.1'])
  assert.equal(address('10.0.0.1', 'unknown, 10.0.0.1'), '10.0.0.1')
  assert.equal(address('10.0.0.1', ''), '10.0.0.1')
})

test('a proxy that cannot be read is refused at start', () => {
  for (const wrong of ['proxy.example', '10.0.0.0/33', '::1/129', '10.0.0.1/x'])
    assert.throws(() => clientAddress([wrong]), /TRUSTED_PROXIES/)
})

test('an IPv6 household counts as one', () => {
  assert.equal(addressBlock('2001:db8:1:2:3:4:5:6'), addressBlock('2001:db8:1:2::9'))
  assert.notEqual(addressBlock('2001:db8:1:2::9'), addressBlock('2001:db8:1:3::9'))
  assert.equal(addressBlock('::1'), '0:0:0:0::/64')
  assert.equal(addressBlock('203.0.113.9'), '203.0.113.9')
})
