import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pageOf, type RegistryRequest } from './request.ts'

const page = (query: string) => pageOf({ query: new URLSearchParams(query) } as unknown as RegistryRequest, 20_000)

test('a list is as long as it may be, unless less is asked for', () => {
  assert.deepEqual(page(''), { offset: 0, limit: 20_000 })
  assert.deepEqual(page('offset=5&limit=10'), { offset: 5, limit: 10 })
  assert.deepEqual(page('offset=-1&limit=-1'), { offset: 0, limit: 20_000 })
  assert.deepEqual(page('limit=20001'), { offset: 0, limit: 20_000 })
  assert.throws(() => page('limit=some'), { status: 400 })
})
