import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createLru } from './lru.ts'

test('what was not used for longest leaves first', () => {
  const lru = createLru<number>(2)
  lru.set('a', 1)
  lru.set('b', 2)
  assert.equal(lru.get('a'), 1)
  lru.set('c', 3)
  assert.equal(lru.get('b'), undefined)
  assert.equal(lru.get('a'), 1)
})

test('it never holds more than its capacity, and holds the latest', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 8 }),
      fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f')),
      (size, keys) => {
        const lru = createLru<string>(size)
        for (const key of keys) lru.set(key, key)
        const latest = [...new Set(keys.toReversed())].slice(0, size)
        assert.equal(lru.size(), latest.length)
        for (const key of latest) assert.equal(lru.get(key), key)
      },
    ),
  )
})
