import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { copyFile, mkdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { isLocked, lockFolder } from '#infra/embedded/lock.ts'

const run = promisify(execFile)

const tools = join(dirname(dirname(import.meta.dirname)), '.tools')

/** Of a new machine's first run, with others at work on it. */
export const INSTALL_MS = 900_000

const fingerprint = (manifests: readonly string[]): string => {
  const hash = createHash('sha256').update(process.version)
  for (const path of manifests) hash.update(basename(path)).update(readFileSync(path))
  return hash.digest('hex').slice(0, 12)
}

const bring = async (
  folder: string,
  manifests: readonly string[],
  install: (folder: string) => Promise<void>,
): Promise<string> => {
  const lock = lockFolder(`${folder}.lock`, INSTALL_MS)
  if (!isLocked(lock)) throw new Error(`${folder} is being made by process ${lock.heldBy} for too long`)
  try {
    if (existsSync(folder)) return folder
    const aside = `${folder}.new`
    await rm(aside, { recursive: true, force: true })
    await mkdir(aside, { recursive: true })
    for (const path of manifests) await copyFile(path, join(aside, basename(path)))
    await install(aside)
    await rename(aside, folder)
    return folder
  } finally {
    lock.release()
  }
}

const brought = new Map<string, Promise<string>>()

/**
 * A folder in `.tools` with what these manifests name, copies of which it holds: made once for as long as they stay as
 * they are, by one process at a time, and aside, so that one cut short is never taken for whole.
 */
export const tool = (
  name: string,
  manifests: readonly string[],
  install: (folder: string) => Promise<void>,
): Promise<string> => {
  const folder = join(tools, `${name}-${fingerprint(manifests)}`)
  if (existsSync(folder)) return Promise.resolve(folder)
  const bringing = brought.get(folder) ?? bring(folder, manifests, install)
  brought.set(folder, bringing)
  return bringing
}

/** Whether there is a Python 3 with venv. */
export const hasPython = (): Promise<boolean> =>
  run('python3', ['-c', 'import venv, ensurepip']).then(
    () => true,
    () => false,
  )

/** A Python that has what a file of requirements names. */
export const pythonWith = async (requirements: string): Promise<string> => {
  const folder = await tool('python', [requirements], async (aside) => {
    await run('python3', ['-m', 'venv', join(aside, 'venv')], { timeout: INSTALL_MS })
    const pip = [join(aside, 'venv', 'bin', 'python'), '-m', 'pip', 'install', '--quiet', '--disable-pip-version-check']
    const [python = '', ...args] = [...pip, '-r', join(aside, basename(requirements))]
    await run(python, args, { timeout: INSTALL_MS })
  })
  return join(folder, 'venv', 'bin', 'python')
}
