import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { temporaryFolder } from './shared-engines.ts'

/** Runs a test file of this text as the runner does, and gives its exit code and what it said. */
const ran = async (text: string) => {
  const folder = await mkdtemp(join(temporaryFolder(), 'whiply-unfollowed-'))
  const file = join(folder, 'some.test.mjs')
  await writeFile(file, `import { test } from 'node:test'\n${text}\n`)
  const { NODE_TEST_CONTEXT: _, ...env } = process.env
  const args = ['--import', import.meta.resolve('./unfollowed-promises.ts'), '--test', '--test-reporter=tap', file]
  const told = await new Promise<{ readonly code: unknown; readonly output: string }>((resolve) =>
    execFile(process.execPath, args, { env }, (error, output) => resolve({ code: error?.code ?? 0, output })),
  )
  await rm(folder, { recursive: true })
  return told
}

test('no hook is called for what a test awaits', async () => {
  const hooked = `const { createHook } = await import('node:async_hooks')
    let calls = 0
    createHook({ init: () => calls++ }).enable()
    test('awaits', async () => { await null; if (calls > 0) throw new Error('called') })`
  assert.equal((await ran(hooked)).code, 0)
})

test('an error that nobody catches fails the file, and is told', async () => {
  const pause = 'await new Promise((resolve) => setTimeout(resolve, 50))'
  assert.equal((await ran(`test('passes', async () => { ${pause} })`)).code, 0)
  for (const astray of ["setTimeout(() => { throw new Error('astray') })", "Promise.reject(new Error('astray'))"]) {
    const { code, output } = await ran(`test('passes', async () => { ${astray}; ${pause} })`)
    assert.equal(code, 1)
    assert.match(output, /astray/)
  }
})
