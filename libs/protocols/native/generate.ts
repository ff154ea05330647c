import { writeFileSync } from 'node:fs'
import { asyncApiYaml } from './asyncapi.ts'

/** Writes `schemas/asyncapi.yaml`. Part of `npm run generate`. */
export const generateAsyncApi = (): void =>
  writeFileSync(new URL('../../../schemas/asyncapi.yaml', import.meta.url), asyncApiYaml())

if (import.meta.main) generateAsyncApi()
