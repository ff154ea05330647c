import { createHash } from 'node:crypto'
import { accessSync, constants, mkdirSync } from 'node:fs'
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { freePort } from '#infra/embedded/engine.ts'
import { type EmbeddedKafka, startKafka } from '#infra/embedded/kafka.ts'
import { type FolderLock, isLocked, lockFolder } from '#infra/embedded/lock.ts'
import { rememberedProcess, stopOrphan } from '#infra/embedded/orphan.ts'
import { type EmbeddedPostgres, startPostgres } from '#infra/embedded/postgres.ts'
import { isAlive } from '#infra/embedded/process.ts'

/** Where the real engines are that all test files of one run share; each file keeps to topics and databases of its own. */
export type TestEngines = { readonly brokers: readonly string[]; readonly databaseUrl: string }

const LOCK_WAIT_MS = 90_000

/** The environment variable by which the test runner hands its folder to the test files; it sweeps it afterwards. */
export const TEST_FOLDER = 'WHIPLY_TEST_FOLDER'

/**
 * Where tests put what they throw away: the run's own folder, else memory where there is some to be had as a folder,
 * else the system's folder for temporary files.
 */
export const temporaryFolder = (): string => {
  const given = process.env[TEST_FOLDER]
  if (given) return given
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

/** Where engines lie that outlive the test that started them: with the run's own, or with those that single files share. */
export const enginesFolder = (): string => process.env[TEST_FOLDER] || sharedFolder()

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

const enginesOf = (folder: string): readonly string[] => [join(folder, 'kafka'), join(folder, 'postgres')]

const foldersIn = async (folder: string): Promise<readonly string[]> =>
  (await readdir(folder, { withFileTypes: true }))
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join(folder, name))

/** Ends every engine whose data lies below this folder: the run's own, and those of tests that were cut short. */
export const stopEnginesIn = async (folder: string): Promise<void> => stopAll(await foldersIn(folder))

const lock = (folder: string): FolderLock => {
  const held = lockFolder(folder, LOCK_WAIT_MS)
  if (isLocked(held)) return held
  throw new Error(`the test engines in ${folder} are being started by process ${held.heldBy} for too long`)
}

const remembered = async (stateFile: string): Promise<TestEngines | undefined> => {
  const text = await readFile(stateFile, 'utf8').catch(() => undefined)
  return text === undefined ? undefined : JSON.parse(text)
}

/** Ends what still runs on these folders: nothing of a test engine is worth an orderly end. */
const stopAll = async (dataDirs: readonly string[]): Promise<void> => {
  await Promise.all(dataDirs.map((dataDir) => stopOrphan(dataDir, 500)))
}

const RUN = 'whiply-run-'

/** A folder for one run of the test runner; those of runs that were killed are swept away first, with their engines. */
export const runFolder = async (): Promise<string> => {
  const parent = temporaryFolder()
  for (const folder of await foldersIn(parent)) {
    const pid = Number(new RegExp(`^${RUN}(\\d+)-`).exec(basename(folder))?.[1])
    if (!pid || isAlive(pid)) continue
    await stopEnginesIn(folder)
    await rm(folder, { recursive: true, force: true })
  }
  const folder = await mkdtemp(join(parent, `${RUN}${process.pid}-`))
  // Postgres runs as another user when the tests run as root, and has to pass.
  await chmod(folder, 0o711)
  return folder
}

/**
 * The engines that single-file runs of tests share: those left running by an earlier run, else a fresh pair. They stay
 * until the machine goes down.
 */
export const sharedEngines = async (): Promise<TestEngines> => {
  const folder = sharedFolder()
  mkdirSync(folder, { recursive: true, mode: 0o711 })
  const held = lock(folder)
  try {
    const stateFile = join(folder, 'engines.json')
    const state = await remembered(stateFile)
    if (state && enginesOf(folder).every((dataDir) => rememberedProcess(dataDir) !== undefined)) return state
    await stopAll(enginesOf(folder))
    await Promise.all(
      ['kafka', 'postgres', 'engines.json'].map((entry) => rm(join(folder, entry), { recursive: true, force: true })),
    )
    const { kafka, postgres } = await startTestEngines(folder)
    const started: TestEngines = { brokers: kafka.brokers, databaseUrl: postgres.databaseUrl }
    await writeFile(stateFile, JSON.stringify(started), { mode: 0o600 })
    return started
  } finally {
    held.release()
  }
}
