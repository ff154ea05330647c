import assert from 'node:assert/strict'
import { createSecretKey, randomBytes } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { openText, sealText } from './sealing.ts'

const key = createSecretKey(randomBytes(32))
const name = fc.string({ unit: 'grapheme', maxLength: 12 })
const text = fc.string({ unit: 'grapheme', maxLength: 600 })

test('what was sealed opens again, in the layout that is written down', () => {
  fc.assert(
    fc.property(name, name, name, text, (subject, eventId, field, clear) => {
      const sealed = sealText(key, subject, eventId, field, clear)
      assert.equal(sealed[0], 1)
      assert.equal(sealed.length, 1 + 12 + Buffer.byteLength(clear) + 16)
      assert.equal(openText(key, subject, eventId, field, sealed), clear)
    }),
  )
})

test('it opens for no other subject, event, field or key', () => {
  const triple = fc.tuple(name, name, name)
  fc.assert(
    fc.property(triple, triple, text, (own, other, clear) => {
      fc.pre(own.some((part, index) => part !== other[index]))
      assert.equal(openText(key, ...other, sealText(key, ...own, clear)), undefined)
    }),
  )
  const sealed = sealText(key, '1', 'c/0', 'text', 'hi')
  assert.equal(openText(createSecretKey(randomBytes(32)), '1', 'c/0', 'text', sealed), undefined)
})

test('parts that read alike when joined are told apart', () => {
  const sealed = sealText(key, '1', '23', 'text', 'hi')
  assert.equal(openText(key, '12', '3', 'text', sealed), undefined)
  assert.equal(openText(key, '1', '23t', 'ext', sealed), undefined)
})

test('one changed bit anywhere, or a byte more or less, and it does not open', () => {
  const sealed = sealText(key, '1', 'c/0', 'text', 'a message')
  fc.assert(
    fc.property(fc.nat(sealed.length * 8 - 1), (bit) => {
      const tampered = Buffer.from(sealed)
      tampered[bit >> 3] = (tampered[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      assert.equal(openText(key, '1', 'c/0', 'text', tampered), undefined)
    }),
  )
  for (let length = 0; length < sealed.length; length += 1)
    assert.equal(openText(key, '1', 'c/0', 'text', sealed.subarray(0, length)), undefined)
  assert.equal(openText(key, '1', 'c/0', 'text', Buffer.concat([sealed, Buffer.of(0)])), undefined)
})

test('no nonce comes twice', () => {
  const nonces = new Set(
    Array.from({ length: 2000 }, () => sealText(key, '1', 'c/0', 'text', 'x').subarray(1, 13).toString('hex')),
  )
  assert.equal(nonces.size, 2000)
})
