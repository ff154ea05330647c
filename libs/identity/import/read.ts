import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { fields } from './record.ts'

/** A record of a file, with the line on which it begins; or what is wrong with it, in words. */
export type ReadRecord =
  | { readonly line: number; readonly record: unknown }
  | { readonly line: number; readonly problem: string }

export type Format = 'csv' | 'jsonl'

/** Of no line of a file more is kept: one that is longer is no record. */
const maxCharacters = 64 * 1024

/** The file cannot be read as what it is said to be: nothing of it is imported. */
export class ImportUnreadable extends Error {
  readonly code = 'identity.import_unreadable'
}

/** What a file is known again by: the SHA-256 of its bytes. */
export const fileId = async (path: string): Promise<string> => {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return hash.digest('base64url')
}

type Line = { readonly line: number; readonly text: string; readonly tooLong: boolean }

/** Lines of UTF-8, without their ends. Bytes that are not UTF-8 become U+FFFD, which no field takes. */
async function* linesOf(path: string): AsyncGenerator<Line> {
  let line = 1
  let text = ''
  let tooLong = false
  for await (const chunk of createReadStream(path, { encoding: 'utf8' })) {
    const pieces = (line === 1 && text === '' ? chunk.replace(/^\uFEFF/, '') : chunk).split('\n')
    for (const [index, piece] of pieces.entries()) {
      if (index > 0) {
        yield { line, text: text.replace(/\r$/, ''), tooLong }
        line += 1
        text = ''
        tooLong = false
      }
      tooLong ||= text.length + piece.length > maxCharacters
      text = tooLong ? '' : text + piece
    }
  }
  if (text !== '' || tooLong) yield { line, text, tooLong }
}

/** Whether a quoted field goes on behind the end of a text (RFC 4180, section 2.6). */
const isOpen = (text: string): boolean => /^(?:(?:"(?:[^"]|"")*"|[^",]*),)*"(?:[^"]|"")*$/.test(text)

/** A field that goes on for longer lacks its end. */
const maxLines = 50

/** The fields of a record (RFC 4180), undefined where quotes stand where they may not. */
export const csvFields = (text: string): readonly string[] | undefined => {
  const found: string[] = []
  let at = 0
  for (;;) {
    const quoted = /"((?:[^"]|"")*)"(?=,|$)/y
    const plain = /[^",]*(?=,|$)/y
    quoted.lastIndex = at
    plain.lastIndex = at
    const match = quoted.exec(text) ?? plain.exec(text)
    if (!match) return undefined
    found.push(match[1] === undefined ? match[0] : match[1].replaceAll('""', '"'))
    at += match[0].length
    if (at >= text.length) return found
    at += 1
  }
}

const tooLongProblem = `longer than ${maxCharacters} characters`

/** Records of a file in CSV, whose first line names the columns. A field without an end costs its own line, and no other. */
async function* csvRecords(path: string): AsyncGenerator<ReadRecord> {
  const lines = linesOf(path)
  const ahead: Line[] = []
  const next = async (): Promise<Line | undefined> => ahead.shift() ?? ((await lines.next()).value || undefined)
  let columns: readonly string[] | undefined

  for (let first = await next(); first; first = await next()) {
    const { line } = first
    const taken = [first]
    let text = first.text
    while (isOpen(text) && taken.length < maxLines && text.length <= maxCharacters) {
      const more = await next()
      if (!more) break
      taken.push(more)
      text = `${text}\n${more.text}`
    }
    if (isOpen(text)) ahead.unshift(...taken.slice(1))
    const values = csvFields(text)
    if (first.tooLong) yield { line, problem: tooLongProblem }
    else if (isOpen(text)) yield { line, problem: 'a quoted field has no end' }
    else if (!columns) columns = headerOf(values)
    else if (text === '') continue
    else if (!values) yield { line, problem: 'quotes stand where they may not' }
    else if (values.length !== columns.length)
      yield { line, problem: `${values.length} columns, not ${columns.length}` }
    else yield { line, record: Object.fromEntries(columns.map((name, index) => [name, values[index]])) }
  }
}

/** `password_hash` and `Password Hash` are `passwordHash`. */
const columnOf = (name: string): string =>
  fields.find((field) => field.toLowerCase() === name.toLowerCase().replaceAll(/[ _-]/g, '')) ?? ''

const headerOf = (names: readonly string[] | undefined): readonly string[] => {
  const columns = (names ?? []).map(columnOf)
  const isGood = columns.includes('handle') && !columns.includes('') && new Set(columns).size === columns.length
  if (isGood) return columns
  throw new ImportUnreadable(`The first line must name the columns, each once, of these: ${fields.join(', ')}.`)
}

/** Records of a file with an object of JSON on each line. */
async function* jsonRecords(path: string): AsyncGenerator<ReadRecord> {
  for await (const { line, text, tooLong } of linesOf(path)) {
    if (tooLong) yield { line, problem: tooLongProblem }
    else if (text.trim() !== '') yield jsonRecord(line, text)
  }
}

const jsonRecord = (line: number, text: string): ReadRecord => {
  try {
    return { line, record: JSON.parse(text) }
  } catch {
    return { line, problem: 'no JSON' }
  }
}

export const formatOf = (path: string): Format => (/\.(jsonl|ndjson|json)$/i.test(path) ? 'jsonl' : 'csv')

/** Reads a file record by record; memory does not grow with it. Throws `ImportUnreadable`. */
export const readRecords = (path: string, format: Format = formatOf(path)): AsyncGenerator<ReadRecord> =>
  format === 'csv' ? csvRecords(path) : jsonRecords(path)
