import assert from 'node:assert/strict'
import { test } from 'node:test'
import { breaches, type CompatibilityLevel, compatibilityLevels } from './levels.ts'
import { parseSchema } from './parse.ts'

const record = (...fields: readonly object[]) => parseSchema(JSON.stringify({ type: 'record', name: 'Post', fields }))

const required = { name: 'x', type: 'int' }
const optional = { name: 'x', type: 'int', default: 0 }
const versions = (...schemas: readonly ReturnType<typeof record>[]) =>
  schemas.map((schema, index) => ({ version: index + 1, schema }))

/** The levels at which a schema may follow these. */
const levelsFor = (newer: ReturnType<typeof record>, ...earlier: readonly ReturnType<typeof record>[]) =>
  compatibilityLevels.filter((level) => breaches(level, newer, versions(...earlier)).length === 0)

test('who reads what by level, against the latest version', () => {
  assert.deepEqual(levelsFor(record(required), record()), ['NONE', 'FORWARD', 'FORWARD_TRANSITIVE'])
  assert.deepEqual(levelsFor(record(), record(required)), ['NONE', 'BACKWARD', 'BACKWARD_TRANSITIVE'])
  assert.deepEqual(levelsFor(record(optional), record()), compatibilityLevels)
  assert.deepEqual(levelsFor(record({ ...required, type: 'string' }), record(required)), ['NONE'])
})

test('only transitive levels look further back', () => {
  const backward: readonly CompatibilityLevel[] = ['NONE', 'BACKWARD', 'FORWARD', 'FORWARD_TRANSITIVE', 'FULL']
  assert.deepEqual(levelsFor(record(required), record(), record(optional)), backward)
  const forward: readonly CompatibilityLevel[] = ['NONE', 'BACKWARD', 'BACKWARD_TRANSITIVE', 'FORWARD', 'FULL']
  assert.deepEqual(levelsFor(record(), record(required), record(optional)), forward)
})

test('a breach names the direction and the earlier version', () => {
  const [breach] = breaches('FULL_TRANSITIVE', record(required), versions(record(), record(optional)))
  assert.deepEqual(
    [breach?.direction, breach?.against.version, breach?.type],
    ['BACKWARD', 1, 'READER_FIELD_MISSING_DEFAULT_VALUE'],
  )
})

test('the first version follows anything', () => {
  assert.deepEqual(levelsFor(record(required)), compatibilityLevels)
})
