import { readFileSync, statSync } from 'node:fs'
import { chmod, mkdir, open, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isLocked, lockFolder } from './lock.ts'

/**
 * Kafka's classes as a virtual machine has them in memory once they are loaded and checked, in an archive of Java's class
 * data sharing: a broker that begins with it starts in little more than half of the time and of the CPU. Java and jars
 * that it was made of are written in it, and a virtual machine leaves alone what is of others.
 */

/** Where `bin/bootstrap` has the archive made. */
export const CLASSES = join(import.meta.dirname, '../../.tools/kafka-classes')

const archiveIn = (folder: string): string => join(folder, 'classes.jsa')

/** Written when the archive is there: `bin/bootstrap` compares the key, everybody else the size. */
type Note = { readonly key: string; readonly bytes: number }

const noteIn = (folder: string): string => join(folder, 'made.json')

const noted = (folder: string): Note | undefined => {
  try {
    return JSON.parse(readFileSync(noteIn(folder), 'utf8'))
  } catch {
    return undefined
  }
}

const sizeOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0

/**
 * What has a virtual machine begin with the archive; nothing where there is none. One that is damaged, or of another Java,
 * is left alone: the start takes longer then, and that is all.
 */
export const classFlags = (folder: string = CLASSES): readonly string[] => {
  const archive = archiveIn(folder)
  const bytes = sizeOf(archive)
  // A virtual machine dies of one that ends too early, before it has compared any checksum.
  if (bytes === 0 || bytes !== noted(folder)?.bytes) return []
  return ['-XX:+IgnoreUnrecognizedVMOptions', '-XX:+VerifySharedSpaces', `-XX:SharedArchiveFile=${archive}`]
}

const flush = async (file: string): Promise<void> => {
  // Java makes it read-only, and some systems flush only what is open for writing.
  await chmod(file, 0o644)
  const handle = await open(file, 'r+')
  await handle.sync()
  await handle.close()
}

/** The note comes last, so that what it names is there, whole and on the disk. */
const publish = async (folder: string, scratch: string, key: string): Promise<void> => {
  await mkdir(folder, { recursive: true })
  const made = archiveIn(scratch)
  const bytes = sizeOf(made)
  if (bytes > 0) {
    await flush(made)
    await rename(made, archiveIn(folder))
  }
  const note: Note = { key, bytes }
  await writeFile(noteIn(scratch), JSON.stringify(note), { flush: true })
  await rename(noteIn(scratch), noteIn(folder))
}

export type ClassArchive = {
  readonly folder: string
  /** Names Java and jars: an archive with the same one is there for good. */
  readonly key: string
  /**
   * Runs what loads the classes, with these flags, and ends it in order. It may write in `scratch`, which is thrown away;
   * what a maker that was killed left there is its to remove.
   */
  readonly train: (flags: readonly string[], scratch: string) => Promise<void>
}

/**
 * Makes the archive where there is none with this key, aside first; the old one is there until then. A Java that knows of
 * no such archive makes none, and is not asked again. Whoever comes while another makes it goes without.
 * @throws what `train` throws
 */
export const makeClassArchive = async ({ folder, key, train }: ClassArchive): Promise<void> => {
  const lock = lockFolder(`${folder}.lock`)
  if (!isLocked(lock)) return
  const scratch = `${folder}.new`
  try {
    if (noted(folder)?.key === key) return
    await mkdir(scratch, { recursive: true })
    const made = archiveIn(scratch)
    await rm(made, { force: true })
    await train([`-XX:ArchiveClassesAtExit=${made}`], scratch)
    await publish(folder, scratch, key)
  } finally {
    await rm(scratch, { recursive: true, force: true })
    lock.release()
  }
}
