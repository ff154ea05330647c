import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Import } from './arrows.ts'
import { testsReaching } from './on-engines.ts'

/** What opens sockets, processes or threads. */
const reachingOut = [
  'node:child_process',
  'node:dgram',
  'node:http',
  'node:https',
  'node:net',
  'node:tls',
  'node:worker_threads',
  'express',
  'kafkajs',
  'nodemailer',
  'postgres',
  'smtp-server',
  'testcontainers',
  'ws',
]

/**
 * The test files that load nothing which opens a socket, a process or a thread. What they may leave behind for others in
 * their process is the state of modules.
 */
export const testsInMemory = (imports: readonly Import[]): readonly string[] => {
  const loaded = imports.filter(({ typesOnly }) => !typesOnly)
  const others = new Set(reachingOut.flatMap((target) => testsReaching(loaded, target)))
  return [...new Set(loaded.map(({ from }) => from))].filter((file) => file.endsWith('.test.ts') && !others.has(file))
}

const FILES_PER_PROCESS = 20

/** Whether it is a file that loads test files in memory, by its name. */
export const isLoader = (file: string): boolean => /in-memory-\d+\.test\.mjs$/.test(file)

/** Hooks are those of a whole process. */
const hasHooks = (text: string): boolean =>
  /^import \{[^}]*\b(before|after)(Each)?\b[^}]*\} from 'node:test'/m.test(text)

/** Deals them out, so that neighbours, which take alike, are not all in one. */
const dealt = (files: readonly string[]): readonly (readonly string[])[] => {
  const count = Math.ceil(files.length / FILES_PER_PROCESS)
  return Array.from({ length: count }, (_, index) => files.filter((_, at) => at % count === index))
}

/** The test files that such a process loads, to be told where it fails as a whole; undefined of any other file. */
export const loadedBy = (file: string): readonly string[] | undefined =>
  isLoader(file) ? [...readFileSync(file, 'utf8').matchAll(/"(.+\.test\.ts)"/g)].map(([, url]) => url ?? '') : undefined

/** Puts the few evenly among the many, one of them first. */
const spread = (few: readonly string[], many: readonly string[]): readonly string[] => {
  const placed = (files: readonly string[]) => files.map((file, index) => ({ file, place: index / files.length }))
  return [...placed(few), ...placed(many)].sort((a, b) => a.place - b.place).map(({ file }) => file)
}

/**
 * Has many test files run in one process each, that of loading being most of what such a file takes. They stand back
 * behind those that wait for engines, and use what time of the processor these leave.
 *
 * @param files all that are to be run, as paths from the root
 * @param folder where the files go that load them
 * @returns the files to run, as absolute paths
 */
export const inFewProcesses = (
  root: string,
  files: readonly string[],
  inMemory: readonly string[],
  folder: string,
): readonly string[] => {
  const canShare = (file: string) => inMemory.includes(file) && !hasHooks(readFileSync(join(root, file), 'utf8'))
  const together = new Set(files.filter(canShare))
  const loaders = dealt([...together]).map((group, index) => {
    const loader = join(folder, `in-memory-${index + 1}.test.mjs`)
    const loads = [join(root, 'libs/testing/stand-back.ts'), ...group.map((file) => join(root, file))]
    writeFileSync(loader, loads.map((path) => `import ${JSON.stringify(pathToFileURL(path).href)}\n`).join(''))
    return loader
  })
  const alone = files.filter((file) => !together.has(file)).map((file) => join(root, file))
  return spread(loaders, alone)
}
