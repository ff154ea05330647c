import { type SpawnOptions, spawn } from 'node:child_process'
import { createHash, randomInt } from 'node:crypto'
import { closeSync, openSync, renameSync, statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { forgetProcess, rememberProcess } from './orphan.ts'

/** How an engine's process ended: by itself with a code, or by a signal; neither where it was not seen. */
export type EngineExit = { readonly code: number | null; readonly signal: NodeJS.Signals | null }

/** One running engine: a process of its own that this process started or took over, and may stop. */
export type Engine = {
  readonly name: string
  readonly pid: number
  /** Settles, never rejects, when the process has ended for whatever reason. */
  readonly exited: Promise<EngineExit>
  /** Asks the engine to end in order, and ends it by force when it has not within its grace. Idempotent. */
  readonly stop: () => Promise<void>
}

export type EngineErrorCode = 'engine.missing' | 'engine.port_in_use' | 'engine.exited' | 'engine.start_timeout'

/** An engine that did not start; the message says what a person can do about it. */
export class EngineError extends Error {
  override readonly name = 'EngineError'
  readonly code: EngineErrorCode

  constructor(code: EngineErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

export type EngineProcess = {
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
  /** Stand before `args`: they have it start quicker, and make no other engine of it. */
  readonly startArgs?: readonly string[]
  /** What else makes it this engine and no other, beside its command: versions of programs, settings kept in files. */
  readonly identity: readonly string[]
  /** Stands in the command line, and remembers the process while it runs. */
  readonly dataDir: string
  /** Takes what the process writes; kept between starts, the former one as `<logFile>.old` beyond 10 MB. */
  readonly logFile: string
  readonly uid?: number
  readonly gid?: number
  readonly stopSignal: NodeJS.Signals
  readonly stopGraceMs: number
}

const LOG_LIMIT_BYTES = 10_000_000

/** The same for two engines exactly when one may run in place of the other. */
export const fingerprintOf = ({ command, args, identity, uid, gid }: EngineProcess): string =>
  createHash('sha256')
    .update(JSON.stringify([command, args, identity, uid, gid]))
    .digest('hex')

/**
 * Starts an engine in a process group of its own, its output in a file: so a Ctrl-C in the terminal reaches only the
 * launcher, which then stops everything in order, and an engine survives its launcher without breaking on a lost pipe.
 */
export const spawnEngine = (engine: EngineProcess): Engine => {
  if ((statSync(engine.logFile, { throwIfNoEntry: false })?.size ?? 0) > LOG_LIMIT_BYTES)
    renameSync(engine.logFile, `${engine.logFile}.old`)
  const log = openSync(engine.logFile, 'a', 0o600)
  const options: SpawnOptions = { detached: true, stdio: ['ignore', log, log], windowsHide: true }
  if (engine.uid !== undefined) Object.assign(options, { uid: engine.uid, gid: engine.gid })
  const child = spawn(engine.command, [...(engine.startArgs ?? []), ...engine.args], options)
  closeSync(log)
  const exited = new Promise<EngineExit>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }))
    child.once('error', () => resolve({ code: -1, signal: null }))
  })
  // Whoever holds an engine also holds something that keeps the process alive; tests leave shared engines running.
  child.unref()
  const { pid } = child
  if (pid === undefined) throw new EngineError('engine.missing', `${engine.name}: cannot run ${engine.command}`)
  rememberProcess(engine.dataDir, pid, fingerprintOf(engine))
  exited.then(() => forgetProcess(engine.dataDir))
  let stopping: Promise<void> | undefined
  const stop = async () => {
    child.ref()
    child.kill(engine.stopSignal)
    const timer = setTimeout(() => child.kill('SIGKILL'), engine.stopGraceMs)
    await exited
    clearTimeout(timer)
  }
  return {
    name: engine.name,
    pid,
    exited,
    stop: () => {
      stopping ??= child.exitCode === null && child.signalCode === null ? stop() : exited.then(() => {})
      return stopping
    },
  }
}

/**
 * Waits until `probe` no longer throws.
 * @throws EngineError `engine.exited` or `engine.start_timeout`, with the end of the engine's log; the engine is stopped.
 */
export const untilReady = async (
  engine: Engine,
  options: { readonly logFile: string; readonly timeoutMs: number; readonly probe: () => Promise<void> },
): Promise<void> => {
  const deadline = Date.now() + options.timeoutMs
  let exit: EngineExit | undefined
  engine.exited.then((value) => {
    exit = value
  })
  for (;;) {
    const failure = await options.probe().then(
      () => undefined,
      (error: unknown) => ({ error }),
    )
    if (failure === undefined && exit === undefined) return
    const late = Date.now() > deadline
    if (exit !== undefined || late) {
      await engine.stop()
      const how = exit === undefined ? `was not ready in ${options.timeoutMs / 1000} s` : `ended: ${describeExit(exit)}`
      const tail = await logTail(options.logFile)
      throw new EngineError(
        exit === undefined ? 'engine.start_timeout' : 'engine.exited',
        `${engine.name} ${how}. The end of ${options.logFile}:\n${tail}`,
        { cause: failure?.error },
      )
    }
    await sleep(25)
  }
}

export const describeExit = ({ code, signal }: EngineExit): string => {
  if (signal !== null) return `signal ${signal}`
  return code === null ? 'nobody saw how' : `exit code ${code}`
}

const logTail = async (file: string): Promise<string> => {
  const text = await readFile(file, 'utf8').catch(() => '')
  return text.trimEnd().split('\n').slice(-15).join('\n') || '(empty)'
}

/** Whether anything could listen on this port now: of one address, or without a host of all. */
export const portIsFree = (port: number, host: string | undefined = '127.0.0.1'): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen({ port, ...(host ? { host } : {}), exclusive: true }, () => server.close(() => resolve(true)))
  })

const FIRST_DRAWN = 10_000
const FIRST_EPHEMERAL = 32_768

/**
 * A port that was free a moment ago; whoever uses it must expect to lose a race for it. It lies below those that
 * Linux gives to outgoing connections (ip_local_port_range), one of which could take it while its engine starts again.
 */
export const freePort = async (): Promise<number> => {
  for (;;) {
    const port = randomInt(FIRST_DRAWN, FIRST_EPHEMERAL)
    if (await portIsFree(port)) return port
  }
}

/** A free port that is none of these: they will be listened on later. */
export const freePortBeside = async (
  taken: readonly number[],
  ask: () => Promise<number> = freePort,
): Promise<number> => {
  for (;;) {
    const port = await ask()
    if (!taken.includes(port)) return port
  }
}

/**
 * @param setting the setting by which another port is chosen, which the error names
 * @param host the address on which it will be listened, empty for all of them
 * @param above how far above the setting's own port it is
 * @throws EngineError `engine.port_in_use`
 */
export const assertPortFree = async (port: number, setting: string, host = '127.0.0.1', above = 0): Promise<void> => {
  if (await portIsFree(port, host)) return
  const another = (port < 50_000 ? port + 10_000 : port - 10_000) - above
  throw new EngineError(
    'engine.port_in_use',
    `Port ${port} is already in use. End what listens there, or choose another port: ${setting}=${another}`,
  )
}
