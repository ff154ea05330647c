import { existsSync, readFileSync } from 'node:fs'
import type { Command } from '#libs/config/app.ts'
import { type Config, ConfigError } from '#libs/config/config.ts'
import { changesBetween } from '#libs/contracts/avro/diff.ts'
import { AvroSchemaError } from '#libs/contracts/avro/errors.ts'
import { parseSchema } from '#libs/contracts/avro/parse.ts'
import { incompatibilitiesOf } from '#libs/contracts/avro/resolve.ts'
import type { Schema } from '#libs/contracts/avro/schema.ts'
import { fetchSchema } from '#libs/registry/remote.ts'

const load = async (name: string, { schemaRegistryUrl }: Config): Promise<Schema> => {
  try {
    if (existsSync(name)) return parseSchema(readFileSync(name, 'utf8'))
    const [, subject, version] = /^(.+):(\d+|latest)$/.exec(name) ?? []
    if (subject !== undefined && version !== undefined) return await fetchSchema(schemaRegistryUrl, subject, version)
  } catch (error) {
    if (error instanceof AvroSchemaError) throw new ConfigError(`${name} is no Avro schema: ${error.message}.`)
    throw error
  }
  throw new ConfigError(
    `${name} is neither a file nor a version of a subject, as <subject>:<number> or <subject>:latest.`,
  )
}

const verdict = (what: string, reader: Schema, writer: Schema) => {
  const reasons = incompatibilitiesOf(reader, writer)
  return {
    holds: reasons.length === 0,
    text: [
      `${what}: ${reasons.length === 0 ? 'yes' : 'no'}`,
      ...reasons.map(({ message, path }) => `  ${message} (${path})`),
    ],
  }
}

/**
 * `whiply schemas diff A B`: what changed from A to B, in words, and who reads what. Each is a file, or `subject:version`
 * of the registry. Exit code 0 where either reads what the other wrote, 1 where one does not, 2 without two names.
 */
export const schemasDiff: Command = async (config, [older, newer, ...rest]) => {
  if (older === undefined || newer === undefined || rest.length > 0) {
    process.stderr.write('whiply schemas diff A B, where each is a file, or <subject>:<version> of the registry\n')
    return 2
  }
  const [before, after] = [await load(older, config), await load(newer, config)]
  const found = changesBetween(before, after)
  const backward = verdict('The newer reads what the older wrote', after, before)
  const forward = verdict('The older reads what the newer writes', before, after)
  const changes = found.length === 0 ? ['Nothing changed.'] : found
  process.stdout.write(`${[...changes, '', ...backward.text, ...forward.text].join('\n')}\n`)
  return backward.holds && forward.holds ? 0 : 1
}
