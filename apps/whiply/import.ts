import { access } from 'node:fs/promises'
import type { Command } from '#libs/config/app.ts'
import { ConfigError } from '#libs/config/config.ts'
import type { ImportCounts } from '#libs/identity/import/import.ts'
import { type Format, fileId, ImportUnreadable, readRecords } from '#libs/identity/import/read.ts'

const usage = 'whiply import accounts FILE [--format csv|jsonl]\n'

const formatIn = (word: string | undefined): Format | undefined => {
  if (word === undefined || word === 'csv' || word === 'jsonl') return word
  throw new ConfigError(`${word} is no format: csv and jsonl are.`)
}

const told = ({ imported, already, refused }: ImportCounts): string =>
  `${imported} imported, ${already} there already, ${refused} refused`

/** Least time between two words on how far it has come. */
const progressMs = 1_000

/**
 * `whiply import accounts FILE`: opens the accounts of a file, CSV with a first line that names the columns, or an object of
 * JSON on each line. Each line that is not taken goes to the standard output, with its number and why; how far it has come
 * goes to the standard error. Exit code 2 where a line was not taken. Sent again it goes on where it was cut off.
 */
export const importAccounts: Command = async (config, [file, ...rest], signal, options = {}) => {
  if (file === undefined || rest.length > 0) {
    process.stderr.write(usage)
    return 2
  }
  const format = formatIn(options.format)
  await access(file).catch((cause: Error) => {
    throw new ConfigError(`${file} cannot be read: ${cause.message}.`)
  })
  const { runImport } = await import('#apps/http-edge/import.ts')
  let toldAt = 0
  try {
    const counts = await runImport(config, {
      importId: await fileId(file),
      records: readRecords(file, format),
      onRefused: (line, reason) => process.stdout.write(`line ${line}: ${reason}\n`),
      onProgress: (counts) => {
        if (performance.now() - toldAt < progressMs) return
        toldAt = performance.now()
        process.stderr.write(`${told(counts)} …\n`)
      },
      signal,
    })
    process.stderr.write(`${told(counts)}\n`)
    return counts.refused > 0 ? 2 : 0
  } catch (error) {
    if (error instanceof ImportUnreadable) throw new ConfigError(error.message)
    throw error
  }
}
