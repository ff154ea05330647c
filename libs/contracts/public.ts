import { globSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { breaches } from './avro/levels.ts'
import { parseSchema } from './avro/parse.ts'
import { type AvroRecord, incompatibilities } from './compatibility.ts'
import { SchemaError } from './model.ts'
import { readSchema } from './schema.ts'

/** All versions of one type of event in a public topic. */
export type PublicType = {
  /** Without `whiply.public.`, with its major version: `chat.v1`. */
  readonly topic: string
  readonly name: string
  /** Paths for `readSchema`, by version from 1 on. */
  readonly paths: readonly string[]
}

const folder = fileURLToPath(new URL('../../schemas/public/', import.meta.url))
const place = /^(?<topic>[a-z][a-z-]*\.v[1-9]\d*)\/(?<name>[A-Z][A-Za-z0-9]*)\.v(?<version>[1-9]\d*)\.avsc$/

/** Public types by their files. @throws SchemaError for a file out of place, and for a version that is missing */
export const publicTypes = (
  files: readonly string[] = globSync('**/*.avsc', { cwd: folder }),
): readonly PublicType[] => {
  const types = Map.groupBy(
    files.map((file) => {
      const { topic, name, version } = place.exec(file.replaceAll('\\', '/'))?.groups ?? {}
      if (!topic || !name) throw new SchemaError(`public/${file}: not <topic>.v<major>/<Name>.v<version>.avsc`)
      return { topic, name, version: Number(version) }
    }),
    ({ topic, name }) => `${topic}/${name}`,
  )
  return [...types]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, found]) => {
      const [topic = '', name = ''] = key.split('/')
      const paths = found.map((_, index) => {
        if (!found.some(({ version }) => version === index + 1))
          throw new SchemaError(`public/${key}: version ${index + 1} is missing`)
        return `public/${key}.v${index + 1}`
      })
      return { topic, name, paths }
    })
}

/**
 * What keeps versions of one type from being FULL_TRANSITIVE, in words: by Avro's rules, as the registry checks them, and
 * by those of the journals' types, which also hold for meanings that Avro does not know (times, sets of words).
 * @param versions oldest first
 */
export const publicBreaches = (versions: readonly unknown[]): readonly string[] =>
  versions.flatMap((newer, index) => {
    const earlier = versions.slice(0, index)
    const parsed = earlier.map((one, before) => ({ version: before + 1, schema: parseSchema(JSON.stringify(one)) }))
    const byAvro = breaches('FULL_TRANSITIVE', parseSchema(JSON.stringify(newer)), parsed)
    return [
      ...byAvro.map(
        ({ against, direction, message, path }) =>
          `version ${index + 1} against ${against.version}, ${direction}: ${message} (${path})`,
      ),
      ...earlier.flatMap((one, before) =>
        incompatibilities(one as AvroRecord, newer as AvroRecord).map(
          (reason) => `version ${index + 1} against ${before + 1}: ${reason}`,
        ),
      ),
    ]
  })

/** The schemas of a type, oldest first. */
export const publicVersions = ({ paths }: PublicType): readonly unknown[] => paths.map(readSchema)
