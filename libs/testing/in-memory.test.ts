import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { test } from 'node:test'
import { readImports } from './arrows.ts'
import { inFewProcesses, isLoader, loadedBy, testsInMemory } from './in-memory.ts'

test('who opens a socket, a process or a thread, however far away, is none of them; types open nothing', () => {
  const found = testsInMemory([
    { from: 'libs/a/socket.test.ts', to: 'libs/a/socket.ts' },
    { from: 'libs/a/socket.ts', to: 'node:net' },
    { from: 'libs/a/rules.test.ts', to: 'libs/a/rules.ts' },
    { from: 'libs/a/rules.ts', to: 'libs/a/socket.ts', typesOnly: true },
  ])
  assert.deepEqual(found, ['libs/a/rules.test.ts'])
})

test('rules are in memory, and whoever stands on engines is not', () => {
  const found = testsInMemory(readImports(dirname(dirname(import.meta.dirname))))
  assert.ok(found.includes('libs/channel/rules/moderation.test.ts'))
  for (const file of ['libs/vault/vault.test.ts', 'libs/mail/mail.test.ts', 'apps/web/web.test.ts'])
    assert.ok(!found.includes(file), file)
})

test('every file is run once, those in memory by few processes spread among the others', (t) => {
  const root = mkdtempSync(join(tmpdir(), 'whiply-in-memory-'))
  t.after(() => rmSync(root, { recursive: true }))
  const write = (name: string, imported: string) => {
    writeFileSync(join(root, name), `import { ${imported} } from 'node:test'\n`)
    return name
  }
  const names = (kind: string, count: number) => Array.from({ length: count }, (_, n) => `${kind}-${n}.test.ts`)
  const quick = names('quick', 50).map((name) => write(name, 'test'))
  const hooked = [write('hooked-1.test.ts', 'before, test'), write('hooked-2.test.ts', 'afterEach, describe')]
  const alone = [...hooked, ...names('slow', 7)]
  const files = inFewProcesses(root, [...quick, ...alone], [...quick, ...hooked, 'not-asked-for.test.ts'], root)
  const loaded = files.flatMap((file) => loadedBy(file) ?? [])
  assert.deepEqual(loaded.map((url) => basename(url)).sort(), quick.toSorted())
  assert.deepEqual(
    files.filter((file) => !isLoader(file)),
    alone.map((name) => join(root, name)),
  )
  assert.deepEqual(
    files.flatMap((file, index) => (isLoader(file) ? [index] : [])),
    [0, 4, 8],
  )
})
