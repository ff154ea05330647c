import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { openFolderObjects } from './folder.ts'
import { createMemoryObjects } from './memory.ts'
import { objectStoreContract } from './objects.contract.ts'

const temporaryFolder = async (t: TestContext): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'objects-'))
  t.after(() => rm(folder, { recursive: true }))
  return folder
}

objectStoreContract('memory', async () => createMemoryObjects())
objectStoreContract('folder', async (t) => openFolderObjects(await temporaryFolder(t)))

test('folder: objects are there after it is opened again, for its owner alone', async (t) => {
  const folder = await temporaryFolder(t)
  await (await openFolderObjects(folder)).put('a/b', Buffer.from('x'))
  assert.deepEqual(await (await openFolderObjects(folder)).get('a/b'), Buffer.from('x'))
  assert.equal((await stat(join(folder, 'a/b'))).mode & 0o077, 0)
})

test('folder: a put leaves nothing behind but the object, whether it won or not', async (t) => {
  const folder = await temporaryFolder(t)
  const store = await openFolderObjects(folder)
  await store.put('a', Buffer.from('x'))
  await assert.rejects(store.put('a', Buffer.from('y')))
  assert.deepEqual(await readdir(join(folder, '.incoming')), [])
})

test('folder: what a dead writer left is never listed, and is swept when it is old', async (t) => {
  const folder = await temporaryFolder(t)
  await openFolderObjects(folder)
  const [old, fresh] = [join(folder, '.incoming', 'old'), join(folder, '.incoming', 'fresh')]
  await writeFile(old, 'half')
  await writeFile(fresh, 'half')
  await utimes(old, new Date(0), new Date(0))
  const store = await openFolderObjects(folder)
  assert.deepEqual(await store.list(''), [])
  assert.deepEqual(await readdir(join(folder, '.incoming')), ['fresh'])
})

test('folder: an object cannot be a folder of another', async (t) => {
  const store = await openFolderObjects(await temporaryFolder(t))
  await store.put('a', Buffer.from('x'))
  await assert.rejects(store.put('a/b', Buffer.from('y')), { code: 'object.invalid_name' })
})
