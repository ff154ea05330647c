import { readFileSync } from 'node:fs'
import type { AppName } from '#libs/config/setting.ts'

/** How the process of an app is to keep memory, since by itself it would keep far more than it uses. */
export type ProcessMemory = {
  readonly nodeArguments: readonly string[]
  readonly environment: Readonly<Record<string, string>>
}

const contentOf = (app: AppName): string => {
  try {
    return readFileSync(new URL(`memory/${app}.env`, import.meta.url), 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return ''
    throw error
  }
}

/**
 * What `memory/<app>.env` says, which the image reads too (`infra/images/start.sh`): a line for each variable, and `node`
 * for what goes before the script. An app without such a file is as it is.
 */
export const memoryOf = (app: AppName): ProcessMemory => {
  const lines = contentOf(app)
    .split('\n')
    .flatMap((line) => {
      const [, name, value] = /^(\w+)=(.*)$/.exec(line) ?? []
      return name === undefined || value === undefined ? [] : [[name, value] as const]
    })
  return {
    nodeArguments: lines.flatMap(([name, value]) => (name === 'node' ? value.split(' ') : [])),
    environment: Object.fromEntries(lines.filter(([name]) => name !== 'node')),
  }
}
