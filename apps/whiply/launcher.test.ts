import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort, portIsFree } from '#infra/embedded/engine.ts'
import { rememberedProcess } from '#infra/embedded/orphan.ts'
import { isAlive } from '#infra/embedded/process.ts'
import { readConfig } from '#libs/config/config.ts'
import { stopEnginesIn, temporaryFolder } from '#libs/testing/shared-engines.ts'
import { takeOver } from './left-behind.ts'

/** The launcher in a process of its own, and what it says. */
type Launched = {
  readonly pid: number
  readonly text: () => string
  readonly says: (pattern: RegExp) => Promise<RegExpExecArray>
  readonly signal: (name: NodeJS.Signals) => void
  readonly exited: Promise<number | null>
}

const DEADLINE_MS = 60_000

const until = async <T>(what: () => string, probe: () => T | undefined | Promise<T | undefined>): Promise<T> => {
  const deadline = Date.now() + DEADLINE_MS
  for (;;) {
    const found = await probe()
    if (found !== undefined) return found
    assert.ok(Date.now() < deadline, `waited too long until ${what()}`)
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
    says: (pattern) =>
      until(
        () => `it says ${pattern}, but: ${said}`,
        () => pattern.exec(said) ?? undefined,
      ),
    signal: (name) => child.kill(name),
    exited,
  }
  launched.push(one)
  return one
}

/** The launcher that was started last. */
const latest = (): Launched => {
  const last = launched.at(-1)
  assert.ok(last)
  return last
}

const notes = async (): Promise<readonly string[]> =>
  (await readFile(join(data, 'notes'), 'utf8').catch(() => '')).trim().split('\n')

const kafkaPid = () => rememberedProcess(join(data, 'kafka'))
const postgresPid = () => rememberedProcess(join(data, 'postgres'))

