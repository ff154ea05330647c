import assert from 'node:assert/strict'
import { dirname } from 'node:path'
import { test } from 'node:test'
import { readImports } from './arrows.ts'
import { toolPaths } from './bring.ts'
import { testsReaching } from './on-engines.ts'

test('each tool is reached by the tests that it is brought for', () => {
  const imports = readImports(dirname(dirname(import.meta.dirname)))
  for (const path of toolPaths) assert.notDeepEqual(testsReaching(imports, path), [], path)
})
