import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertedCodes } from '#libs/testing/asserted-codes.ts'
import { identityErrors } from './errors.ts'

test('every code of the table is expected by a test', () => {
  const expected = new Set(assertedCodes(import.meta.dirname, 'identity.'))
  assert.deepEqual(
    Object.keys(identityErrors).filter((code) => !expected.has(code)),
    [],
  )
})
