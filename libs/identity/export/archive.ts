import { Readable, type Writable } from 'node:stream'
import { ZipFile } from 'yazl'
import { pacedWriter } from '#libs/http/paced.ts'
import type { PersonalFile } from '#libs/readmodel/personal-data/file.ts'
import type { Person } from '#libs/readmodel/personal-data/table.ts'

/** What the manifest says besides its files. */
export type About = Readonly<Record<string, unknown>>

type Written = { readonly file: string; readonly what: string; readonly rows: number }

/** One array, a row a line: readable by people, and by programs a line at a time. */
async function* jsonOf(file: PersonalFile, person: Person, done: (rows: number) => void): AsyncGenerator<string> {
  let rows = 0
  yield '['
  for await (const page of file.pages(person)) {
    const lines = page.map((row, index) => `${rows + index === 0 ? '' : ','}\n${JSON.stringify(row)}`)
    rows += page.length
    if (lines.length > 0) yield lines.join('')
  }
  yield '\n]\n'
  done(rows)
}

/** As fast as it is taken. Rejects where the target has gone. */
const copy = async (source: Readable, target: Writable): Promise<void> => {
  const taken = pacedWriter(target)
  for await (const bytes of source) {
    if (target.destroyed) throw new Error('nobody takes the archive any more')
    await taken(bytes)
  }
  target.end()
}

/**
 * Writes a zip archive of JSON files, with `manifest.json` as the last, as fast as it is taken, and ends the target. What
 * is in memory is a page of one file, and what the streams hold. Rejects where something could not be read, or the target
 * has gone; then the target is not ended.
 */
export const writeArchive = async (
  target: Writable,
  files: readonly PersonalFile[],
  person: Person,
  about: About,
): Promise<void> => {
  const zip = new ZipFile()
  const written: Written[] = []
  const failed = Promise.withResolvers<never>()
  failed.promise.catch(() => {})

  const add = (name: string, content: () => AsyncIterable<string> | Iterable<string>): void =>
    zip.addReadStreamLazy(`${name}.json`, { compress: true }, (give) => {
      const source = Readable.from(content(), { objectMode: false })
      source.once('error', failed.reject)
      give(null, source)
    })

  for (const file of files)
    add(file.name, () =>
      jsonOf(file, person, (rows) => written.push({ file: `${file.name}.json`, what: file.what, rows })),
    )
  add('manifest', () => [`${JSON.stringify({ ...about, files: written }, null, 2)}\n`])
  zip.once('error', failed.reject)
  zip.end()
  const output = zip.outputStream as Readable
  try {
    await Promise.race([copy(output, target), failed.promise])
  } catch (error) {
    output.destroy()
    throw error
  }
}
