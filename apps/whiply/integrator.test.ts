import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { readConfig } from '#libs/config/config.ts'
import { withAdmin, world } from '#libs/integration/access/world.fixtures.ts'
import { temporaryFolder } from '#libs/testing/shared-engines.ts'
import { addIntegrator } from './integrator.ts'
import { tellIntegratorPassword } from './tell-password.ts'
import { createTerminal } from './terminal.ts'

type Ended = { readonly code: number; readonly stdout: string; readonly stderr: string }

test('integrators come and go by command', async (t) => {
  const data = await mkdtemp(join(temporaryFolder(), 'whiply-integrator-'))
  t.after(() => rm(data, { recursive: true, force: true }))
  const { brokers, as } = await world(t)
  const whiply = (...args: readonly string[]): Promise<Ended> => {
    const env = { ...process.env, KAFKA_BROKERS: brokers.join(), DATABASE_URL: '', WHIPLY_DATA: data }
    const script = join(import.meta.dirname, 'main.ts')
    return new Promise((resolve) =>
      execFile(process.execPath, [script, 'integrator', ...args], { env }, (error, stdout, stderr) =>
        resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
      ),
    )
  }
  const file = join(data, 'integrator-acme')
  const told = async () => {
    const [, username = '', password = ''] =
      /^KAFKA_USERNAME=(\S+)\nKAFKA_PASSWORD=(\S+)\n$/.exec(await readFile(file, 'utf8')) ?? []
    return { username, password }
  }

  const added = await whiply('add', 'acme', '--read', 'chat, channel')
  assert.equal(added.code, 0, added.stderr)
  assert.match(added.stderr, /acme may read whiply\.public\.chat\.v1 and whiply\.public\.channel\.v1.*acme\.\*/)
  assert.equal((await stat(file)).mode & 0o777, 0o600)
  const login = await told()
  assert.ok(login.password.length >= 32 && !`${added.stdout}${added.stderr}`.includes(login.password))
  assert.deepEqual(await withAdmin(as(login), (admin) => admin.listTopics()), [])
  // Neither a master key nor an engine: Kafka alone is needed, and set.
  assert.deepEqual(await readdir(data), ['integrator-acme'])

  const listed = await whiply('list')
  const since = new Date().getUTCFullYear()
  assert.match(listed.stdout, /^NAME +READS +CHANNELS +SINCE +PASSWORD OF\n/)
  assert.match(
    listed.stdout,
    new RegExp(
      `^acme +whiply\\.public\\.channel\\.v1 +all +${since}\\S+Z +${since}\\S+Z\n +whiply\\.public\\.chat\\.v1 +${since}\\S+Z\n$`,
      'm',
    ),
  )

  const rotated = await whiply('rotate', 'acme')
  assert.equal(rotated.code, 0, rotated.stderr)
  const renewed = await told()
  assert.notEqual(renewed.password, login.password)
  assert.deepEqual(await withAdmin(as(renewed), (admin) => admin.listTopics()), [])

  const revoked = await whiply('revoke', 'acme')
  assert.equal(revoked.code, 0, revoked.stderr)
  const unknown = await whiply('revoke', 'acme')
  assert.equal(unknown.code, 1)
  assert.match(unknown.stderr, /^ {2}✗ There is no integrator acme\. .*\n$/)
})

test('what is not well asked for is refused before Kafka is', async () => {
  const { signal } = new AbortController()
  const config = readConfig({ KAFKA_BROKERS: '127.0.0.1:1' })
  const add = (words: readonly string[], options: Readonly<Record<string, string>>) =>
    addIntegrator(config, words, signal, options)
  await assert.rejects(add(['beta'], { read: 'chat', channels: ' ,' }), { code: 'config.invalid' })
  await assert.rejects(add(['beta'], { read: 'whispers' }), { message: /Public topics: chat, channel\./ })
  await assert.rejects(add(['beta'], {}), { code: 'integrator.topic_unknown' })
  for (const words of [[], ['beta', 'gamma']])
    await assert.rejects(add(words, { read: 'chat' }), { code: 'config.invalid' })
})

test('a person is shown the password in a frame, as variables, and no file is left', async (t) => {
  const data = await mkdtemp(join(temporaryFolder(), 'whiply-integrator-'))
  t.after(() => rm(data, { recursive: true, force: true }))
  let text = ''
  const terminal = createTerminal({
    isTTY: true,
    write: (part) => {
      text += part
    },
  })
  await tellIntegratorPassword(terminal, { data }, 'acme', 'shown-once')
  assert.match(text, /KAFKA_USERNAME=acme .*\n.*KAFKA_PASSWORD=shown-once /)
  assert.deepEqual(await readdir(data), [])
})
