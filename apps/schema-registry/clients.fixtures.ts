import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { copyFile, mkdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

const manifests = join(import.meta.dirname, 'clients')
const tools = join(dirname(dirname(import.meta.dirname)), '.tools')

/** Of a new machine's first run. */
const INSTALL_MS = 240_000

const fingerprint = (files: readonly string[]): string => {
  const hash = createHash('sha256').update(process.version)
  for (const file of files) hash.update(readFileSync(join(manifests, file)))
  return hash.digest('hex').slice(0, 12)
}

/** A folder in `.tools` with what these manifests name; made aside, so that one cut short is never taken for whole. */
const installed = async (name: string, files: readonly string[], install: (folder: string) => Promise<void>) => {
  const folder = join(tools, `${name}-${fingerprint(files)}`)
  if (existsSync(folder)) return folder
  const aside = `${folder}.${process.pid}`
  await mkdir(aside, { recursive: true })
  try {
    for (const file of files) await copyFile(join(manifests, file), join(aside, file))
    await install(aside)
    // Somebody else may have been as quick: theirs is as good.
    await rename(aside, folder).catch((error) => {
      if (!existsSync(folder)) throw error
    })
  } finally {
    await rm(aside, { recursive: true, force: true })
  }
  return folder
}

/** The folder whose `node_modules` hold `@confluentinc/schemaregistry`. */
export const confluentForNode = (): Promise<string> =>
  installed('confluent-node', ['package.json', 'package-lock.json'], async (folder) => {
    const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund']
    await run('npm', args, { cwd: folder, timeout: INSTALL_MS })
  })

/** A Python that has `confluent-kafka`; undefined where there is no Python 3 with venv. */
export const confluentForPython = async (): Promise<string | undefined> => {
  const hasVenv = await run('python3', ['-c', 'import venv, ensurepip']).then(
    () => true,
    () => false,
  )
  if (!hasVenv) return undefined
  const folder = await installed('confluent-python', ['requirements.txt'], async (aside) => {
    await run('python3', ['-m', 'venv', join(aside, 'venv')], { timeout: INSTALL_MS })
    const python = join(aside, 'venv', 'bin', 'python')
    const args = [
      '-m',
      'pip',
      'install',
      '--quiet',
      '--disable-pip-version-check',
      '-r',
      join(aside, 'requirements.txt'),
    ]
    await run(python, args, { timeout: INSTALL_MS })
  })
  return join(folder, 'venv', 'bin', 'python')
}

/** Runs `confluent.py`. @returns what it printed */
export const runConfluentPython = async (python: string, args: readonly string[]): Promise<unknown> => {
  const { stdout } = await run(python, [join(manifests, 'confluent.py'), ...args], { timeout: 60_000 })
  return JSON.parse(stdout)
}
