import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort, portIsFree } from '#infra/embedded/engine.ts'
import { rememberedProcess } from '#infra/embedded/orphan.ts'
import { isAlive } from '#infra/embedded/process.ts'
import { stopEnginesIn, temporaryFolder } from '#libs/testing/shared-engines.ts'

/** The launcher in a process of its own, and what it says. */
type Launched = {
  readonly pid: number
  readonly text: () => string
  readonly says: (pattern: RegExp) => Promise<RegExpExecArray>
  readonly signal: (name: NodeJS.Signals) => void
  readonly exited: Promise<number | null>
}

const DEADLINE_MS = 60_000

const until = async <T>(what: string, probe: () => T | undefined | Promise<T | undefined>): Promise<T> => {
  const deadline = Date.now() + DEADLINE_MS
  for (;;) {
    const found = await probe()
    if (found !== undefined) return found
    assert.ok(Date.now() < deadline, `waited too long until ${what}`)
    await sleep(20)
  }
}

let data = ''
let env: NodeJS.ProcessEnv = {}

const launched: Launched[] = []

const start = (args: readonly string[] = [], extra: NodeJS.ProcessEnv = {}): Launched => {
  const script = join(import.meta.dirname, 'fixtures', 'launcher.ts')
  const child = spawn(process.execPath, [script, 'start', ...args], { env: { ...env, ...extra } })
  let said = ''
  child.stderr.on('data', (chunk) => {
    said += chunk
  })
  child.stdout.resume()
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve))
  const one: Launched = {
    pid: child.pid ?? 0,
    text: () => said,
    says: (pattern) => until(`it says ${pattern}, but: ${said}`, () => pattern.exec(said) ?? undefined),
    signal: (name) => child.kill(name),
    exited,
  }
  launched.push(one)
  return one
}

const notes = async (): Promise<readonly string[]> =>
  (await readFile(join(data, 'notes'), 'utf8').catch(() => '')).trim().split('\n')

const kafkaPid = () => rememberedProcess(join(data, 'kafka'))
const postgresPid = () => rememberedProcess(join(data, 'postgres'))

before(async () => {
  data = await mkdtemp(join(temporaryFolder(), 'whiply-launcher-'))
  const names = ['KAFKA_PORT', 'POSTGRES_PORT', 'HTTP_PORT', 'REALTIME_PORT', 'METRICS_PORT']
  const ports = await Promise.all(names.map(() => freePort()))
  const settings = Object.fromEntries(names.map((name, index) => [name, String(ports[index])]))
  env = { ...process.env, ...settings, WHIPLY_DATA: data, KAFKA_HEAP: '256MiB' }
})

after(async () => {
  for (const one of launched) if (isAlive(one.pid)) one.signal('SIGKILL')
  await stopEnginesIn(data)
  await rm(data, { recursive: true, force: true })
})

test('a busy port is told by the name of its setting, before anything starts', async () => {
  const server = createServer().listen(Number(env.HTTP_PORT), '127.0.0.1')
  const launcher = start()
  assert.equal(await launcher.exited, 1)
  server.close()
  assert.match(launcher.text(), new RegExp(`Port ${env.HTTP_PORT} is already in use.*HTTP_PORT=`, 's'))
  assert.equal(kafkaPid(), undefined)
})

test('the first start brings engines, apps, addresses, a master key and a password', async () => {
  const launcher = start()
  await launcher.says(/master\.key\n.*Back it up/)
  for (const part of ['Kafka (', 'Postgres (', `http://localhost:${env.HTTP_PORT}`, `/v1/live`, data])
    assert.ok(launcher.text().includes(part), `${part} in ${launcher.text()}`)
  assert.ok(!launcher.text().includes('one-time'), 'a password never goes where output is collected')
  assert.match(await readFile(join(data, 'admin-password'), 'utf8'), /^admin\none-time\n$/)
  for (const file of ['admin-password', 'master.key', 'engines.json'])
    assert.equal((await stat(join(data, file))).mode & 0o777, 0o600, file)
  const health = await fetch(`http://127.0.0.1:${env.METRICS_PORT}/readyz`)
  assert.equal(health.status, 200)
})

test('a second launcher on the same folder refuses, and names the first', async () => {
  const second = start()
  assert.equal(await second.exited, 1)
  assert.match(second.text(), new RegExp(`already running on ${data} \\(process ${launched[1]?.pid}\\)`))
})

test('an engine that crashes is reported and started again at its address', async () => {
  const launcher = launched[1]
  const before = kafkaPid()
  assert.ok(launcher && before)
  process.kill(before, 'SIGKILL')
  await launcher.says(/Kafka ended by itself \(signal SIGKILL\)\. It is started again in 0\.1 s/)
  await launcher.says(/Kafka runs again/)
  assert.notEqual(kafkaPid(), before)
  assert.equal(await portIsFree(Number(env.KAFKA_PORT)), false)
})

test('engines of a killed launcher are found and stopped by the next one, which keeps the data', async () => {
  const orphans = [kafkaPid(), postgresPid()]
  const key = await readFile(join(data, 'master.key'), 'utf8')
  launched[1]?.signal('SIGKILL')
  await launched[1]?.exited
  const launcher = start(['--processes'])
  await launcher.says(/Kafka was still running from a whiply that was killed \(process \d+\): stopped/)
  await launcher.says(/whiply is running/)
  for (const pid of orphans) assert.ok(pid && !isAlive(pid))
  assert.equal(await readFile(join(data, 'master.key'), 'utf8'), key)
})

const startedPids = async (app: string): Promise<readonly number[]> =>
  (await notes()).flatMap((line) => new RegExp(`^${app} started (\\d+)`).exec(line)?.[1] ?? []).map(Number)

test('with --processes each app has a process, which is started again when it ends', async () => {
  const launcher = launched.at(-1)
  assert.ok(launcher)
  const pid = (await startedPids('http-edge')).at(-1)
  assert.ok(pid && pid !== launcher.pid && isAlive(pid))
  process.kill(pid, 'SIGKILL')
  await launcher.says(/http-edge ended by itself \(signal SIGKILL\)/)
  await launcher.says(/http-edge runs again/)
  assert.equal(await (await fetch(`http://127.0.0.1:${env.HTTP_PORT}/`)).text(), 'http-edge')
  const second = await fetch(`http://127.0.0.1:${Number(env.METRICS_PORT) + 1}/readyz`)
  assert.equal(second.status, 200)
})

test('Ctrl-C, which arrives twice, stops edges before deciders and engines last', async () => {
  const launcher = launched.at(-1)
  assert.ok(launcher)
  const engines = [kafkaPid(), postgresPid()]
  launcher.signal('SIGINT')
  launcher.signal('SIGINT')
  assert.equal(await launcher.exited, 0)
  assert.deepEqual((await notes()).slice(-3), ['http-edge stopped', 'decider stopped', 'launcher stopped'])
  for (const pid of engines) assert.ok(pid && !isAlive(pid))
})

test('processes of apps do not outlive their launcher', async () => {
  const launcher = start(['--processes'])
  await launcher.says(/whiply is running/)
  const pid = (await startedPids('decider')).at(-1)
  assert.ok(pid && isAlive(pid))
  launcher.signal('SIGKILL')
  await until('the app is gone', () => (isAlive(pid) ? undefined : true))
})

test('where the master key is lost, nothing starts, and it says why', async () => {
  await stopEnginesIn(data)
  await rm(join(data, 'master.key'))
  const launcher = start()
  assert.equal(await launcher.exited, 1)
  assert.match(launcher.text(), /master key is missing.*Nothing was started/s)
  assert.equal(kafkaPid(), undefined)
})
