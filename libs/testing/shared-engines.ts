import { createHash } from 'node:crypto'
import { accessSync, constants, mkdirSync } from 'node:fs'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '#infra/embedded/engine.ts'
import { type EmbeddedKafka, startKafka } from '#infra/embedded/kafka.ts'
import { type FolderLock, isLocked, lockFolder } from '#infra/embedded/lock.ts'
import { type EmbeddedPostgres, startPostgres } from '#infra/embedded/postgres.ts'
import { commandLineOf, stopProcess } from '#infra/embedded/process.ts'

/** A pair of engines for tests, which outlives the process that started it. */
export type SharedEngines = {
  readonly brokers: readonly string[]
  readonly databaseUrl: string
  readonly kafkaPid: number
  readonly postgresPid: number
}

const LOCK_WAIT_MS = 90_000

/** Memory where there is some to be had as a folder, else the system's folder for temporary files. */
export const temporaryFolder = (): string => {
  try {
    accessSync('/dev/shm', constants.W_OK)
    return '/dev/shm'
  } catch {
    return tmpdir()
  }
}

/** One folder for each checkout, so that two of them do not share engines of different releases. */
const sharedFolder = (): string => {
  const checkout = createHash('sha256')
    .update(import.meta.dirname)
    .digest('hex')
    .slice(0, 8)
  return join(temporaryFolder(), `whiply-test-${checkout}`)
}

/** Starts a fresh pair on free ports, sized and tuned for tests. */
export const startTestEngines = async (
  folder: string,
): Promise<{ readonly kafka: EmbeddedKafka; readonly postgres: EmbeddedPostgres }> => {
  const [kafkaPort, postgresPort] = [await freePort(), await freePort()]
  const [kafka, postgres] = await Promise.allSettled([
    startKafka({ dataDir: join(folder, 'kafka'), port: kafkaPort, quickStart: true }),
    startPostgres({ dataDir: join(folder, 'postgres'), port: postgresPort, database: 'whiply_test', unsafe: true }),
  ])
  if (kafka.status === 'fulfilled' && postgres.status === 'fulfilled')
    return { kafka: kafka.value, postgres: postgres.value }
  const failures: unknown[] = []
  for (const started of [kafka, postgres])
    if (started.status === 'fulfilled') await started.value.stop()
    else failures.push(started.reason)
  throw failures[0]
}

const running = (folder: string, pid: number): boolean => commandLineOf(pid)?.includes(folder) ?? false

const lock = (folder: string): FolderLock => {
  const held = lockFolder(folder, LOCK_WAIT_MS)
  if (isLocked(held)) return held
  throw new Error(`the test engines in ${folder} are being started by process ${held.heldBy} for too long`)
}

const remembered = async (stateFile: string): Promise<SharedEngines | undefined> => {
  const text = await readFile(stateFile, 'utf8').catch(() => undefined)
  return text === undefined ? undefined : JSON.parse(text)
}

const stopRemembered = async (folder: string, state: SharedEngines): Promise<void> => {
  if (running(folder, state.kafkaPid)) await stopProcess(state.kafkaPid, 'SIGKILL', 0)
  if (running(folder, state.postgresPid)) await stopProcess(state.postgresPid, 'SIGINT', 5000)
}

/**
 * The engines that single-file runs of tests share: those left running by an earlier run, else a fresh pair. They stay
 * until `stopSharedEngines`, or until the machine goes down.
 */
export const sharedEngines = async (): Promise<SharedEngines> => {
  const folder = sharedFolder()
  mkdirSync(folder, { recursive: true, mode: 0o711 })
  const held = lock(folder)
  try {
    const stateFile = join(folder, 'engines.json')
    const state = await remembered(stateFile)
    if (state && running(folder, state.kafkaPid) && running(folder, state.postgresPid)) return state
    if (state) await stopRemembered(folder, state)
    await Promise.all(
      ['kafka', 'postgres', 'engines.json'].map((entry) => rm(join(folder, entry), { recursive: true, force: true })),
    )
    const { kafka, postgres } = await startTestEngines(folder)
    const started: SharedEngines = {
      brokers: kafka.brokers,
      databaseUrl: postgres.databaseUrl,
      kafkaPid: kafka.pid,
      postgresPid: postgres.pid,
    }
    await writeFile(stateFile, JSON.stringify(started), { mode: 0o600 })
    return started
  } finally {
    held.release()
  }
}

/** Stops the shared pair, if one is running, and removes its data. */
export const stopSharedEngines = async (): Promise<void> => {
  const folder = sharedFolder()
  const state = await remembered(join(folder, 'engines.json'))
  if (state) await stopRemembered(folder, state)
  await rm(folder, { recursive: true, force: true })
}
