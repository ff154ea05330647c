import { readFileSync, writeFileSync } from 'node:fs'
import { asyncApiYaml } from '#libs/integration/catalogue/asyncapi.ts'
import { questionDocuments } from './questions/document.ts'

const file = new URL('../../schemas/asyncapi.yaml', import.meta.url)

const currentText = (): string | undefined => {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

/** Writes `schemas/asyncapi.yaml`, or with `check` only compares. @returns whether it was current */
export const generateAsyncApi = (check: boolean): boolean => {
  const text = asyncApiYaml(questionDocuments())
  const isCurrent = currentText() === text
  if (!isCurrent && !check) writeFileSync(file, text)
  return isCurrent
}

if (import.meta.main) {
  const check = process.argv.includes('--check')
  const isCurrent = generateAsyncApi(check)
  if (!isCurrent) process.stdout.write(`${check ? 'not current' : 'written'}: schemas/asyncapi.yaml\n`)
  if (check && !isCurrent) process.exitCode = 1
}
