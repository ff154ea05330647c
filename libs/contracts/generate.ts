import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { contexts } from './contexts.ts'
import { contextModel } from './model.ts'
import { render } from './render.ts'

const schemas = new URL('../../schemas/', import.meta.url)
const generated = new URL('generated/', import.meta.url)

const currentText = (file: URL): string | undefined => {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

/**
 * Renders every context from its schemas; files that are not as rendered are written, or with `check` only named.
 * @returns paths of the files that were not current
 */
export const generateContracts = (check: boolean): readonly string[] => {
  mkdirSync(generated, { recursive: true })
  return contexts.flatMap((context) => {
    const file = new URL(`${context}.ts`, generated)
    const text = render(contextModel(schemas, context))
    if (currentText(file) === text) return []
    if (!check) writeFileSync(file, text)
    return [fileURLToPath(file)]
  })
}

// `--check` writes nothing and fails where something is not current.
if (import.meta.main) {
  const check = process.argv.includes('--check')
  const stale = generateContracts(check)
  for (const path of stale) process.stdout.write(`${check ? 'not current' : 'written'}: ${path}\n`)
  if (check && stale.length > 0) process.exitCode = 1
}
