import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { temporaryFolder } from '#libs/testing/shared-engines.ts'
import { memoryOf } from './process-memory.ts'

const entry = fileURLToPath(new URL('../../infra/images/start.sh', import.meta.url))

/** What the image would start: a Node that says with what it was. */
const startsWith = async (t: TestContext, app: string, given: Readonly<Record<string, string>> = {}) => {
  const folder = await mkdtemp(join(temporaryFolder(), 'whiply-entry-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  const node = join(folder, 'node')
  await writeFile(node, '#!/bin/sh\necho "arguments=$*"\nenv\n')
  await chmod(node, 0o755)
  const env = { PATH: `${folder}:${process.env.PATH}`, ...given }
  const lines = execFileSync('/bin/sh', [entry, app], { env, encoding: 'utf8' }).trim().split('\n')
  return Object.fromEntries(lines.map((line) => [line.split('=', 1)[0], line.slice(line.indexOf('=') + 1)]))
}

test('an edge keeps memory alike in the image and beside its launcher', async (t) => {
  const { nodeArguments, environment } = memoryOf('http-edge')
  assert.deepEqual(nodeArguments, ['--max-semi-space-size=4', '--heap-growing-percent=20'])
  assert.equal(environment.MALLOC_ARENA_MAX, '1')
  const started = await startsWith(t, 'http-edge')
  for (const [name, value] of Object.entries(environment)) assert.equal(started[name], value, name)
  const words = started.arguments?.split(' ') ?? []
  assert.deepEqual(words.slice(0, nodeArguments.length), nodeArguments)
  assert.match(started.arguments ?? '', /apps\/whiply\/main\.ts http-edge$/)
})

test('what a container is given goes before it, and other apps are as they are', async (t) => {
  assert.equal((await startsWith(t, 'http-edge', { MALLOC_ARENA_MAX: '4' })).MALLOC_ARENA_MAX, '4')
  assert.deepEqual(memoryOf('decider'), { nodeArguments: [], environment: {} })
  const decider = await startsWith(t, 'decider')
  assert.equal(decider.MALLOC_ARENA_MAX, undefined)
  assert.match(decider.arguments ?? '', /^--disable-warning\S+ --disable-warning\S+ \S+main\.ts decider$/)
})
