import { readFileSync, writeFileSync } from 'node:fs'
import { openApiYaml } from './openapi.ts'

const file = new URL('../../schemas/openapi.yaml', import.meta.url)

const currentText = (): string | undefined => {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

/** Writes `schemas/openapi.yaml`, or with `check` only compares. @returns whether it was current */
export const generateOpenApi = (check: boolean): boolean => {
  const text = openApiYaml()
  const isCurrent = currentText() === text
  if (!isCurrent && !check) writeFileSync(file, text)
  return isCurrent
}

if (import.meta.main) {
  const check = process.argv.includes('--check')
  const isCurrent = generateOpenApi(check)
  if (!isCurrent) process.stdout.write(`${check ? 'not current' : 'written'}: schemas/openapi.yaml\n`)
  if (check && !isCurrent) process.exitCode = 1
}
