import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { temporaryFolder } from '#libs/testing/shared-engines.ts'

let folder = ''

before(async () => {
  folder = await mkdtemp(join(temporaryFolder(), 'whiply-policy-'))
})
after(() => rm(folder, { recursive: true, force: true }))

const whiply = (...words: readonly string[]) =>
  new Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }>((resolve) => {
    execFile(process.execPath, [join(import.meta.dirname, 'main.ts'), 'policy', ...words], (error, stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
    )
  })

const file = async (name: string, policy: unknown): Promise<string> => {
  const path = join(folder, name)
  await writeFile(path, JSON.stringify(policy))
  return path
}

test('a policy is checked without any engine: what is wrong with it is said, and where', async () => {
  const rule = { id: 'r', kind: 'patterns' }
  const [good, bad] = await Promise.all([
    whiply('check', await file('good.json', { format: 1, rules: [{ ...rule, patterns: ['a+'] }] })),
    whiply('check', await file('bad.json', { format: 1, rules: [{ ...rule, patterns: ['(?<=a)b'] }] })),
  ])
  assert.deepEqual([good.code, good.stdout.endsWith('good.json can be used.\n')], [0, true])
  assert.equal(bad.code, 1)
  assert.match(bad.stderr, /rules\.0\.patterns\.0: /)
})

test('the schema of policies is printed, and names every kind of rule', async () => {
  const { code, stdout } = await whiply('schema')
  assert.equal(code, 0)
  const kinds: readonly string[] = JSON.stringify(JSON.parse(stdout)).match(/"const":"[a-z_]+"/g) ?? []
  assert.ok(kinds.includes('"const":"terms"') && kinds.length === 13, kinds.join())
})
