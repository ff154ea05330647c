import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { lookOf } from './skeleton.ts'

test('names that can be taken for one another look alike', () => {
  for (const [one, other] of [
    ['paypal', 'PAYPAL'],
    ['paypal', 'paypaI'],
    ['paypal', 'p\u0430yp\u0430l'],
    ['admin', '\u0430dmin'],
    ['admin', '\uff41\uff44\uff4d\uff49\uff4e'],
    ['modern', 'modem'],
    ['user1', 'userl'],
    ['foo', 'f0o'],
    ['Ada L', 'AdaL'],
    ['Ada', 'A\u200dda'],
    ['Zoe\u0308', 'Zo\u00eb'],
    ['scope', '\u0455\u0441\u043e\u0440\u0435'],
  ] as const)
    assert.equal(lookOf(one), lookOf(other), `${one} ${other}`)
})

test('other names do not', () => {
  const names = [
    'ada',
    'bob',
    'carol',
    'zoe',
    'zo\u00eb',
    '李小龙',
    '\u{1f600}',
    '\u{1f601}',
    'user_1',
    'user1',
    'user2',
  ]
  assert.equal(new Set(names.map(lookOf)).size, names.length)
})

test('what looks like something looks like itself, in any case of letters', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 25 }), (name) => {
      const look = lookOf(name)
      assert.equal(lookOf(look), look)
    }),
  )
})
