import assert from 'node:assert/strict'
import { type ChildProcess, execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { freePort } from '#infra/embedded/engine.ts'
import { readConfig } from '#libs/config/config.ts'
import { testEngines } from '#libs/testing/engines.ts'
import { temporaryFolder } from '#libs/testing/shared-engines.ts'
import { reachEngines } from './reach-engines.ts'

/** A projector on engines as they are given, until it ends. */
const runProjector = async (
  t: TestContext,
  engines: { readonly KAFKA_BROKERS: string; readonly DATABASE_URL: string },
  started: (child: ChildProcess) => void = () => {},
) => {
  const data = await mkdtemp(join(temporaryFolder(), 'whiply-refused-'))
  t.after(() => rm(data, { recursive: true, force: true }))
  const env = {
    ...process.env,
    ...engines,
    WHIPLY_DATA: data,
    WHIPLY_MASTER_KEY: randomBytes(32).toString('base64'),
    METRICS_PORT: `${await freePort()}`,
  }
  const script = join(import.meta.dirname, 'main.ts')
  return new Promise<{ readonly code: unknown; readonly stderr: string }>((resolve) => {
    const child = execFile(process.execPath, [script, 'projector'], { env }, (error, _, stderr) =>
      resolve({ code: error?.code ?? 0, stderr }),
    )
    started(child)
  })
}

test('an app says what an engine refuses, in one line with its code', async (t) => {
  const { brokers, databaseUrl } = await testEngines()
  const { code, stderr } = await runProjector(t, {
    KAFKA_BROKERS: brokers.join(','),
    DATABASE_URL: Object.assign(new URL(databaseUrl), { password: 'wrong' }).href,
  })
  assert.equal(code, 1)
  assert.match(stderr, /^ {2}✗ Postgres refuses the login\..*\(postgres\.credentials_refused\)\n$/)
})

test('an app that is told to end while it waits for an engine ends in silence', async (t) => {
  const silent = createServer((socket) => void t.after(() => socket.destroy()))
  t.after(() => silent.close())
  const port = await freePort()
  await once(silent.listen(port, '127.0.0.1'), 'listening')
  const { databaseUrl } = await testEngines()
  const engines = { KAFKA_BROKERS: `127.0.0.1:${port}`, DATABASE_URL: databaseUrl }
  const ended = await runProjector(t, engines, (child) => silent.once('connection', () => child.kill('SIGTERM')))
  assert.deepEqual(ended, { code: 0, stderr: '' })
})

test('engines that are not named are not waited for', async () => {
  await reachEngines(readConfig({}))
  const nobody = readConfig({ KAFKA_BROKERS: `127.0.0.1:${await freePort()}` })
  await assert.rejects(reachEngines(nobody, undefined, 200), { code: 'kafka.unreachable' })
})
