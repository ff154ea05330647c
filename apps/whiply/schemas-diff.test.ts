import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { temporaryFolder } from '#libs/testing/shared-engines.ts'

let folder = ''
let registryUrl = ''

const role = '{"type":"enum","name":"Role","symbols":["vip"]}'
const post = (...fields: readonly string[]) => `{"type":"record","name":"Post","fields":[${fields}]}`
const seq = '{"name":"seq","type":"long"}'
const member = '{"name":"role","type":"Role"}'
const topic = '{"name":"topic","type":["null","string"],"default":null}'

/** What a registry would answer, by path. */
const kept: Readonly<Record<string, unknown>> = {
  '/subjects/role/versions/1': { schema: role },
  '/subjects/a%3Ab/versions/1': {
    schema: post(seq, member),
    references: [{ name: 'Role', subject: 'role', version: 1 }],
  },
  '/subjects/a%3Ab/versions/latest': {
    schema: post(seq, member, topic),
    references: [{ name: 'Role', subject: 'role', version: 1 }],
  },
}

const registry = createServer(({ url = '' }, response) => {
  response.statusCode = url in kept ? 200 : 404
  response.end(JSON.stringify(kept[url] ?? {}))
})

before(async () => {
  folder = await mkdtemp(join(temporaryFolder(), 'whiply-diff-'))
  await new Promise<void>((resolve) => registry.listen(0, '127.0.0.1', resolve))
  registryUrl = `http://127.0.0.1:${(registry.address() as AddressInfo).port}`
})

after(async () => {
  registry.close()
  await rm(folder, { recursive: true, force: true })
})

const file = async (name: string, text: string): Promise<string> => {
  await writeFile(join(folder, name), text)
  return join(folder, name)
}

const diff = (...names: readonly string[]) =>
  new Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }>((resolve) => {
    const args = [
      join(import.meta.dirname, 'main.ts'),
      'schemas',
      'diff',
      ...names,
      '--schema-registry-url',
      registryUrl,
    ]
    execFile(process.execPath, args, (error, stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
    )
  })

test('files: what changed is said in words, and who reads what', async () => {
  const { code, stdout } = await diff(
    await file('1.avsc', post(seq)),
    await file('2.avsc', post(seq, '{"name":"text","type":"string"}')),
  )
  assert.equal(code, 1)
  assert.equal(
    stdout,
    `Post.text: added, string without a default

The newer reads what the older wrote: no
  the reader's field text has no default, and the writer's record Post has no such field (/fields/1)
The older reads what the newer writes: yes
`,
  )
})

test('versions of a subject, with what they refer to; a file beside one', async () => {
  const { code, stdout } = await diff('a:b:1', 'a:b:latest')
  assert.equal(code, 0)
  assert.match(stdout, /^Post.topic: added, union of null, string with the default null\n\n.*: yes\n.*: yes\n$/)
  const same = await diff('role:1', await file('role.avsc', role))
  assert.deepEqual([same.code, same.stdout.split('\n')[0]], [0, 'Nothing changed.'])
})

test('what cannot be compared is said in one line', async () => {
  const known = await file('known.avsc', role)
  const cases = [
    ['nothing', /nothing is neither a file nor a version/],
    ['role:7', /The registry has no version 7 of role \(404\)/],
    [await file('broken.avsc', '{"type":"recrod"}'), /broken.avsc is no Avro schema: the type "recrod" is not known/],
  ] as const
  for (const [name, message] of cases) {
    const { code, stderr } = await diff(known, name)
    assert.equal(code, 1)
    assert.match(stderr, message)
    assert.doesNotMatch(stderr, /\n +at /)
  }
  assert.equal((await diff(known)).code, 2)
})
