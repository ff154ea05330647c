import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { addressBlock, clientAddress } from './address.ts'
import { isFresh, parseIfMatch } from './conditional.ts'
import { readCookie } from './cookie.ts'
import { originCheck } from './origin.ts'
import { HttpProblem } from './problem.ts'

/** What Node lets through as the value of a header: Latin-1 without controls. */
const header = fc.string({
  unit: fc.integer({ min: 0x20, max: 0xff }).map((code) => String.fromCharCode(code)),
  maxLength: 200,
})
const cookie = fc
  .tuple(fc.constantFrom('a', 'b', '__Host-a', ' a', ''), header)
  .map(([name, value]) => `${name}=${value}`)

test('whatever a header of cookies holds, one is found as it was written or not at all', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        header,
        fc.array(cookie).map((all) => all.join(';')),
      ),
      (text) => {
        const found = readCookie(text, 'a')
        assert.ok(found === undefined || (text.includes(`a=`) && text.includes(found) && !found.includes(';')))
      },
    ),
  )
  const value = fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/)
  fc.assert(
    fc.property(value, fc.array(header.map((text) => text.replaceAll(/[;=]/g, ''))), (wanted, others) => {
      assert.equal(readCookie([...others, `a=${wanted}`].join('; '), 'a'), wanted)
    }),
  )
})

test('whatever is forwarded, a peer that is no proxy is the client itself', () => {
  const untrusting = clientAddress(['10.0.0.1'])
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), header, (peer, forwarded) => {
      fc.pre(peer !== '10.0.0.1' && !peer.startsWith('::ffff'))
      assert.equal(untrusting(peer, forwarded), peer)
    }),
  )
})

test('whatever a proxy forwards, there is a client and a block to count it by', () => {
  const trusting = clientAddress(['0.0.0.0/0', '::/0'])
  const hop = fc.oneof(
    header,
    fc.ipV4(),
    fc.ipV6(),
    fc.ipV4().map((address) => `${address}:80`),
  )
  const hops = fc.array(hop).map((all) => all.join(','))
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6(), fc.constant(undefined)), hops, (peer, forwarded) => {
      const block = addressBlock(trusting(peer, forwarded))
      assert.equal(typeof block, 'string')
      assert.ok(!block.includes('NaN'), block)
    }),
  )
})

test('whatever stands in If-Match, it is a version, anything, or refused with its code', () => {
  fc.assert(
    fc.property(header, (text) => {
      isFresh(text, '"1"')
      try {
        const version = parseIfMatch(text)
        assert.ok(version === undefined || Number.isSafeInteger(version))
      } catch (error) {
        assert.ok(error instanceof HttpProblem)
        assert.equal(error.code, 'http.invalid_request')
      }
    }),
  )
})

test('whatever names itself as an origin, it is foreign unless it is this host or is allowed', () => {
  const check = originCheck(['https://app.example'])
  fc.assert(
    fc.property(fc.oneof(header, fc.webUrl()), header, (origin, host) => {
      const told = check(origin, host)
      if (told === 'own') assert.equal(new URL(origin).host, host)
      else assert.equal(told, 'foreign')
    }),
  )
})
