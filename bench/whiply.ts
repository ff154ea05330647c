import { type ChildProcess, spawn } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as wait } from 'node:timers/promises'
import { portIsFree } from '#infra/embedded/engine.ts'
import { allProcesses, commandLine, processTree } from './processes.ts'

/** The apps in the order in which the launcher numbers their metrics ports. */
const apps = ['decider', 'projector', 'http-edge', 'realtime-edge', 'schema-registry', 'relay'] as const

/** A process of whiply as an operator sees it. */
export const roles = ['launcher', 'kafka', 'postgres', ...apps, 'ingest'] as const
export type Role = (typeof roles)[number]

export type RunningWhiply = {
  readonly httpPort: number
  readonly realtimePort: number
  readonly kafkaPort: number
  /** Of the ingest app, where there is live video. */
  readonly rtmpPort: number
  readonly mediaPort: number
  readonly data: string
  /** Metrics ports by app. */
  readonly metricsPorts: ReadonlyMap<Role, number>
  /** All processes, engines among them. */
  readonly pids: () => readonly number[]
  readonly pidOf: (role: Role) => number | undefined
  /** The process and those that it forked for its own work. */
  readonly pidsOf: (role: Role) => readonly number[]
  /** Starts the launcher again, on the same data, after it was killed. */
  readonly relaunch: () => Promise<void>
  /** Stops it, and removes its data; `keep` leaves them, with the log, for whoever wants to know what went wrong. */
  readonly stop: (options?: { readonly keep: boolean }) => Promise<void>
}

/** By the names of environment variables. */
export type Settings = Readonly<Record<string, string>>

const readyWithinMs = 120_000

/** As many free ports in a row, below those that the system gives to clients. @returns the first */
export const freePorts = async (count: number): Promise<number> => {
  for (let first = 20_000 + Math.floor(Math.random() * 12_000); ; first += count) {
    const free = await Promise.all(Array.from({ length: count }, (_, index) => portIsFree(first + index)))
    if (free.every(Boolean)) return first
  }
}

/** Which app or engine a process is, by its command line. */
const roleOf = (command: string): Role | undefined => {
  if (command.includes('kafka.Kafka')) return 'kafka'
  // The postmaster names its folder; those that it forks name what they do.
  if (/postgres\S* .*-D/.test(command)) return 'postgres'
  return ([...apps, 'ingest'] as const).find((app) => command.includes(`main.ts ${app}`))
}

/** Starts whiply as `npm start -- --processes` does, with data and ports of its own, and waits until it is ready. */
export const startWhiply = async (
  say: (line: string) => void,
  { video = false, settings = {} }: { readonly video?: boolean; readonly settings?: Settings } = {},
): Promise<RunningWhiply> => {
  const data = await mkdtemp(join(tmpdir(), 'whiply-bench-'))
  const first = await freePorts(15)
  const [rtmpPort, mediaPort] = [first + 13, first + 14]
  const [httpPort, realtimePort, kafkaPort, postgresPort, registryPort, metricsPort] = [0, 1, 2, 3, 4, 5].map(
    (index) => first + index,
  ) as [number, number, number, number, number, number]
  const environment = {
    ...process.env,
    WHIPLY_DATA: data,
    HTTP_PORT: String(httpPort),
    REALTIME_PORT: String(realtimePort),
    IRC_PORT: '0',
    RTMP_PORT: video ? String(rtmpPort) : '0',
    RTMP_HOST: '127.0.0.1',
    MEDIA_PORT: String(mediaPort),
    KAFKA_PORT: String(kafkaPort),
    INTEGRATORS_PORT: String(first + 12),
    POSTGRES_PORT: String(postgresPort),
    SCHEMA_REGISTRY_PORT: String(registryPort),
    METRICS_PORT: String(metricsPort),
    LOG_LEVEL: 'info',
    ...settings,
  }
  const logFile = createWriteStream(join(data, 'bench.log'), { flags: 'a' })
  let launcher: ChildProcess

  const launch = async () => {
    launcher = spawn(process.execPath, [join(import.meta.dirname, '../apps/whiply/main.ts'), 'start', '--processes'], {
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const told: string[] = []
    const ready = Promise.withResolvers<void>()
    for (const stream of [launcher.stdout, launcher.stderr]) {
      if (!stream) continue
      createInterface({ input: stream }).on('line', (line) => {
        logFile.write(`${line}\n`)
        told.push(line)
        if (told.length > 50) told.shift()
        if (line.includes('whiply is running')) ready.resolve()
        else if (/"level":(50|60)/.test(line)) say(line.slice(0, 400))
      })
    }
    launcher.once('exit', (code) => ready.reject(new Error(`whiply ended with ${code}:\n${told.join('\n')}`)))
    const timeout = setTimeout(() => ready.reject(new Error(`whiply is not ready:\n${told.join('\n')}`)), readyWithinMs)
    await ready.promise.finally(() => clearTimeout(timeout))
  }

  const stop: RunningWhiply['stop'] = async ({ keep } = { keep: false }) => {
    launcher.kill('SIGTERM')
    const deadline = Date.now() + 30_000
    while (launcher.exitCode === null && launcher.signalCode === null && Date.now() < deadline) await wait(50)
    launcher.kill('SIGKILL')
    logFile.end()
    if (keep) say(`data and log are kept in ${data}`)
    else await rm(data, { recursive: true, force: true })
  }

  try {
    await launch()
  } catch (error) {
    // The launcher goes on trying.
    await stop()
    throw error
  }
  /** Engines name their data folder; a launcher that was killed leaves them behind for the next one to adopt. */
  const engines = () => allProcesses().filter((pid) => commandLine(pid).includes(data))
  const pids = () => [
    ...new Set([launcher.pid, ...engines()].flatMap((pid) => (pid === undefined ? [] : processTree(pid)))),
  ]
  const pidOf = (role: Role) =>
    role === 'launcher' ? launcher.pid : pids().find((pid) => roleOf(commandLine(pid)) === role)
  return {
    httpPort,
    realtimePort,
    kafkaPort,
    rtmpPort,
    mediaPort,
    data,
    metricsPorts: new Map(apps.map((app, index) => [app, metricsPort + index])),
    pids,
    pidOf,
    pidsOf: (role) => {
      const pid = pidOf(role)
      if (pid === undefined) return []
      return role === 'launcher' ? [pid] : processTree(pid)
    },
    relaunch: launch,
    stop,
  }
}
