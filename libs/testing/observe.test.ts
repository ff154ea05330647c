import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { run, test } from 'node:test'
import type { TestEvent } from 'node:test/reporters'
import { type Findings, type Observation, observe } from './observe.ts'
import { temporaryFolder } from './shared-engines.ts'

/** Runs a test file of this text with node's own runner, and observes it. */
const observed = async (text: string, options: Partial<Observation> = {}) => {
  const folder = await mkdtemp(join(temporaryFolder(), 'whiply-observe-'))
  const file = join(folder, 'some.test.mjs')
  await writeFile(file, `import { test } from 'node:test'\n${text}\n`)
  const findings: Findings = { failed: false, skipped: [] }
  const report = () => ({ text: 'table', enough: true })
  const events: TestEvent[] = []
  // Within a test, node's runner does nothing unless it believes that it is not within one.
  const context = process.env.NODE_TEST_CONTEXT
  delete process.env.NODE_TEST_CONTEXT
  const running = run({ files: [file], coverage: true })
  const usual = { report, findings, loadedBy: () => undefined, skipsFail: false }
  for await (const event of observe(running, { ...usual, ...options })) events.push(event)
  process.env.NODE_TEST_CONTEXT = context
  await rm(folder, { recursive: true })
  const messages = events.flatMap((event) =>
    event.type === 'test:stdout' || event.type === 'test:diagnostic' ? [event.data.message] : [],
  )
  return { failed: findings.failed, skipped: findings.skipped, messages }
}

const passes = "test('passes', () => {})"
const skips = "test('later', { skip: true }, () => {})"

test('a run in which all pass has not failed, and its counts stand below the coverage', async () => {
  const { failed, messages } = await observed(passes)
  assert.equal(failed, false)
  assert.ok(messages.indexOf('table\n') < messages.indexOf('tests 1'))
  assert.match(messages.at(-1) ?? '', /^duration_ms/)
})

test('a failed test fails the run', async () => {
  assert.equal((await observed("test('fails', () => { throw new Error('x') })")).failed, true)
})

test('where a file fails as a whole it is told what it loads', async () => {
  const loadedBy = (file: string) => (file.endsWith('some.test.mjs') ? ['libs/a.test.ts', 'libs/b.test.ts'] : undefined)
  const { failed, messages } = await observed(`${passes}\nthrow new Error('x')`, { loadedBy })
  assert.equal(failed, true)
  assert.ok(messages.some((message) => message.endsWith('libs/a.test.ts\nlibs/b.test.ts\n')))
  const usual = await observed("test('fails', () => { throw new Error('x') })", { loadedBy })
  assert.ok(!usual.messages.some((message) => message.includes('libs/a.test.ts')))
})

test('a skipped test fails the run only where skips do, and is named', async () => {
  assert.equal((await observed(`${passes}\n${skips}`)).failed, false)
  const { failed, messages } = await observed(skips, { skipsFail: true })
  assert.equal(failed, true)
  assert.ok(messages.some((message) => /skipped.*: later/.test(message)))
})

test('too little coverage fails the run', async () => {
  assert.equal((await observed(passes, { report: () => ({ text: 'table', enough: false }) })).failed, true)
})
