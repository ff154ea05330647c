import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { freePort } from '#infra/embedded/engine.ts'

/** An app in a process of its own, on engines that run already. */
export type AppProcess = { readonly pid: number; readonly stop: () => Promise<void> }

/** Starts it, and waits until it says that it is ready: a relay has taken all partitions over, an edge has caught up. */
export const startAppProcess = async (
  app: 'relay' | 'http-edge',
  settings: Readonly<Record<string, string>>,
): Promise<AppProcess> => {
  const metricsPort = await freePort()
  const main = join(import.meta.dirname, '../../apps/whiply/main.ts')
  const child = spawn(process.execPath, [main, app], {
    env: { ...process.env, ...settings, METRICS_PORT: String(metricsPort), LOG_LEVEL: 'warn' },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const isReady = async (): Promise<boolean> => {
    const answer = await fetch(`http://127.0.0.1:${metricsPort}/readyz`).catch(() => undefined)
    return answer?.ok ?? false
  }
  while (!(await isReady())) {
    if (child.exitCode !== null) throw new Error(`the ${app} ended with ${child.exitCode}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  return {
    pid: child.pid ?? 0,
    stop: async () => {
      child.kill('SIGTERM')
      await exited
    },
  }
}
