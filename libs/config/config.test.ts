import assert from 'node:assert/strict'
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import {
  asEnvironment,
  type Config,
  ConfigError,
  printable,
  readArguments,
  readConfig,
  withSettings,
} from './config.ts'
import { freeBytes, watchDisk } from './disk.ts'
import { loadMasterKey, masterKeyFile } from './master-key.ts'
import { settings } from './settings.ts'
import { settingsHelp, settingsTable } from './table.ts'

const folder = async (t: TestContext): Promise<string> => {
  const path = await mkdtemp(join(tmpdir(), 'whiply-config-'))
  t.after(() => rm(path, { recursive: true, force: true }))
  return path
}

test('without anything set, whiply runs on embedded engines at its usual ports', () => {
  const config = readConfig({})
  assert.deepEqual(config.kafkaBrokers, [])
  assert.equal(config.databaseUrl, '')
  assert.equal(config.httpPort, 8080)
  assert.equal(config.realtimePort, 8081)
  assert.equal(config.minFreeDisk, 2 ** 30)
  assert.equal(config.publicUrl, 'http://localhost:8080')
  assert.equal(config.objectStore, join(config.data, 'objects'))
})

test('a flag wins over the environment, and an empty variable is none', () => {
  const env = { HTTP_PORT: '8000', REALTIME_PORT: '', KAFKA_BROKERS: 'a:9092, b:9092' }
  const config = readConfig(env, readArguments(['--http-port', '8001', '--data=/somewhere', 'a', 'b']).flags)
  assert.equal(config.httpPort, 8001)
  assert.equal(config.realtimePort, 8081)
  assert.equal(config.data, '/somewhere')
  assert.equal(config.publicUrl, 'http://localhost:8001')
  assert.deepEqual(config.kafkaBrokers, ['a:9092', 'b:9092'])
})

test('everything that is wrong is told at once, by the name of its setting', () => {
  const env = { HTTP_PORT: '80800', MIN_FREE_DISK: 'plenty', PUBLIC_URL: 'whiply.example', LOG_LEVEL: 'loud' }
  assert.throws(
    () => readConfig(env),
    (error) => {
      assert.ok(error instanceof ConfigError)
      assert.equal(error.code, 'config.invalid')
      for (const part of ['HTTP_PORT must be', '"80800"', 'MIN_FREE_DISK must be', 'PUBLIC_URL must be', 'LOG_LEVEL'])
        assert.ok(error.message.includes(part), part)
      return true
    },
  )
})

test('what is no flag of a setting is left to the command, in order', () => {
  const own = readArguments(['add', 'acme', '--read', 'chat', '--http-port=1'], ['read', 'channels'])
  assert.deepEqual([own.words, own.options], [['add', 'acme'], { read: 'chat' }])
  assert.throws(() => readArguments(['add', '--read', 'chat']), ConfigError)
  assert.deepEqual(readArguments(['rebuild', '--http-port', '1', 'messages']).words, ['rebuild', 'messages'])
})

test('an unknown flag is an error that names it', () => {
  assert.throws(() => readArguments(['--htp-port', '1']), /--htp-port/)
})

test('secrets are masked where settings are printed, and nowhere else', () => {
  const env = {
    WHIPLY_MASTER_KEY: Buffer.alloc(32).toString('base64'),
    KAFKA_SASL_MECHANISM: 'plain',
    KAFKA_SASL_USERNAME: 'whiply',
    KAFKA_SASL_PASSWORD: 'geheim',
    DATABASE_URL: 'postgres://whiply:geheim@db:5432/whiply',
  }
  const config = readConfig(env)
  const shown = printable(config)
  assert.ok(!JSON.stringify(shown).includes('geheim'))
  assert.equal(shown.DATABASE_URL, 'postgres://whiply:[masked]@db:5432/whiply')
  assert.equal(shown.KAFKA_SASL_PASSWORD, '[masked]')
  assert.equal(shown.WHIPLY_MASTER_KEY, '[masked]')
  assert.equal(config.databaseUrl, env.DATABASE_URL)
})

test('a child process that gets the settings as its environment reads the same', () => {
  const config = readConfig({ HTTP_PORT: '8000', TRUSTED_PROXIES: '10.0.0.0/8,::1', KAFKA_SSL: 'true' })
  assert.deepEqual(readConfig(asEnvironment(config)), config)
})

test('a secret has no flag: arguments are seen by everybody on the machine', () => {
  assert.throws(() => readArguments(['--whiply-master-key', 'x']), /--whiply-master-key/)
  assert.throws(() => readArguments(['--database-url', 'x']), ConfigError)
})

test('a secret may stand in a file; the variable itself wins', async (t) => {
  const file = join(await folder(t), 'url')
  await writeFile(file, 'postgres://a:geheim@b/c\n')
  assert.equal(readConfig({ DATABASE_URL_FILE: file }).databaseUrl, 'postgres://a:geheim@b/c')
  assert.equal(readConfig({ DATABASE_URL_FILE: file, DATABASE_URL: 'postgres://d' }).databaseUrl, 'postgres://d')
  assert.throws(() => readConfig({ HTTP_PORT: 'x', DATABASE_URL_FILE: `${file}.not` }), /HTTP_PORT.*DATABASE_URL_FILE/s)
  await writeFile(file, '\n')
  assert.throws(() => readConfig({ DATABASE_URL_FILE: file }), /DATABASE_URL_FILE names a file that is empty/)
})