before(async () => {
  data = await mkdtemp(join(temporaryFolder(), 'whiply-launcher-'))
  const names = [
    'KAFKA_PORT',
    'POSTGRES_PORT',
    'HTTP_PORT',
    'REALTIME_PORT',
    'IRC_PORT',
    'METRICS_PORT',
    'INTEGRATORS_PORT',
  ]
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

test('settings that want one port twice are refused at once, by the names of both', async () => {
  const launcher = start(['--processes'], { METRICS_PORT: String(Number(env.KAFKA_PORT) - 1) })
  assert.equal(await launcher.exited, 1)
  assert.match(launcher.text(), new RegExp(`KAFKA_PORT and METRICS_PORT .*both take port ${env.KAFKA_PORT}`))
  assert.equal(kafkaPid(), undefined)
})

test('the first start brings engines, apps, addresses, a master key and a password', async () => {
  const launcher = start()
  await launcher.says(/master\.key\n.*Back it up/)
  for (const part of [
    'Kafka (',
    'Postgres (',
    `http://localhost:${env.HTTP_PORT}`,
    `/v1/live`,
    `irc://localhost:${env.IRC_PORT}`,
    `127.0.0.1:${env.INTEGRATORS_PORT} (Kafka, SASL_PLAINTEXT`,
    data,
  ])
    assert.ok(launcher.text().includes(part), `${part} in ${launcher.text()}`)
  assert.ok(!launcher.text().includes('said-once'), 'a password never goes where output is collected')
  assert.match(await readFile(join(data, 'admin-password'), 'utf8'), /^admin\nsaid-once\n$/)
  for (const file of ['admin-password', 'master.key', 'engines.json'])
    assert.equal((await stat(join(data, file))).mode & 0o777, 0o600, file)
  const health = await fetch(`http://127.0.0.1:${env.METRICS_PORT}/readyz`)
  assert.equal(health.status, 200)
})

test('a second launcher on the same folder refuses, and names the first', async () => {
  const { pid } = latest()
  const second = start()
  launched.pop()
  assert.equal(await second.exited, 1)
  assert.match(second.text(), new RegExp(`already running on ${data} \\(process ${pid}\\)`))
})

test('an engine that crashes is reported and started again at its address', async () => {
  const before = kafkaPid()
  assert.ok(before)
  process.kill(before, 'SIGKILL')
  await latest().says(/Kafka ended by itself \(signal SIGKILL\)\. It is started again in 0\.1 s/)
  await latest().says(/Kafka runs again/)
  assert.notEqual(kafkaPid(), before)
  assert.equal(await portIsFree(Number(env.KAFKA_PORT)), false)
})

test('engines of a killed launcher go on under the next one', async () => {
  const orphans = [kafkaPid(), postgresPid()]
  const key = await readFile(join(data, 'master.key'), 'utf8')
  latest().signal('SIGKILL')
  await latest().exited
  const launcher = start(['--processes'])
  await launcher.says(/whiply is running/)
  for (const name of ['Kafka', 'Postgres'])
    assert.match(launcher.text(), new RegExp(`${name} was still running .*\\(process \\d+\\): it goes on`))
  assert.ok(orphans.every((pid) => pid && isAlive(pid)))
  assert.deepEqual([kafkaPid(), postgresPid()], orphans)
  assert.equal(await readFile(join(data, 'master.key'), 'utf8'), key)
})

test('an adopted engine that dies is reported and started again at its address', async () => {
  const before = postgresPid()
  assert.ok(before)
  process.kill(before, 'SIGKILL')
  await latest().says(/Postgres ended by itself \(nobody saw how\)\. It is started again in 0\.1 s/)
  await latest().says(/Postgres runs again/)
  assert.notEqual(postgresPid(), before)
  assert.equal(await portIsFree(Number(env.POSTGRES_PORT)), false)
})

const startedPids = async (app: string): Promise<readonly number[]> =>
  (await notes()).flatMap((line) => new RegExp(`^${app} started (\\d+)`).exec(line)?.[1] ?? []).map(Number)

test('with --processes each app has a process, which is started again when it ends', async () => {
  const launcher = latest()
  const pid = (await startedPids('http-edge')).at(-1)
  assert.ok(pid && pid !== launcher.pid && isAlive(pid))
  process.kill(pid, 'SIGKILL')
  await launcher.says(/http-edge ended by itself \(signal SIGKILL\)/)
  await launcher.says(/http-edge runs again/)
  assert.equal(await (await fetch(`http://127.0.0.1:${env.HTTP_PORT}/`)).text(), 'http-edge')
  const second = await fetch(`http://127.0.0.1:${Number(env.METRICS_PORT) + 1}/readyz`)
  assert.equal(second.status, 200)
})

test('Ctrl-C, which arrives twice, stops edges before deciders and engines last, adopted ones too', async () => {
  const engines = [kafkaPid(), postgresPid()]
  latest().signal('SIGINT')
  latest().signal('SIGINT')
  assert.equal(await latest().exited, 0)
  assert.deepEqual((await notes()).slice(-3), ['http-edge stopped', 'decider stopped', 'launcher stopped'])
  for (const pid of engines) assert.ok(pid && !isAlive(pid))
})

test('apps of a killed launcher end in order, and the next one waits for their ports', async () => {
  const killed = start(['--processes'], { CLOSE_AFTER_MS: '1000' })
  await killed.says(/whiply is running/)
  const pids = [(await startedPids('decider')).at(-1), (await startedPids('http-edge')).at(-1)]
  assert.ok(pids.every((pid) => pid && isAlive(pid)))
  const before = (await notes()).length
  killed.signal('SIGKILL')
  const next = start(['--processes'])
  await next.says(/whiply is running/)
  assert.ok(pids.every((pid) => pid && !isAlive(pid)))
  assert.deepEqual((await notes()).slice(before, before + 2).toSorted(), ['decider stopped', 'http-edge stopped'])
})

test('an engine that was left running with other settings is stopped', async () => {
  latest().signal('SIGKILL')
  await latest().exited
  const [kafka, postgres] = [kafkaPid(), postgresPid()]
  assert.ok(kafka && postgres)
  const said: string[] = []
  const left = await takeOver(readConfig({ ...env, KAFKA_HEAP: '300MiB' }), (message) => said.push(message))
  assert.deepEqual([left.kafka, left.postgres?.pid], [undefined, postgres])
  assert.deepEqual([isAlive(kafka), isAlive(postgres)], [false, true])
  assert.ok(said.some((message) => message.includes(`(process ${kafka}): stopped`)))
  await left.stop()
  assert.equal(isAlive(postgres), false)
})

test('where the master key is another one, nothing starts, and it says why', async () => {
  await stopEnginesIn(data)
  const file = join(data, 'master.key')
  const key = await readFile(file, 'utf8')
  await writeFile(file, `${randomBytes(32).toString('base64')}\n`)
  const launcher = start()
  assert.equal(await launcher.exited, 1)
  assert.match(launcher.text(), /master key in .*master\.key is not one that opens the vault: whiply does not start/)
  assert.doesNotMatch(launcher.text(), /Kafka|Postgres/)
  await rm(join(data, 'postgres', 'master-keys'))
  const before = await notes()
  const older = start(['--processes'])
  assert.equal(await older.exited, 1)
  assert.match(older.text(), /is not one that opens the vault: whiply does not start/)
  assert.deepEqual(await notes(), before, 'no app was started')
  assert.deepEqual([kafkaPid(), postgresPid()], [undefined, undefined])
  await writeFile(file, key)
  const setting = start([], { WHIPLY_MASTER_KEY: randomBytes(32).toString('base64') })
  assert.equal(await setting.exited, 1)
  assert.match(setting.text(), /master key in WHIPLY_MASTER_KEY is not one/)
})

test('where the master key is lost, nothing starts, and it says why', async () => {
  await rm(join(data, 'master.key'))
  const launcher = start()
  assert.equal(await launcher.exited, 1)
  assert.match(launcher.text(), /master key is missing.*Nothing was started/s)
  assert.equal(kafkaPid(), undefined)
})
