import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { masterKeyOf } from './master-key.ts'

test('keys for different purposes have nothing in common, and the same one comes again', () => {
  const text = randomBytes(32).toString('base64')
  const key = masterKeyOf(text)
  assert.notDeepEqual(key.derive('wrap'), key.derive('check'))
  assert.deepEqual(key.derive('wrap'), masterKeyOf(`${text}\n`).derive('wrap'))
})

test('what is not 32 bytes in base64 is malformed', () => {
  for (const text of ['x', '!'.repeat(44), randomBytes(31).toString('base64'), randomBytes(33).toString('base64')])
    assert.throws(() => masterKeyOf(text), { code: 'vault.master_key_malformed' })
})
