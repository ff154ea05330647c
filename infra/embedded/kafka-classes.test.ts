import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { copyFile, mkdir, mkdtemp, open, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, type TestContext, test } from 'node:test'
import { promisify } from 'node:util'
import { TEST_FOLDER } from '#libs/testing/shared-engines.ts'
import { classFlags, makeClassArchive } from './kafka-classes.ts'
import { isLocked, lockFolder } from './lock.ts'

/** Set by the test runner, to which `bin/bootstrap` has led; see libs/testing/shared-engines.ts. */
const isWholeRun = process.env[TEST_FOLDER] !== undefined

const java = process.env.JAVA_HOME ? join(process.env.JAVA_HOME, 'bin', 'java') : 'java'
const classPath = join(import.meta.dirname, 'kafka', '*')

/** Runs the smallest of Kafka's programs as a broker is run. @returns whether its classes came from the archive */
const usesArchive = async (flags: readonly string[]): Promise<boolean> => {
  const first = [...flags, '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-Xshare:auto', '-Xlog:class+load:stdout']
  const { stdout } = await promisify(execFile)(
    java,
    [...first, '-cp', classPath, 'kafka.tools.StorageTool', 'random-uuid'],
    { maxBuffer: 50_000_000 },
  )
  assert.match(stdout, /^[\w-]{22}$/m)
  return /kafka\.tools\.StorageTool source: shared objects file \(top\)/.test(stdout)
}

const newFolder = () => mkdtemp(join(tmpdir(), 'whiply-classes-'))

/** One archive, made once, of which each test takes a copy. */
let whole = ''
const train = async (flags: readonly string[]): Promise<void> => void (await usesArchive(flags))

before(async () => {
  whole = join(await newFolder(), 'classes')
  await makeClassArchive({ folder: whole, key: 'one', train })
})
after(() => rm(join(whole, '..'), { recursive: true, force: true }))

const copied = async (t: TestContext): Promise<{ readonly folder: string; readonly archive: string }> => {
  const parent = await newFolder()
  t.after(() => rm(parent, { recursive: true, force: true }))
  const folder = join(parent, 'classes')
  await mkdir(folder)
  for (const file of await readdir(whole)) await copyFile(join(whole, file), join(folder, file))
  return { folder, archive: join(folder, 'classes.jsa') }
}

/** Overwrites a part of a file. */
const write = async (file: string, bytes: Uint8Array, position: number): Promise<void> => {
  const handle = await open(file, 'r+')
  await handle.write(bytes, 0, bytes.length, position)
  await handle.close()
}

test('Kafka begins with the classes of the archive', async () => {
  assert.equal(await usesArchive(classFlags(whole)), true)
})

test('the brokers of the tests begin with an archive too', { skip: !isWholeRun }, () => {
  assert.notDeepEqual(classFlags(), [])
})

test('without an archive Kafka starts as ever', async () => {
  const flags = classFlags(join(tmpdir(), 'whiply-no-such-folder'))
  assert.deepEqual(flags, [])
  assert.equal(await usesArchive(flags), false)
})

test('an archive that was cut short is not given to Kafka, which would die of it', async (t) => {
  const { folder, archive } = await copied(t)
  await truncate(archive, 4_000_000)
  assert.deepEqual(classFlags(folder), [])
})

test('an archive that nobody has finished is not given to Kafka', async (t) => {
  const { folder } = await copied(t)
  await rm(join(folder, 'made.json'))
  assert.deepEqual(classFlags(folder), [])
})

for (const [what, position] of Object.entries({ beginning: 0, middle: 4_000_000 }))
  test(`an archive that is damaged at its ${what} does not keep Kafka from starting`, async (t) => {
    const { folder, archive } = await copied(t)
    await write(archive, new Uint8Array(200_000).fill(0xa5), position)
    const flags = classFlags(folder)
    assert.notDeepEqual(flags, [])
    assert.equal(await usesArchive(flags), false)
  })

test('an archive of another Java does not keep Kafka from starting', async (t) => {
  const { folder, archive } = await copied(t)
  const header = (await readFile(archive)).subarray(0, 4096)
  const version = header.indexOf('Server VM (')
  assert.ok(version > 0)
  await write(archive, Buffer.from('99'), version + 'Server VM ('.length)
  assert.equal(await usesArchive(classFlags(folder)), false)
})

test('the archive is made once for each key', async (t) => {
  const { folder } = await copied(t)
  let made = 0
  const count = async (flags: readonly string[]) => {
    made += 1
    await writeFile(flags.join().replace('-XX:ArchiveClassesAtExit=', ''), `archive ${made}`)
  }
  await makeClassArchive({ folder, key: 'one', train: count })
  assert.equal(made, 0)
  for (let time = 0; time < 2; time++) await makeClassArchive({ folder, key: 'two', train: count })
  assert.equal(made, 1)
  assert.equal(await readFile(join(folder, 'classes.jsa'), 'utf8'), 'archive 1')
})

test('a Java that makes no archive is not asked again', async (t) => {
  const { folder } = await copied(t)
  let asked = 0
  const refuse = async () => {
    asked += 1
  }
  for (let time = 0; time < 2; time++) await makeClassArchive({ folder, key: 'other', train: refuse })
  assert.equal(asked, 1)
  assert.deepEqual(classFlags(folder), [])
})

test('a training that fails leaves the archive that was there', async (t) => {
  const { folder } = await copied(t)
  const fail = () => Promise.reject(new Error('no memory'))
  await assert.rejects(makeClassArchive({ folder, key: 'two', train: fail }), /no memory/)
  assert.notDeepEqual(classFlags(folder), [])
})

test('while one makes the archive, another goes without', async (t) => {
  const { folder } = await copied(t)
  const held = lockFolder(`${folder}.lock`)
  assert.ok(isLocked(held))
  t.after(held.release)
  await makeClassArchive({ folder, key: 'two', train: () => assert.fail('two at once') })
})
