import { statfs } from 'node:fs/promises'
import type { Config } from './config.ts'

/** Bytes that an ordinary user may still write on the disk of this path. */
export const freeBytes = async (path: string): Promise<number> => {
  const { bavail, bsize } = await statfs(path)
  return bavail * bsize
}

export type DiskWatch = {
  /** Whether the disk was too full when it was last looked at: posts are refused then with `platform.disk_full`. */
  readonly full: () => boolean
  /** Bytes that were free then; undefined where there is no data folder. */
  readonly free: () => number | undefined
  readonly close: () => void
}

const EVERY_MS = 2000

/**
 * Looks at the disk of the data folder every two seconds. A data folder that is not there (engines elsewhere) is never
 * full.
 * @param onChange is told each time the answer changes.
 */
export const watchDisk = async (
  config: Pick<Config, 'data' | 'minFreeDisk'>,
  onChange: (full: boolean, free: number) => void = () => {},
): Promise<DiskWatch> => {
  let full = false
  let free: number | undefined
  const look = async () => {
    free = await freeBytes(config.data).catch(() => undefined)
    const now = free !== undefined && free < config.minFreeDisk
    if (now !== full) onChange(now, free ?? 0)
    full = now
  }
  await look()
  const timer = setInterval(look, EVERY_MS).unref()
  return { full: () => full, free: () => free, close: () => clearInterval(timer) }
}
