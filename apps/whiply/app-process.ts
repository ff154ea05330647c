import { fork } from 'node:child_process'
import { type Engine, EngineError, type EngineExit } from '#infra/embedded/engine.ts'
import { asEnvironment, type Config } from '#libs/config/config.ts'
import type { AppName } from '#libs/config/setting.ts'
import { compileCacheEnvironment } from './compile-cache.ts'
import { memoryOf } from './process-memory.ts'

/** What an app's process tells its launcher about its start. */
export type AppMessage = { readonly type: 'started' } | { readonly type: 'failed'; readonly message: string }

const STOP_GRACE_MS = 10_000

/**
 * Runs one app in a process of its own: `<script> <app>`, its settings in the environment, its output to `output`.
 * Resolves once the app has started. The process ends by itself when its launcher is gone.
 */
export const startAppProcess = async (options: {
  readonly script: string
  readonly app: AppName
  readonly config: Config
  readonly output: number | 'inherit'
}): Promise<Engine> => {
  const { app, output } = options
  const memory = memoryOf(app)
  const child = fork(options.script, [app], {
    // A group of its own: a Ctrl-C in the terminal reaches the launcher alone, which stops the apps in order.
    detached: true,
    stdio: ['ignore', output, output, 'ipc'],
    execArgv: [...process.execArgv, ...memory.nodeArguments],
    env: {
      ...memory.environment,
      ...process.env,
      ...compileCacheEnvironment(options.config),
      ...asEnvironment(options.config),
    },
  })
  const exited = new Promise<EngineExit>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }))
    child.once('error', () => resolve({ code: -1, signal: null }))
  })
  const said = new Promise<AppMessage>((resolve) => child.once('message', (message) => resolve(message as AppMessage)))
  const stop = async () => {
    child.kill('SIGTERM')
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_GRACE_MS)
    await exited
    clearTimeout(timer)
  }
  const first = await Promise.race([said, exited])
  if ('type' in first && first.type === 'started') return { name: app, pid: child.pid ?? 0, exited, stop }
  await exited
  const why = 'type' in first && first.type === 'failed' ? first.message : 'it ended before it had started'
  throw new EngineError('engine.exited', `${app} did not start: ${why}`)
}

/** Tells the launcher, where there is one. */
export const tellLauncher = (message: AppMessage): void => {
  if (process.connected) process.send?.(message)
}

/** How long an app that has lost its launcher may take to end in order: the next launcher waits for its ports. */
const ORPHAN_GRACE_MS = 1_500

/**
 * Ends this process when its launcher is gone. In order, so that it leaves its consumer groups, which would wait for it
 * otherwise; but soon, by force after 1.5 s, since nothing is lost by that.
 * @param end wishes for the orderly end
 */
export const endWithLauncher = (end: () => void): void => {
  process.once('disconnect', () => {
    setTimeout(() => process.exit(1), ORPHAN_GRACE_MS)
    end()
  })
}
