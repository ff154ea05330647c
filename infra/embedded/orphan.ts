import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { commandLineOf, stopProcess } from './process.ts'

const pidFile = (dataDir: string): string => join(dataDir, 'engine.pid')

/** Remembers which process works on this folder, for whoever comes after a launcher that was killed. */
export const rememberProcess = (dataDir: string, pid: number): void => {
  mkdirSync(dataDir, { recursive: true })
  writeFileSync(pidFile(dataDir), `${pid}\n`)
}

export const forgetProcess = (dataDir: string): void => rmSync(pidFile(dataDir), { force: true })

/** The living process that works on this folder, by its own command line: a process id alone may be anybody's by now. */
export const rememberedProcess = (dataDir: string): number | undefined => {
  try {
    const pid = Number(readFileSync(pidFile(dataDir), 'utf8'))
    return pid > 0 && commandLineOf(pid)?.includes(dataDir) ? pid : undefined
  } catch {
    return undefined
  }
}

/**
 * Stops an engine that a killed launcher left behind on this folder.
 * @returns its process id, undefined when there was none.
 */
export const stopOrphan = async (dataDir: string, graceMs = 15_000): Promise<number | undefined> => {
  const pid = rememberedProcess(dataDir)
  // SIGINT is the orderly end of both engines: Postgres cuts its connections, and Java runs its shutdown hooks.
  if (pid !== undefined) await stopProcess(pid, 'SIGINT', graceMs)
  forgetProcess(dataDir)
  return pid
}
