import { globSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { readSchema } from '#libs/contracts/schema.ts'

/** A field of a public event, with what the catalogue tells of it. */
export type PublicField = {
  readonly name: string
  readonly type: unknown
  readonly default?: unknown
  readonly doc: string
  readonly example: unknown
  /** The release from which on it was there. */
  readonly since: string
}

/** Schema of a public event: an Avro record whose attributes `example` and `since` are for people. */
export type PublicRecord = {
  readonly type: 'record'
  readonly name: string
  readonly namespace: string
  readonly doc: string
  readonly since: string
  readonly fields: readonly PublicField[]
}

/** All versions of one type of event, the newest last, which is the one that is written. */
export type PublicSchema = {
  readonly topic: string
  readonly type: string
  /** In the registry: the record's full name (RecordNameStrategy), since a topic has several types. */
  readonly subject: string
  readonly versions: readonly PublicRecord[]
}

const root = fileURLToPath(new URL('../../schemas/', import.meta.url))
const file = /^public\/(?<folder>[^/]+)\/(?<type>\w+)\.v(?<version>\d+)\.avsc$/

type Found = {
  readonly path: string
  readonly folder: string
  readonly type: string
  readonly version: number
}

const found = (path: string): readonly Found[] => {
  const { folder, type, version } = file.exec(path)?.groups ?? {}
  return folder && type && version
    ? [{ path: path.replace(/\.avsc$/, ''), folder, type, version: Number(version) }]
    : []
}

/** Every type of every public topic, as it lies in `schemas/public/<name>.v<major>/`; by topic, then by type. */
export const publicSchemas = (): readonly PublicSchema[] => {
  const files = globSync('public/*/*.avsc', { cwd: root }).flatMap((path) => found(path.replaceAll('\\', '/')))
  return [...Map.groupBy(files, ({ folder, type }) => `whiply.public.${folder}.${type}`)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([subject, versions]) => ({
      topic: `whiply.public.${versions[0]?.folder}`,
      type: versions[0]?.type ?? '',
      subject,
      versions: versions.toSorted((a, b) => a.version - b.version).map(({ path }) => readSchema(path) as PublicRecord),
    }))
}
