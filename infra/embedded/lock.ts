import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

/** A folder held by this process alone; let go by `release`, or by the system when the process ends however it ends. */
export type FolderLock = { readonly release: () => void }

/** Who holds the folder, as far as it is known. */
export type FolderHolder = { readonly heldBy: number | undefined }

/**
 * Takes a folder for this process, or says who holds it. The lock is the operating system's own on a file (through
 * SQLite, since Node has no call for it), so a killed holder leaves nothing stale behind.
 * @param waitMs how long to wait for another holder; this blocks the process.
 */
export const lockFolder = (folder: string, waitMs = 0): FolderLock | FolderHolder => {
  mkdirSync(folder, { recursive: true })
  const holderFile = join(folder, 'lock.pid')
  const database = new DatabaseSync(join(folder, 'lock'), { timeout: waitMs })
  try {
    database.exec('begin exclusive')
  } catch {
    database.close()
    return { heldBy: Number(readHolder(holderFile)) || undefined }
  }
  writeFileSync(holderFile, `${process.pid}\n`)
  return { release: () => database.close() }
}

const readHolder = (file: string): string => {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch {
    return ''
  }
}

export const isLocked = (result: FolderLock | FolderHolder): result is FolderLock => 'release' in result
