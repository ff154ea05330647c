import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A code in a test, as the expectation of a rejection or an error: `{ code: 'channel.timed_out', … }`. */
const expectation = /\bcode:\s*'([a-z_]+\.[a-z_]+)'/g

/** The codes that the tests of a folder expect, sorted: to be compared with the folder's table of errors. */
export const assertedCodes = (folder: string, prefix: string): readonly string[] => {
  const files = globSync('**/*.test.ts', { cwd: folder })
  const found = files.flatMap((file) => [...readFileSync(join(folder, file), 'utf8').matchAll(expectation)])
  return [...new Set(found.map(([, code = '']) => code))].filter((code) => code.startsWith(prefix)).sort()
}
