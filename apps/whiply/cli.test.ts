import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import postgres from 'postgres'
import { freePort } from '#infra/embedded/engine.ts'
import { isLocked, lockFolder } from '#infra/embedded/lock.ts'
import { rememberedProcess } from '#infra/embedded/orphan.ts'
import { readConfig } from '#libs/config/config.ts'
import { temporaryFolder } from '#libs/testing/shared-engines.ts'
import { apps } from './apps.ts'
import { commands } from './commands.ts'
import { backoffMs } from './supervise.ts'
import { tellPassword } from './tell-password.ts'
import { createTerminal, type Terminal } from './terminal.ts'
import { forApp, forCommand } from './with-engines.ts'

type Ended = { readonly code: number; readonly stdout: string; readonly stderr: string }

const whiply = (args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> =>
  new Promise((resolve) => {
    const script = join(import.meta.dirname, 'main.ts')
    execFile(process.execPath, [script, ...args], { env: { ...process.env, ...env } }, (error, stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
    )
  })

const folder = async (t: TestContext): Promise<string> => {
  const path = await mkdtemp(join(temporaryFolder(), 'whiply-cli-'))
  t.after(() => rm(path, { recursive: true, force: true }))
  return path
}

const listen = (isTTY: boolean): { readonly terminal: Terminal; readonly text: () => string } => {
  let text = ''
  const write = (part: string) => {
    text += part
  }
  return { terminal: createTerminal({ isTTY, write }), text: () => text }
}

test('the help lists every app, every command and the settings', async () => {
  const { code, stdout } = await whiply(['--help'])
  assert.equal(code, 0)
  for (const { name, doc } of [...apps, ...commands]) {
    assert.match(stdout, new RegExp(`^  ${name}\\b`, 'm'))
    assert.ok(stdout.includes(`  ${doc}\n`), `the line of ${name} runs into its name`)
  }
  assert.match(stdout, /^ {2}HTTP_PORT +--http-port$/m)
})

test('the help of an app names its own settings', async () => {
  const { stdout } = await whiply(['realtime-edge', '--help'])
  assert.match(stdout, /REALTIME_PORT/)
  assert.doesNotMatch(stdout, /KAFKA_HEAP/)
})

test('a command that begins with the name of an app is that command, and an app takes no words', async () => {
  const rebuild = await whiply(['projector', 'rebuild', '--help'])
  assert.match(rebuild.stdout, /^Usage: whiply projector rebuild NAME\n/)
  const nowhere = { KAFKA_BROKERS: '127.0.0.1:1', DATABASE_URL: 'postgres://127.0.0.1:1/none' }
  const unknown = await whiply(['projector', 'polish'], nowhere)
  assert.deepEqual(
    [unknown.code, unknown.stderr],
    [1, '  ✗ There is no command "projector polish". See: whiply --help\n'],
  )
})

test('an app whose port is taken says which setting it comes from', async (t) => {
  const taken = await new Promise<Server>((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => resolve(server))
  })
  t.after(() => taken.close())
  const { port } = taken.address() as AddressInfo
  const masterKey = randomBytes(32).toString('base64')
  const { code, stderr } = await whiply(['decider'], {
    KAFKA_BROKERS: '127.0.0.1:1',
    DATABASE_URL: 'postgres://127.0.0.1:1/none',
    WHIPLY_DATA: await folder(t),
    WHIPLY_MASTER_KEY: masterKey,
    METRICS_PORT: `${port}`,
  })
  assert.equal(code, 1)
  assert.match(stderr, new RegExp(`${port}.*METRICS_PORT`))
  assert.doesNotMatch(stderr, /\bat /)
})

test('what is not there is said in one line, without a stack', async () => {
  const unknown = await whiply(['brew'])
  assert.deepEqual([unknown.code, unknown.stderr], [1, '  ✗ There is no command "brew". See: whiply --help\n'])
  const setting = await whiply(['settings'], { HTTP_PORT: 'eighty' })
  assert.equal(setting.code, 1)
  assert.match(setting.stderr, /HTTP_PORT must be a whole number/)
  assert.doesNotMatch(setting.stderr, /\n +at /)
})

test('a flag without a command, and a data folder that can be none, are told in one line', async (t) => {
  const flag = await whiply(['--http-port', '81'])
  assert.deepEqual([flag.code, flag.stderr], [1, '  ✗ There is no command "81". See: whiply --help\n'])
  const unknown = await whiply(['--brew'])
  assert.deepEqual([unknown.code, unknown.stderr], [1, '  ✗ A command comes before --brew. See: whiply --help\n'])
  const file = join(await folder(t), 'file')
  await writeFile(file, '')
  for (const [data, why] of [
    [file, 'it is no folder'],
    [join(file, 'below'), 'what it stands in is no folder'],
  ]) {
    const { code, stderr } = await whiply(['start'], { WHIPLY_DATA: data, HTTP_PORT: String(await freePort()) })
    assert.equal(code, 1)
    assert.equal(
      stderr,
      `  ✗ WHIPLY_DATA cannot be ${data}: ${why}. Give a folder that can be written to: --data DIR\n`,
    )
  }
})

test('a read model that there is not is refused before any engine is started', async (t) => {
  const data = await folder(t)
  for (const words of [[], ['nothing'], ['messages', 'channels']]) {
    const { code, stderr } = await whiply(['projector', 'rebuild', ...words], { WHIPLY_DATA: data })
    assert.equal(code, 2)
    assert.match(stderr, /where NAME is one of: .*\bmessages\b/)
  }
  assert.deepEqual(await readdir(data), [])
})

test('settings are printed as they stand, secrets masked', async () => {
  const { stdout } = await whiply(['settings', '--http-port', '81'], { DATABASE_URL: 'postgres://a:geheim@b/c' })
  assert.match(stdout, /^HTTP_PORT=81$/m)
  assert.match(stdout, /^DATABASE_URL=postgres:\/\/a:\[masked\]@b\/c$/m)
})

test('an app alone starts no engines, and says where it could find some', async (t) => {
  const config = readConfig({ WHIPLY_DATA: await folder(t) })
  await assert.rejects(forApp(config), /KAFKA_BROKERS and DATABASE_URL/)
})

test('a command brings embedded engines for as long as it takes, and leaves the folder free', async (t) => {
  const data = await folder(t)
  const [kafka, database] = [await freePort(), await freePort()]
  const ports = { KAFKA_PORT: String(kafka), POSTGRES_PORT: String(database), INTEGRATORS_PORT: '0' }
  const config = readConfig({ WHIPLY_DATA: data, ...ports })
  const { terminal, text } = listen(false)
  const answer = await forCommand(config, terminal, async (full) => {
    assert.deepEqual(full.kafkaBrokers, [`127.0.0.1:${kafka}`])
    assert.equal(Buffer.from(full.masterKey, 'base64').length, 32)
    // A command that comes meanwhile uses the same engines.
    assert.equal(await forCommand(config, terminal, async (other) => other.databaseUrl), full.databaseUrl)
    assert.equal((await forApp(config)).databaseUrl, full.databaseUrl)
    const sql = postgres(full.databaseUrl, { max: 1 })
    const [row] = await sql`select 6 * 7 as answer`
    await sql.end()
    return row?.answer
  })
  assert.equal(answer, 42)
  assert.match(text(), /✓ Kafka \(.*✓ Postgres \(|✓ Postgres \(.*✓ Kafka \(/s)
  assert.equal(rememberedProcess(join(data, 'kafka')), undefined)
  const lock = lockFolder(data)
  assert.ok(isLocked(lock))
  lock.release()
})

test('a password is shown to a person in a frame, and kept in no file', async (t) => {
  const data = await folder(t)
  const { terminal, text } = listen(true)
  await tellPassword(terminal, { data }, { handle: 'admin', password: 'one-time' })
  assert.match(text(), /│ .*Password +one-time/)
  await assert.rejects(stat(join(data, 'admin-password')))
})

test('where there is no terminal a password goes to a file of its owner alone', async (t) => {
  const data = join(await folder(t), 'not-there')
  await tellPassword(listen(false).terminal, { data }, { handle: 'admin', password: 'one-time' })
  const file = join(data, 'admin-password')
  assert.equal((await stat(file)).mode & 0o777, 0o600)
  assert.equal(await readFile(file, 'utf8'), 'admin\none-time\n')
})

test('pauses between starts grow and have an end', () => {
  assert.deepEqual([1, 2, 3, 9].map(backoffMs), [100, 200, 400, 25_600])
})
