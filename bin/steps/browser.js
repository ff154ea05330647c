import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { aptInstall } from './prerequisites.js'
import { canInstall, installCommand, isRoot, thisSystem } from './system.js'
import { confirm } from './terminal.js'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chromium.exe', 'chrome.exe']

/** Where browsers live that are on no search path. */
const PLACES = [
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
]

/** The first browser of the Chromium family among the folders of a search path, undefined when there is none. */
export const findBrowser = (searchPath, exists = existsSync) =>
  [...searchPath.split(delimiter).flatMap((folder) => NAMES.map((name) => join(folder, name))), ...PLACES].find(exists)

/** @returns the browser for tests; undefined, with a word about it, where there is none: its tests are skipped then. */
export const ensureBrowser = async ({ yes }) => {
  if (process.env.CHROMIUM_PATH) return process.env.CHROMIUM_PATH
  const searchPath = process.env.PATH ?? ''
  const found = findBrowser(searchPath)
  if (found) return found
  const system = thisSystem()
  const rights = { root: isRoot() }
  const command = installCommand(system, ['chromium'], rights)
  if (
    canInstall(system, rights) &&
    (yes || (await confirm(`The browser tests need Chromium. Run "${command}" now?`)))
  ) {
    await aptInstall(command, 'install Chromium')
    return findBrowser(searchPath)
  }
  process.stderr.write(
    `\nNo Chromium found: the browser tests are skipped.\n${command ? `  ${command}\n` : ''}  or set CHROMIUM_PATH\n\n`,
  )
  return undefined
}
