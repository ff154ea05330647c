import assert from 'node:assert/strict'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { temporaryFolder } from './shared-engines.ts'
import { giveTurns, TEST_TURNS, type Turns, takeTurn } from './turns.ts'
import { until } from './until.ts'

/** Says that it runs, and goes on until it or its parent ends. */
const runsOn = "process.send('runs'); process.on('disconnect', () => process.exit())"

/** Runs test files with the given turns. */
const runner = async (t: TestContext, turns: Turns) => {
  const folder = await mkdtemp(join(temporaryFolder(), 'whiply-turns-'))
  const children: { end: () => Promise<void> }[] = []
  t.after(async () => {
    for (const { end } of children) await end()
    turns.close()
    await rm(folder, { recursive: true })
  })
  return async (name: string, text = runsOn) => {
    const file = join(folder, name)
    await writeFile(file, text)
    const child = fork(file, {
      execArgv: ['--import', import.meta.resolve('./wait-for-turn.ts')],
      env: { ...process.env, [TEST_TURNS]: String(turns.port) },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    const exited = once(child, 'exit')
    const said: unknown[] = []
    child.on('message', (message) => said.push(message))
    const end = async () => {
      child.kill('SIGKILL')
      await exited
    }
    children.push({ end })
    return { said, isRunning: () => said.length > 0, exited, end }
  }
}

test('so many run at once, a killed one makes room for the next, and those in memory do not count', async (t) => {
  const run = await runner(t, await giveTurns(2))
  const three = await Promise.all(['a', 'b', 'c'].map((name) => run(`${name}.test.mjs`)))
  const running = () => three.filter(({ isRunning }) => isRunning())
  await until(() => running().length === 2, { what: 'two run' })
  const inMemory = await run('in-memory-1.test.mjs')
  await until(inMemory.isRunning, { what: 'what is in memory runs beside them' })
  assert.equal(running().length, 2)
  await running()[0]?.end()
  await until(() => running().length === 3, { what: 'the third runs' })
})

test('what a file starts is part of its turn', async (t) => {
  const run = await runner(t, await giveTurns(1))
  const { said } = await run(
    'parent.test.mjs',
    `import { fork } from 'node:child_process'
    import { isMainThread, parentPort, Worker } from 'node:worker_threads'
    if (!isMainThread) parentPort.postMessage('thread')
    else if (process.argv[2] === 'child') process.send('process')
    else {
      fork(import.meta.filename, ['child']).once('message', (told) => process.send(told))
      new Worker(import.meta.filename).once('message', (told) => process.send(told))
    }`,
  )
  await until(() => said.length === 2, { what: 'both have started' })
  assert.deepEqual(said.toSorted(), ['process', 'thread'])
})

test('who waits when the runner ends gets no turn, and a file that comes later does not run', async (t) => {
  const turns = await giveTurns(0)
  const run = await runner(t, turns)
  const isGiven = takeTurn(turns.port)
  assert.equal(await Promise.race([isGiven, wait(50, 'waits')]), 'waits')
  turns.close()
  assert.equal(await isGiven, false)
  const { exited, said } = await run('late.test.mjs')
  assert.deepEqual([...(await exited), ...said], [1, null])
})
