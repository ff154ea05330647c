import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { Impure, purely } from './purely.ts'

test('code that reads a clock or a random source is caught, and both are there again behind it', () => {
  const impure: readonly (() => unknown)[] = [
    () => Date.now(),
    () => new Date(),
    () => Date(),
    () => Math.random(),
    () => performance.now(),
    () => process.hrtime(),
    () => randomUUID(),
  ]
  for (const act of impure) {
    assert.throws(() => purely(act), Impure, String(act))
    act()
  }
})

test('a function of its arguments is let be', () => {
  assert.equal(
    purely(() => new Date(0).toISOString()),
    '1970-01-01T00:00:00.000Z',
  )
})
