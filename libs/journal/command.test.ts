import assert from 'node:assert/strict'
import { test } from 'node:test'
import { derivedId } from './command.ts'

test('the id of a command sent again is the same, for ever', () => {
  const id = derivedId('handles', 3, 17)
  assert.equal(derivedId('handles', 3, 17), id)
  assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  assert.equal(id, 'fa4bac8e-c59c-853a-806a-604f5517e773')
})

test('every part of the source makes another id', () => {
  const ids = [
    derivedId('handles', 3, 17),
    derivedId('erasure', 3, 17),
    derivedId('handles', 31, 7),
    derivedId('handles', 3, 18),
    derivedId('handles', 3, 17, 1),
  ]
  assert.equal(new Set(ids).size, ids.length)
})
