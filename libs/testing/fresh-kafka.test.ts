import assert from 'node:assert/strict'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { formatLike } from './fresh-kafka.ts'
import { temporaryFolder } from './shared-engines.ts'

const folder = async (t: TestContext): Promise<string> => {
  const made = await mkdtemp(join(temporaryFolder(), 'whiply-fresh-'))
  t.after(() => rm(made, { recursive: true, force: true }))
  return made
}

/** The folder of a broker that has run, with these files of its own in it. */
const used = async (t: TestContext, files: readonly string[]): Promise<string> => {
  const made = await folder(t)
  await mkdir(join(made, 'log', 'topic-0'), { recursive: true })
  for (const file of files) await writeFile(join(made, 'log', file), `of ${file}`)
  return made
}

test('a new broker takes from another what formats its folder, and none of its data', async (t) => {
  const [other, own] = [
    await used(t, ['meta.properties', 'bootstrap.checkpoint', 'cleaner-offset-checkpoint']),
    await folder(t),
  ]
  await formatLike(other, own)
  assert.deepEqual((await readdir(join(own, 'log'))).sort(), ['bootstrap.checkpoint', 'meta.properties'])
  assert.equal(await readFile(join(own, 'log', 'meta.properties'), 'utf8'), 'of meta.properties')
})

test('a folder is not taken for formatted where the other one was not', async (t) => {
  for (const files of [[], ['meta.properties']]) {
    const [other, own] = [await used(t, files), await folder(t)]
    await formatLike(other, own)
    assert.deepEqual(await readdir(join(own, 'log')), [])
  }
})
