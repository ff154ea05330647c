import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { generateDocuments, withSettingsTable } from './documents.ts'

const root = dirname(dirname(import.meta.dirname))
const read = (path: string): string => readFileSync(join(root, path), 'utf8')

const sources = globSync(['apps/**/*.ts', 'libs/**/*.ts'], { cwd: root })
  .filter((path) => !/\.(test|fixtures)\.ts$/.test(path) && !path.includes('libs/testing/'))
  .map(read)

/** Every match of the pattern's first group in the sources. */
const named = (pattern: RegExp): readonly string[] => [
  ...new Set(sources.flatMap((text) => [...text.matchAll(pattern)].map(([, name = '']) => name))),
]

const operating = read('docs/operating.md')
const missing = (names: readonly string[]) => names.filter((name) => !operating.includes(`\`${name}\``))

test('tables in the documents are those of the code', () => {
  assert.deepEqual(generateDocuments(true), [])
  assert.throws(() => withSettingsTable('no place for it'), RangeError)
})

test('every metric is in the operator’s document', () => {
  const readers = named(/lagGauges\('(whiply_\w+)'/g)
  const metrics = [
    ...named(/(?:gauge|create[A-Z][a-z]+)\(\s*'(whiply_\w+)'/g),
    ...readers.flatMap((reader) => [`${reader}_lag_records`, `${reader}_lag_seconds`]),
  ]
  assert.ok(metrics.length > 20)
  assert.deepEqual(missing(metrics), [])
})

test('every alarm is in the operator’s document', () => {
  const alarms = [
    ...named(/alarms\.add\(1, \{ code: '([a-z_.]+)'/g),
    ...named(/\balarm\(\s*'([a-z_.]+)'/g),
    ...named(/const code = '([a-z_.]+)'/g),
    ...named(/^ {2}\| '(journal\.[a-z_]+)'$/gm),
  ]
  assert.ok(alarms.length > 15)
  assert.deepEqual(missing(alarms), [])
})

test('every command is in the operator’s document', () => {
  const commands = [...read('apps/whiply/commands.ts').matchAll(/^ {4}name: '([a-z ]+)'/gm)].map(
    ([, name = '']) => name,
  )
  assert.ok(commands.length > 3)
  assert.deepEqual(
    commands.filter((name) => !operating.includes(`bin/whiply ${name}`)),
    [],
  )
})

test('every test that the page of security requirements names is there, in the file that it names', () => {
  const page = read('docs/security/asvs.md')
  const named = [...page.matchAll(/`([^`\s]+\.(?:test|fixtures)\.[jt]s)`(?:: ([^|`]*?))?(?=; |, `| \|)/g)]
  assert.equal(named.length, [...page.matchAll(/\.(?:test|fixtures)\.[jt]s`/g)].length, 'each is a path from the root')
  assert.ok(named.length > 80)
  const missing = named.filter(([, path = '', title = '']) => {
    const text = globSync(path, { cwd: root }).map(read)[0]
    return text === undefined || !text.includes(title)
  })
  assert.deepEqual(
    missing.map(([all]) => all),
    [],
  )
})
