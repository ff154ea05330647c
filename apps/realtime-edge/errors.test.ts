import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { edgeErrors } from './errors.ts'
import { questionErrors } from './questions/errors.ts'

test('every code that the edge answers with is in a test', () => {
  const files = globSync('**/*.test.ts', { cwd: import.meta.dirname }).filter((file) => file !== 'errors.test.ts')
  const tests = files.map((file) => readFileSync(join(import.meta.dirname, file), 'utf8')).join('\n')
  const untested = Object.keys({ ...edgeErrors, ...questionErrors }).filter((code) => !tests.includes(`'${code}'`))
  assert.deepEqual(untested, [])
})