test('settings that make sense only together are asked for together', () => {
  const refused = (env: NodeJS.ProcessEnv) =>
    assert.throws(() => readConfig(env), { code: 'config.invalid', message: /contradict/ })
  refused({ KAFKA_SSL_CA: 'ca.pem' })
  refused({ INTEGRATORS_HOST: '0.0.0.0' })
  readConfig({ INTEGRATORS_HOST: '0.0.0.0', INTEGRATORS_ADDRESS: 'kafka.example.org:9094' })
  refused({ KAFKA_SSL: 'true', KAFKA_SSL_CERT: 'client.pem' })
  refused({ KAFKA_SASL_USERNAME: 'whiply', KAFKA_SASL_PASSWORD: 'geheim' })
  refused({ KAFKA_SASL_MECHANISM: 'plain', KAFKA_SASL_USERNAME: 'whiply' })
  const login = { KAFKA_SASL_MECHANISM: 'plain', KAFKA_SASL_USERNAME: 'whiply', KAFKA_SASL_PASSWORD: 'geheim' }
  assert.equal(readConfig({ ...login, KAFKA_SSL: 'true', KAFKA_SSL_CA: 'ca.pem' }).kafkaSaslUsername, 'whiply')
})

test('passwords that would be guessed too soon are refused at the start, and the answer says what is enough', () => {
  const cost = (memory: string, iterations: string) =>
    readConfig({ PASSWORD_MEMORY: memory, PASSWORD_ITERATIONS: iterations })
  const enough = [
    ['47104', '1'],
    ['19456', '2'],
    ['12288', '3'],
    ['9216', '4'],
    ['7168', '5'],
    ['7168', '6'],
  ] as const
  for (const [memory, iterations] of enough) {
    cost(memory, iterations)
    const less = String(Number(memory) - 1)
    assert.throws(() => cost(less, iterations), { code: 'config.invalid', message: /PASSWORD_MEMORY/ })
  }
  assert.throws(() => cost('12288', '2'), /PASSWORD_ITERATIONS=2 needs PASSWORD_MEMORY=19456 at least/)
  for (const parallelism of ['0', '5'])
    assert.throws(
      () => readConfig({ PASSWORD_PARALLELISM: parallelism }),
      /PASSWORD_PARALLELISM must be a whole number/,
    )
  const { passwordMemoryKib, passwordIterations, passwordParallelism } = readConfig({})
  assert.deepEqual([passwordMemoryKib, passwordIterations, passwordParallelism], [19_456, 2, 1])
})

test('the settings are frozen, also when some are replaced', () => {
  const config = withSettings(readConfig({}), { databaseUrl: 'postgres://x' })
  assert.equal(config.databaseUrl, 'postgres://x')
  assert.throws(() => Object.assign(config, { httpPort: 1 }), TypeError)
})

test('every setting stands in the table and in the help of who reads it', () => {
  for (const { name, apps } of Object.values(settings)) {
    assert.ok(settingsTable().includes(`| \`${name}\` |`), name)
    for (const app of apps) assert.ok(settingsHelp(app).includes(name), `${name} of ${app}`)
  }
})

test('a size is bytes or a number with a unit', () => {
  const size = (text: string) => readConfig({ MIN_FREE_DISK: text }).minFreeDisk
  assert.equal(size('0'), 0)
  assert.equal(size('1.5KiB'), 1536)
  assert.equal(size('2 GiB'), 2 ** 31)
  assert.throws(() => size('2GB'), ConfigError)
})

test('the disk is full when less is free than the setting says', async (t) => {
  const data = await folder(t)
  const free = await freeBytes(data)
  assert.ok(free > 0)
  const told: boolean[] = []
  const full = await watchDisk({ data, minFreeDisk: Number.MAX_SAFE_INTEGER }, (now) => told.push(now))
  const roomy = await watchDisk({ data, minFreeDisk: 0 })
  const elsewhere = await watchDisk({ data: join(data, 'none'), minFreeDisk: Number.MAX_SAFE_INTEGER })
  assert.deepEqual([full.full(), roomy.full(), elsewhere.full()], [true, false, false])
  assert.deepEqual(told, [true])
  for (const watch of [full, roomy, elsewhere]) watch.close()
})

const configIn = (data: string, masterKey = ''): Config => withSettings(readConfig({}), { data, masterKey })

test('the master key is made once, readable by its owner alone', async (t) => {
  const config = configIn(join(await folder(t), 'not', 'there'))
  const made = await loadMasterKey(config, false)
  assert.equal(made.isNew, true)
  assert.equal(Buffer.from(made.masterKey, 'base64').length, 32)
  assert.equal((await stat(masterKeyFile(config))).mode & 0o777, 0o600)
  assert.deepEqual(await loadMasterKey(config, true), { masterKey: made.masterKey, isNew: false })
})

test('a file of the master key that others may read is refused, with the command that mends it', async (t) => {
  const config = configIn(await folder(t))
  const { masterKey } = await loadMasterKey(config, false)
  await chmod(masterKeyFile(config), 0o640)
  await assert.rejects(loadMasterKey(config, true), /Nothing was started\. Run: chmod 600 /)
  await chmod(masterKeyFile(config), 0o600)
  assert.equal((await loadMasterKey(config, true)).masterKey, masterKey)
})

test('a lost master key is never replaced where there is data', async (t) => {
  const config = configIn(await folder(t))
  await assert.rejects(loadMasterKey(config, true), /master key is missing.*Nothing was started/s)
  await assert.rejects(stat(masterKeyFile(config)))
})

test('a malformed master key is told by where it came from, and left as it is', async (t) => {
  const config = configIn(await folder(t))
  await writeFile(masterKeyFile(config), 'short\n')
  await assert.rejects(loadMasterKey(config, true), new RegExp(masterKeyFile(config)))
  assert.equal(await readFile(masterKeyFile(config), 'utf8'), 'short\n')
  await assert.rejects(loadMasterKey(configIn(config.data, 'nonsense!'), false), /WHIPLY_MASTER_KEY/)
})
