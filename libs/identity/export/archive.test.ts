import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { PassThrough, Writable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import type { PersonalFile } from '#libs/readmodel/personal-data/file.ts'
import { unzip } from '#libs/testing/unzip.ts'
import { writeArchive } from './archive.ts'

const person = { accountId: '1001', channelIds: ['1001'] }
const about = { account: '1001' }

const fileWith = (name: string, pages: readonly (readonly object[])[]): PersonalFile => ({
  name,
  what: `What ${name} is`,
  atErasure: 'gone',
  async *pages() {
    yield* pages as readonly (readonly Record<string, unknown>[])[]
  },
})

const written = async (files: readonly PersonalFile[]): Promise<ReadonlyMap<string, Buffer>> => {
  const target = new PassThrough()
  const bytes = buffer(target)
  await writeArchive(target, files, person, about)
  return unzip(await bytes)
}

test('every file is an array of its rows, a row a line, and the manifest says what each is', async () => {
  const rows = [{ text: 'one “Ä” 🎈' }, { text: null }, { text: 'three' }]
  const files = await written([fileWith('empty', [[]]), fileWith('messages', [rows.slice(0, 2), rows.slice(2), []])])
  assert.deepEqual([...files.keys()], ['empty.json', 'messages.json', 'manifest.json'])
  const read = (name: string) => JSON.parse(String(files.get(name)))
  assert.deepEqual([read('empty.json'), read('messages.json')], [[], rows])
  assert.equal(String(files.get('messages.json')).split('\n').length, rows.length + 3)
  assert.deepEqual(read('manifest.json'), {
    account: '1001',
    files: [
      { file: 'empty.json', what: 'What empty is', rows: 0 },
      { file: 'messages.json', what: 'What messages is', rows: 3 },
    ],
  })
})

test('an archive of which something cannot be read has no end', async () => {
  const broken: PersonalFile = {
    name: 'broken',
    what: '',
    atErasure: 'gone',
    async *pages() {
      yield [{ a: 1 }]
      throw new Error('the read model is away')
    },
  }
  const target = new PassThrough()
  const parts: Buffer[] = []
  target.on('data', (part: Buffer) => parts.push(part))
  await assert.rejects(writeArchive(target, [fileWith('whole', [[{ a: 1 }]]), broken], person, about), /away/)
  assert.ok(!target.writableEnded)
  assert.throws(() => unzip(Buffer.concat(parts)), /no end/)
})

/** A row that does not shrink much when it is packed. */
const noise = () => ({ text: randomBytes(3_000).toString('base64') })

test('no more is read than the target takes, and nothing once it has gone', async () => {
  let pages = 0
  const endless: PersonalFile = {
    name: 'endless',
    what: '',
    atErasure: 'gone',
    async *pages() {
      for (; ; pages++) yield Array.from({ length: 10 }, noise)
    },
  }
  const stuck = new Writable({ write: () => {} })
  const writing = writeArchive(stuck, [endless], person, about)
  const mostPages = 50
  const settle = async () => {
    for (let turns = 0; turns < 2_000 && pages < mostPages; turns++) await turn()
  }
  await settle()
  assert.ok(pages < mostPages, `${pages} pages of 40 KB were read for a target that takes nothing`)
  stuck.destroy()
  await assert.rejects(writing)
  await settle()
  assert.ok(pages < mostPages, `${pages} pages were read for a target that has gone`)
})
