import { randomUUID } from 'node:crypto'
import { link, mkdir, open, readdir, readFile, rm, stat, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type ByteRange, ObjectExists, type ObjectStore } from '../objects.ts'
import { checkedName, checkedPrefix, checkedRange, InvalidObjectName } from './name.ts'

/** Where objects are written before they have their name. No object can be named so, since it begins with a dot. */
const TEMPORARY = '.incoming'

/** What is older than this in the temporary folder was left by a process that died. */
const ABANDONED_MS = 3_600_000

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code

const isOneOf = (error: unknown, ...codes: readonly string[]): boolean => codes.includes(codeOf(error) ?? '')

/** Makes names in a folder last through a power cut. */
const syncFolder = async (path: string): Promise<void> => {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

const writeSynced = async (path: string, bytes: Buffer): Promise<void> => {
  const file = await open(path, 'wx', 0o600)
  try {
    await file.writeFile(bytes)
    await file.sync()
  } finally {
    await file.close()
  }
}

/** Reads no further than the file reaches, and takes no memory for what is beyond. */
const readRange = async (path: string, { from, to }: ByteRange): Promise<Buffer> => {
  const file = await open(path, 'r')
  try {
    const { size } = await file.stat()
    const bytes = Buffer.alloc(Math.max(0, Math.min(to, size) - from))
    const { bytesRead } = await file.read(bytes, 0, bytes.length, from)
    return bytes.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}

/** Makes the folder of an object. Folders that are new are made to last too, from the first that was there before. */
const makeFolder = async (path: string): Promise<void> => {
  const first = await mkdir(path, { recursive: true, mode: 0o700 })
  if (first === undefined) return
  for (let made = path; made.length >= first.length; made = dirname(made)) await syncFolder(dirname(made))
}

/** Links what was written to its name; the folder is there already but for the first object in it. */
const giveName = async (temporary: string, path: string, name: string): Promise<void> => {
  const isPart = (): never => {
    throw new InvalidObjectName(`a part of ${name} is the name of another object`)
  }
  const tryLink = (): Promise<void> =>
    link(temporary, path).catch((error) => {
      if (isOneOf(error, 'EEXIST')) throw new ObjectExists(`there is an object ${name} already`)
      if (isOneOf(error, 'ENOTDIR')) isPart()
      throw error
    })
  const tryFolder = (): Promise<void> =>
    makeFolder(dirname(path)).catch((error) => {
      if (isOneOf(error, 'EEXIST', 'ENOTDIR')) isPart()
      throw error
    })
  try {
    await tryLink()
  } catch (error) {
    if (!isOneOf(error, 'ENOENT')) throw error
    await tryFolder()
    await tryLink()
  }
}

const removeAbandoned = async (incoming: string): Promise<void> => {
  for (const name of await readdir(incoming)) {
    const path = join(incoming, name)
    const age = await stat(path).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => 0,
    )
    if (age > ABANDONED_MS) await rm(path, { force: true })
  }
}

/**
 * An object store in a folder, which many processes may share. An object is written aside, synced, and then linked to
 * its name: a link fails where the name is taken, so of two writers one wins, and nobody ever sees half an object.
 */
export const openFolderObjects = async (root: string): Promise<ObjectStore> => {
  const incoming = join(root, TEMPORARY)
  await makeFolder(incoming)
  await removeAbandoned(incoming)

  const put = async (name: string, bytes: Buffer): Promise<void> => {
    const path = join(root, checkedName(name))
    const temporary = join(incoming, randomUUID())
    try {
      await writeSynced(temporary, bytes)
      await giveName(temporary, path, name)
      await syncFolder(dirname(path))
    } finally {
      await unlink(temporary).catch(() => {})
    }
  }

  const namesBelow = async (folder: string, prefix: string): Promise<readonly string[]> => {
    const entries = await readdir(join(root, folder), { withFileTypes: true }).catch((error) => {
      if (isOneOf(error, 'ENOENT', 'ENOTDIR')) return []
      throw error
    })
    const names = await Promise.all(
      entries.map(async (entry): Promise<readonly string[]> => {
        const name = folder + entry.name
        if (!entry.isDirectory()) return name.startsWith(prefix) ? [name] : []
        const below = `${name}/`
        return name !== TEMPORARY && (below.startsWith(prefix) || prefix.startsWith(below))
          ? namesBelow(below, prefix)
          : []
      }),
    )
    return names.flat()
  }

  return {
    put,
    get: async (name, range) => {
      const path = join(root, checkedName(name))
      const reading = range ? readRange(path, checkedRange(range)) : readFile(path)
      return reading.catch((error) => {
        if (isOneOf(error, 'ENOENT', 'ENOTDIR', 'EISDIR')) return undefined
        throw error
      })
    },
    list: async (prefix) => {
      const known = checkedPrefix(prefix)
      return [...(await namesBelow(known.slice(0, known.lastIndexOf('/') + 1), known))].sort()
    },
    remove: async (name) => rm(join(root, checkedName(name)), { force: true }),
  }
}
