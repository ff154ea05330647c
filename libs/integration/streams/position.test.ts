import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { positionCodec } from './position.ts'

const log = '0197d2c5-7a40-7c3e-9d7b-3f0a5c1e8b21'
const chat = 'whiply.public.chat.v1'

test('a position is read back as it was written, whatever the offsets', () => {
  const offset = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER })
  fc.assert(
    fc.property(fc.array(offset, { minLength: 1, maxLength: 64 }), (offsets) => {
      const codec = positionCodec(log, chat, offsets.length)
      const token = codec.encode(offsets)
      assert.match(token, /^[A-Za-z0-9_-]+$/)
      assert.deepEqual(codec.decode(token), offsets)
    }),
  )
})

test('a position of another log, topic or number of partitions is none', () => {
  const token = positionCodec(log, chat, 2).encode([7, 300])
  assert.deepEqual(positionCodec(log, chat, 2).decode(token), [7, 300])
  assert.equal(positionCodec('another', chat, 2).decode(token), undefined)
  assert.equal(positionCodec(log, 'whiply.public.channel.v1', 2).decode(token), undefined)
  assert.equal(positionCodec(log, chat, 3).decode(token), undefined)
  assert.equal(positionCodec(log, chat, 1).decode(token), undefined)
})

test('whatever else is given is no position, and never an error', () => {
  const codec = positionCodec(log, chat, 2)
  const token = codec.encode([1, 2])
  for (const cut of Array.from({ length: token.length }, (_, index) => token.slice(0, index)))
    assert.equal(codec.decode(cut), undefined)
  const head = Buffer.from(token, 'base64url').subarray(0, 7)
  const endless = Buffer.concat([head, Buffer.alloc(20, 0xff)]).toString('base64url')
  const beyond = Buffer.concat([head, Buffer.of(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f)])
  for (const bad of [endless, beyond.toString('base64url'), `${token}\n`, `${token}=`])
    assert.equal(codec.decode(bad), undefined)
  fc.assert(fc.property(fc.string(), (text) => assert.equal(codec.decode(text), undefined)))
})
