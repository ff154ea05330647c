import { execFile } from 'node:child_process'
import { readFile, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { promisify } from 'node:util'
import { EngineError } from './engine.ts'

/** A user without rights of its own, as whom a service runs when the launcher is root. */
export type ServiceUser = { readonly uid: number; readonly gid: number }

/** What to spawn so that it runs as the service user. */
export type ServiceCommand = {
  readonly command: string
  readonly args: readonly string[]
  readonly uid?: number
  readonly gid?: number
}

const NAME = 'postgres'
const run = promisify(execFile)

const lookUp = async (): Promise<ServiceUser | undefined> => {
  const passwd = await readFile('/etc/passwd', 'utf8').catch(() => '')
  const fields = passwd
    .split('\n')
    .map((line) => line.split(':'))
    .find(([name]) => name === NAME)
  return fields && { uid: Number(fields[2]), gid: Number(fields[3]) }
}

/** The system's user `postgres`, made where there is none; undefined when this process is not root and needs none. */
export const serviceUser = async (): Promise<ServiceUser | undefined> => {
  if (process.getuid?.() !== 0) return undefined
  const found = await lookUp()
  if (found) return found
  // Two launchers may make the user at once; whoever comes second finds it made.
  await run('useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', NAME]).catch(
    () => {},
  )
  const made = await lookUp()
  if (made) return made
  throw new EngineError(
    'engine.missing',
    `Postgres does not run as root, and the user "${NAME}" could not be made. Run as another user, or set DATABASE_URL.`,
  )
}

/** Whether any user may walk down to this path (execute permission on every folder above it). */
const reachable = async (path: string): Promise<boolean> => {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    if (((await stat(folder)).mode & 0o001) === 0) return false
    if (folder === dirname(folder)) return true
  }
}

/**
 * The command as the service user. Where its program or data lies below a folder closed to others (root's home, often),
 * the process keeps one right of root's: to pass by the permissions of files.
 */
export const asServiceUser = async (
  user: ServiceUser | undefined,
  dataDir: string,
  command: string,
  args: readonly string[],
): Promise<ServiceCommand> => {
  if (user === undefined) return { command, args }
  if ((await reachable(`${dataDir}/.`)) && (await reachable(command))) return { command, args, ...user }
  const right = '+dac_override'
  return {
    command: 'setpriv',
    args: [
      ...[`--reuid=${user.uid}`, `--regid=${user.gid}`, '--clear-groups'],
      ...[`--inh-caps=${right}`, `--ambient-caps=${right}`, '--', command],
      ...args,
    ],
  }
}
