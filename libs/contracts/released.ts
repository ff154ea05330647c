import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import avsc from 'avsc'
import { messageOf } from './model.ts'
import { type Sample, samplesOf } from './samples.ts'
import { readSchema } from './schema.ts'
import { type SchemaVersions, schemaPaths, schemaVersions } from './versions.ts'

/** Fingerprints of released schemas by path. What stands here may be in journals, and never changes again. */
export type Ledger = Readonly<Record<string, string>>

/** Bytes that a released schema wrote, and what they mean; a value of type `bytes` stands as `{ base64 }`. */
export type KeptBytes = { readonly schema: string; readonly written: Sample; readonly bytes: string }

const ledgerFile = new URL('../../schemas/released.json', import.meta.url)
const bytesFile = new URL('../../schemas/released-bytes.json', import.meta.url)

export const readLedger = (): Ledger => JSON.parse(readFileSync(ledgerFile, 'utf8'))

export const readKeptBytes = (): readonly KeptBytes[] => JSON.parse(readFileSync(bytesFile, 'utf8'))

/** Attributes for people, which mean nothing to who reads the bytes. */
const words = ['doc', 'example']

/** SHA-256 of what a schema means: words may be improved, and keys stand in any order. */
export const fingerprintOf = (schema: unknown): string => {
  const meaning = JSON.stringify(schema, (key, value) => {
    if (words.includes(key)) return undefined
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
    return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
  })
  return createHash('sha256').update(meaning).digest('hex')
}

/** Released schemas that are not as they were released, or are gone. */
export const changedSince = (ledger: Ledger, read: (path: string) => unknown): readonly string[] =>
  Object.entries(ledger).flatMap(([path, fingerprint]) => {
    try {
      return fingerprintOf(read(path)) === fingerprint ? [] : [path]
    } catch {
      return [path]
    }
  })

const asJson = (sample: Sample): Sample =>
  Object.fromEntries(
    Object.entries(sample).map(([name, value]) => [
      name,
      Buffer.isBuffer(value) ? { base64: value.toString('base64') } : value,
    ]),
  )

/** What `asJson` made of a value, in its own types again. */
export const fromJson = (sample: Sample): Sample =>
  Object.fromEntries(
    Object.entries(sample).map(([name, value]) => [
      name,
      typeof value === 'object' && value !== null && 'base64' in value
        ? Buffer.from(String(value.base64), 'base64')
        : value,
    ]),
  )

const bytesOf = ({ context, name }: SchemaVersions, path: string): readonly KeptBytes[] => {
  const schema = readSchema(path)
  const type = avsc.Type.forSchema(schema as avsc.Schema)
  return samplesOf(messageOf(schema, context, name)).map((sample) => ({
    schema: path,
    written: asJson(sample),
    bytes: type.toBuffer(sample).toString('base64'),
  }))
}

/** Enters schemas that are not in the ledger yet, and keeps bytes of those of contexts. @returns their paths */
export const release = (): readonly string[] => {
  const ledger = readLedger()
  const fresh = schemaPaths().filter((path) => !(path in ledger))
  const entries = fresh.map((path) => [path, fingerprintOf(readSchema(path))])
  const bytes = schemaVersions().flatMap((versions) =>
    versions.paths.filter((path) => fresh.includes(path)).flatMap((path) => bytesOf(versions, path)),
  )
  const kept = [...readKeptBytes(), ...bytes]
  writeFileSync(ledgerFile, `${JSON.stringify({ ...ledger, ...Object.fromEntries(entries) }, null, 2)}\n`)
  writeFileSync(bytesFile, `${JSON.stringify(kept, null, 2)}\n`)
  return fresh
}
