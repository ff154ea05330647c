import { globSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { AvroRecord } from './compatibility.ts'
import { contexts } from './contexts.ts'
import { contextModel, type Kind } from './model.ts'
import { readSchema } from './schema.ts'

/** All versions of one type, as they lie in `schemas/`. */
export type SchemaVersions = {
  readonly context: string
  readonly kind: Kind
  readonly name: string
  /** Paths for `readSchema`, by version from 1 on. */
  readonly paths: readonly string[]
  readonly schemas: readonly AvroRecord[]
}

const root = new URL('../../schemas/', import.meta.url)

/** Paths of all schemas, those of the journal's own records included. */
export const schemaPaths = (): readonly string[] =>
  globSync('**/*.avsc', { cwd: fileURLToPath(root) })
    .map((file) => file.replaceAll('\\', '/').replace(/\.avsc$/, ''))
    .sort()

const kinds = ['events', 'commands'] as const

/** Every type of every context. */
export const schemaVersions = (): readonly SchemaVersions[] =>
  contexts.flatMap((context) => {
    const model = contextModel(root, context)
    return kinds.flatMap((kind) =>
      model[kind].map(({ name, schemas: paths }) => ({
        context,
        kind,
        name,
        paths,
        schemas: paths.map((path) => readSchema(path) as AvroRecord),
      })),
    )
  })
