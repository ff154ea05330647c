import { execFile } from 'node:child_process'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { hasPython, INSTALL_MS, pythonWith, tool } from '#libs/testing/tools.ts'

const run = promisify(execFile)

const clients = join(import.meta.dirname, 'clients')
const checkout = dirname(dirname(import.meta.dirname))

/** The folder whose `node_modules` hold `@confluentinc/schemaregistry`. */
export const confluentForNode = (): Promise<string> =>
  tool('confluent-node', [join(clients, 'package.json'), join(clients, 'package-lock.json')], async (folder) => {
    const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund']
    await run('npm', args, { cwd: folder, timeout: INSTALL_MS })
  })

/** A Python that has `confluent-kafka`, as the example in Python needs it; undefined where there is no Python 3 with venv. */
export const confluentForPython = async (): Promise<string | undefined> =>
  (await hasPython()) ? pythonWith(join(checkout, 'examples', 'python', 'requirements.txt')) : undefined

/** Runs `confluent.py`. @returns what it printed */
export const runConfluentPython = async (python: string, args: readonly string[]): Promise<unknown> => {
  const { stdout } = await run(python, [join(clients, 'confluent.py'), ...args], { timeout: 60_000 })
  return JSON.parse(stdout)
}
