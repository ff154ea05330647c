import { readFileSync } from 'node:fs'

/**
 * A secret by a file instead of a variable, as container engines and orchestrators hand them over: `DATABASE_URL_FILE`
 * holds the path of what `DATABASE_URL` would be.
 * @returns neither part where no such file is named or it is empty
 */
export const secretInFile = (
  name: string,
  env: NodeJS.ProcessEnv,
): { readonly secret?: string; readonly problem?: string } => {
  const variable = `${name}_FILE`
  const file = env[variable]
  if (!file) return {}
  try {
    const secret = readFileSync(file, 'utf8').trim()
    return secret === '' ? { problem: `${variable} names a file that is empty (${file})` } : { secret }
  } catch (error) {
    return { problem: `${variable} names a file that cannot be read (${(error as Error).message})` }
  }
}
