import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { startKafka } from '#infra/embedded/kafka.ts'
import { freePorts } from '../whiply.ts'
import { openCrowd } from './crowd.ts'
import { type PhaseOptions, type PhaseResult, runPhase } from './phase.ts'

export type FloorPlan = Omit<PhaseOptions, 'deliveriesPerSecond' | 'onMeasure'> & {
  readonly rates: readonly [low: number, high: number]
}

export type Floor = { readonly low: PhaseResult; readonly high: PhaseResult }

/** Posts of this many of a channel's clients, as in whiply's own phases. */
export const talkersPerChannel = 20

const startNode = async (file: string, ...args: string[]): Promise<{ process: ChildProcess; told: string }> => {
  const process = spawn(globalThis.process.execPath, [join(import.meta.dirname, file), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = once(process, 'exit').then(([code]) => {
    throw new Error(`${file} ended with ${code}`)
  })
  const [told] = (await Promise.race([once(createInterface({ input: process.stdout }), 'line'), exited])) as [string]
  exited.catch(() => {})
  return { process, told }
}

const measure = async (port: number, { rates: [low, high], ...plan }: FloorPlan): Promise<Floor> => {
  const tokens = Array.from({ length: talkersPerChannel }, () => 'anyone')
  const channels = Array.from({ length: plan.channels }, (_, index) => ({ id: String(index), tokens }))
  const crowd = await openCrowd({ port, path: '/', channels, audience: plan.audience })
  try {
    return {
      low: await runPhase(crowd, { ...plan, deliveriesPerSecond: low }),
      high: await runPhase(crowd, { ...plan, deliveriesPerSecond: high }),
    }
  } finally {
    crowd.close()
  }
}

/** A bare fan-out server under the same load: what any server on this machine would need. */
export const runFloor = async (plan: FloorPlan): Promise<Floor> => {
  const server = await startNode('floor.ts')
  try {
    return await measure(Number(server.told), plan)
  } finally {
    server.process.kill()
  }
}

/** The bare way of a command on a broker of its own: what the log alone costs on this machine, before any rule. */
export const runBarePath = async (plan: FloorPlan): Promise<Floor> => {
  await using stack = new AsyncDisposableStack()
  const dataDir = await mkdtemp(join(tmpdir(), 'whiply-bare-'))
  stack.defer(() => rm(dataDir, { recursive: true, force: true }))
  const kafka = await startKafka({ dataDir, port: await freePorts(1) })
  stack.defer(() => kafka.stop())
  const [broker = ''] = kafka.brokers
  const decider = await startNode('bare-path.ts', 'decider', broker)
  stack.defer(() => void decider.process.kill())
  const edge = await startNode('bare-path.ts', 'edge', broker)
  stack.defer(() => void edge.process.kill())
  return await measure(Number(edge.told), plan)
}
