import assert from 'node:assert/strict'
import { dirname } from 'node:path'
import { test } from 'node:test'
import { readImports } from './arrows.ts'
import { testsOnEngines } from './on-engines.ts'

test('tests that reach the engines over fixtures are found, and no others', () => {
  const found = testsOnEngines([
    { from: 'apps/a/a.test.ts', to: 'apps/a/a.fixtures.ts' },
    { from: 'apps/a/a.fixtures.ts', to: 'libs/testing/engines.ts' },
    { from: 'libs/b/b.test.ts', to: 'libs/testing/until.ts' },
  ])
  assert.deepEqual(found, ['apps/a/a.test.ts'])
})

test('the contract suite of the log and the tests of whole platforms run on containers too', () => {
  const found = testsOnEngines(readImports(dirname(dirname(import.meta.dirname))))
  for (const file of ['libs/journal/kafka/log.test.ts', 'apps/web/web.test.ts', 'libs/vault/vault.test.ts'])
    assert.ok(found.includes(file), file)
  assert.ok(!found.includes('infra/embedded/adopt.test.ts'))
})
