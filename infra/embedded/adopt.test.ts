import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { adoptEngine } from './adopt.ts'
import { type EngineProcess, spawnEngine } from './engine.ts'
import { rememberedProcess } from './orphan.ts'
import { isAlive } from './process.ts'

const answers = async (): Promise<void> => {}

/** A process that does nothing for as long as it is let, in place of an engine. */
const idle = async (t: TestContext): Promise<EngineProcess> => {
  const dataDir = await mkdtemp(join(tmpdir(), 'whiply-adopt-'))
  t.after(() => rm(dataDir, { recursive: true, force: true }))
  return {
    name: 'Idle',
    command: process.execPath,
    args: ['-e', 'setInterval(() => {}, 1000)', dataDir],
    identity: ['1.0'],
    dataDir,
    logFile: join(dataDir, 'idle.log'),
    stopSignal: 'SIGTERM',
    stopGraceMs: 5_000,
  }
}

test('an engine that was left running is taken over, and stopped when it is asked to', async (t) => {
  const engine = await idle(t)
  const { pid } = spawnEngine(engine)
  const adopted = await adoptEngine(engine, answers)
  assert.equal(adopted?.pid, pid)
  await Promise.all([adopted?.stop(), adopted?.stop()])
  assert.equal(isAlive(pid), false)
  assert.deepEqual(await adopted?.exited, { code: null, signal: null })
  assert.equal(await adoptEngine(engine, answers), undefined)
})

test('the end of an adopted engine is noticed, and its folder is free then', async (t) => {
  const engine = await idle(t)
  const { pid } = spawnEngine(engine)
  const adopted = await adoptEngine(engine, answers)
  process.kill(pid, 'SIGKILL')
  await adopted?.exited
  assert.equal(rememberedProcess(engine.dataDir), undefined)
})

for (const [what, other] of Object.entries<Partial<EngineProcess>>({
  'another release': { identity: ['1.1'] },
  'other settings': { args: ['-e', '0'] },
}))
  test(`${what} is no reason to adopt`, async (t) => {
    const engine = await idle(t)
    const running = spawnEngine(engine)
    assert.equal(await adoptEngine({ ...engine, ...other }, answers), undefined)
    assert.ok(isAlive(running.pid))
    await running.stop()
  })

test('what only has an engine start quicker is no reason not to adopt', async (t) => {
  const engine = await idle(t)
  const { pid } = spawnEngine({ ...engine, startArgs: ['--no-warnings'] })
  const adopted = await adoptEngine(engine, answers)
  assert.equal(adopted?.pid, pid)
  await adopted?.stop()
})

test('an engine that does not answer is not adopted but stopped', async (t) => {
  const engine = await idle(t)
  const { pid } = spawnEngine(engine)
  const refused = () => Promise.reject(new Error('no answer'))
  assert.equal(await adoptEngine(engine, refused, 100), undefined)
  assert.equal(isAlive(pid), false)
})
