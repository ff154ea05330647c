import assert from 'node:assert/strict'
import { test } from 'node:test'
import { coverageReport, notLoaded } from './coverage.ts'

test('coverage counts lines, not files, and names the least covered of a folder', () => {
  const { percentOfLines, table } = coverageReport([
    { path: 'libs/a/large.ts', lines: 90, covered: 90 },
    { path: 'libs/a/small.ts', lines: 10, covered: 0 },
  ])
  assert.equal(percentOfLines, 90)
  assert.match(table, /libs\/a +90\.0% {2}small\.ts 0%/)
})

test('a file that no test loads counts with the lines that do something', () => {
  const types = "import type { A } from './a.ts'\n/** A type. */\nexport type B = A | {\n  readonly c: string\n}\n"
  assert.deepEqual(notLoaded('b.ts', types), { path: 'b.ts', lines: 0, covered: 0 })
  assert.equal(notLoaded('c.ts', `${types}// why\nexport const d = (e: B): B => e\n`).lines, 1)
})
