import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { commandLineOf, startTimeOf, stopProcess } from './process.ts'

const pidFile = (dataDir: string): string => join(dataDir, 'engine.pid')

/** A living engine as whoever started it noted it down. */
export type RememberedEngine = {
  readonly pid: number
  /** Tells it from a later process of the same id. */
  readonly startTime: string
  /** What it was started as; see `fingerprintOf`. */
  readonly fingerprint: string
}

/** Remembers which process works on this folder, for whoever comes after a launcher that was killed. */
export const rememberProcess = (dataDir: string, pid: number, fingerprint: string): void => {
  mkdirSync(dataDir, { recursive: true })
  writeFileSync(pidFile(dataDir), `${pid}\n${startTimeOf(pid) ?? ''}\n${fingerprint}\n`)
}

export const forgetProcess = (dataDir: string): void => rmSync(pidFile(dataDir), { force: true })

const noted = (dataDir: string): readonly string[] => {
  try {
    return readFileSync(pidFile(dataDir), 'utf8').split('\n')
  } catch {
    return []
  }
}

/** The living process that works on this folder, by its own command line: a process id alone may be anybody's by now. */
export const rememberedProcess = (dataDir: string): number | undefined => {
  const pid = Number(noted(dataDir)[0])
  return pid > 0 && commandLineOf(pid)?.includes(dataDir) ? pid : undefined
}

/** The living engine of this folder; undefined also where it was started by a release that noted down less. */
export const rememberedEngine = (dataDir: string): RememberedEngine | undefined => {
  const pid = rememberedProcess(dataDir)
  const [, startTime, fingerprint] = noted(dataDir)
  if (pid === undefined || !startTime || !fingerprint || startTimeOf(pid) !== startTime) return undefined
  return { pid, startTime, fingerprint }
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
