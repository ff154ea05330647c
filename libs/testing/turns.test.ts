import assert from 'node:assert/strict'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { temporaryFolder } from './shared-engines.ts'
import { giveTurns, TEST_TURNS, takeTurn } from './turns.ts'
import { until } from './until.ts'

const turnsFolder = async (t: TestContext): Promise<string> => {
  const folder = await mkdtemp(join(temporaryFolder(), 'whiply-turns-'))
  t.after(() => rm(folder, { recursive: true }))
  return folder
}

/** A test file that says so when it runs, and goes on until it is ended. */
const runs = async (t: TestContext, folder: string, name: string) => {
  const file = join(folder, name)
  await writeFile(file, 'process.send({}); setInterval(() => {}, 1_000)')
  const child = fork(file, {
    execArgv: ['--import', import.meta.resolve('./wait-for-turn.ts')],
    env: { ...process.env, [TEST_TURNS]: join(folder, 'turns') },
  })
  const ended = once(child, 'exit')
  const end = async () => {
    child.kill('SIGKILL')
    await ended
  }
  t.after(end)
  let running = false
  child.once('message', () => {
    running = true
  })
  return { isRunning: () => running, end }
}

test('so many run at once, a killed one makes room for the next, and those in memory do not count', async (t) => {
  const folder = await turnsFolder(t)
  const turns = await giveTurns(join(folder, 'turns'), 2)
  t.after(turns.close)
  const three = await Promise.all(['a', 'b', 'c'].map((name) => runs(t, folder, `${name}.test.mjs`)))
  const running = () => three.filter(({ isRunning }) => isRunning())
  await until(() => running().length === 2, { what: 'two run' })
  const inMemory = await runs(t, folder, 'in-memory-1.test.mjs')
  await until(inMemory.isRunning, { what: 'what is in memory runs beside them' })
  assert.equal(running().length, 2)
  await running()[0]?.end()
  await until(() => running().length === 3, { what: 'the third runs' })
})

test('where nobody gives turns any more, nobody waits for one', async (t) => {
  const path = join(await turnsFolder(t), 'turns')
  await takeTurn(path)
  const turns = await giveTurns(path, 0)
  const taken = takeTurn(path)
  await wait(100)
  turns.close()
  await taken
})
