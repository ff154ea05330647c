import assert from 'node:assert/strict'
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { test } from 'node:test'
import { findFfmpeg } from './find.ts'

test('an ffmpeg is the one that is set, else that of the system, else one that was brought, else none', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'whiply-find-'))
  t.after(() => rm(folder, { recursive: true }))
  const make = async (...path: readonly string[]): Promise<string> => {
    const file = join(folder, ...path)
    await writeFile(file, '')
    await chmod(file, 0o755)
    return file
  }
  await mkdir(join(folder, 'system'))
  const [set, ofSystem, brought] = [await make('set'), await make('system', 'ffmpeg'), await make('brought')]
  const path = [join(folder, 'empty'), join(folder, 'system')].join(delimiter)
  assert.equal(await findFfmpeg(set, path, brought), set)
  assert.equal(await findFfmpeg(undefined, path, brought), ofSystem)
  assert.equal(await findFfmpeg(undefined, '', brought), brought)
  assert.equal(await findFfmpeg(undefined, '', join(folder, 'none')), undefined)
  assert.equal(await findFfmpeg(join(folder, 'none'), path, brought), undefined, 'what is set and not there is missing')
})
