import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '#infra/embedded/engine.ts'
import type { Bench, BenchOptions, BenchResult } from './bench.ts'

const STARTS_AGAIN = 3
const PORTS = [
  'HTTP_PORT',
  'REALTIME_PORT',
  'KAFKA_PORT',
  'INTEGRATORS_PORT',
  'POSTGRES_PORT',
  'SCHEMA_REGISTRY_PORT',
  'METRICS_PORT',
]
const bootstrap = join(import.meta.dirname, '../bin/bootstrap')

const answers = async (url: string): Promise<boolean> => {
  const answer = await fetch(url).catch(() => undefined)
  await answer?.body?.cancel()
  return answer?.ok ?? false
}

/** Runs what `npm start` runs until the page answers, and ends it. @returns how long the page took, in ms */
const startOnce = async (environment: NodeJS.ProcessEnv): Promise<number> => {
  const started = performance.now()
  const child = spawn(process.execPath, [bootstrap, 'start'], { env: environment, stdio: 'ignore' })
  const ended = once(child, 'exit')
  while (!(await answers(`http://127.0.0.1:${environment.HTTP_PORT}/v1/config`))) {
    if (child.exitCode !== null) throw new Error(`whiply ended with ${child.exitCode}`)
    await sleep(20)
  }
  const tookMs = Math.round(performance.now() - started)
  child.kill('SIGTERM')
  await ended
  return tookMs
}

const run = async ({ say }: BenchOptions): Promise<BenchResult> => {
  const data = await mkdtemp(join(tmpdir(), 'whiply-bench-'))
  await using stack = new AsyncDisposableStack()
  stack.defer(() => rm(data, { recursive: true, force: true }))
  const environment: NodeJS.ProcessEnv = { ...process.env, WHIPLY_DATA: data, IRC_PORT: '0', RTMP_PORT: '0' }
  for (const name of PORTS) environment[name] = String(await freePort())
  const firstStartMs = await startOnce(environment)
  say(`the first start took ${firstStartMs} ms`)
  let againMs = 0
  for (let count = 0; count < STARTS_AGAIN; count++) againMs = Math.max(againMs, await startOnce(environment))
  say(`the slowest of ${STARTS_AGAIN} starts on the same data took ${againMs} ms`)
  return { figures: { firstStartMs, secondStartMs: againMs }, failed: false }
}

export const startBench: Bench = {
  name: 'start',
  summary: 'How soon the page answers after npm start, on an empty data folder and on one that was used before',
  run,
}
