import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { isUuidv7, uuidv7, uuidv7Time } from './ids.ts'

test('an id carries the time at which it was minted', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 48 - 1 }), (at) => {
      const id = uuidv7(at)
      assert.ok(isUuidv7(id))
      assert.equal(uuidv7Time(id), at)
    }),
  )
})

test('ids do not repeat', () => {
  assert.equal(new Set(Array.from({ length: 10_000 }, () => uuidv7(0))).size, 10_000)
})

test('other forms are no command ids', () => {
  for (const text of ['', 'x', '01890a5d-ac96-4b7c-8000-000000000000', uuidv7().toUpperCase().replace(/^/, ' ')]) {
    assert.equal(isUuidv7(text), false)
  }
})
