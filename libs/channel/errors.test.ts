import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertedCodes } from '#libs/testing/asserted-codes.ts'
import { channelErrors } from './errors.ts'

test('every code of the table is expected by a test, and no other', () => {
  const known = Object.keys(channelErrors).sort()
  assert.deepEqual(
    assertedCodes(import.meta.dirname, 'channel.').filter((code) => !known.includes(code)),
    [],
  )
  assert.deepEqual(
    known.filter((code) => !assertedCodes(import.meta.dirname, 'channel.').includes(code)),
    [],
  )
})
