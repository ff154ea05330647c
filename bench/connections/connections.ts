import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface, type Interface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '#infra/embedded/engine.ts'
import { uuidv7 } from '#libs/journal/ids.ts'
import type { Bench, BenchOptions, BenchResult } from '../bench.ts'
import { atRate } from '../load/rate.ts'
import { openLoadSocket } from '../load/websocket.ts'
import { openOwnChannel, type Person, registerPeople } from '../people.ts'
import { residentKib } from '../processes.ts'
import { percentile } from '../streams/relay.ts'
import { type RunningWhiply, startWhiply } from '../whiply.ts'
import type { CrowdOrder, CrowdReport } from './crowd-process.ts'

const CONNECTIONS = 150_000
/** A process may open 20,000 files: so many connections leave room for the rest. */
const CONNECTIONS_A_PROCESS = 17_000
const LISTENERS_A_CHANNEL = 1_000
const DELIVERIES_PER_SECOND = 10_000
const TEXT_BYTES = 200
const SECONDS = 30

/** A child that tells something a line at a time. */
type Told = { readonly child: ChildProcess; readonly line: () => Promise<string> }

const told = (child: ChildProcess): Told => {
  const lines: Interface = createInterface({ input: child.stdout ?? process.stdin })
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`a process ended with ${code}`)
  })
  ended.catch(() => {})
  return {
    child,
    line: async () => {
      const [line] = (await Promise.race([once(lines, 'line'), ended])) as [string]
      return line
    },
  }
}

/** Another edge beside that which the launcher runs. */
const startEdge = async ({ data }: RunningWhiply): Promise<{ readonly port: number; readonly child: ChildProcess }> => {
  const [port, metricsPort] = [await freePort(), await freePort()]
  const main = join(import.meta.dirname, '../../apps/whiply/main.ts')
  const child = spawn(process.execPath, [main, 'realtime-edge'], {
    env: {
      ...process.env,
      WHIPLY_DATA: data,
      REALTIME_PORT: String(port),
      METRICS_PORT: String(metricsPort),
      IRC_PORT: '0',
      LOG_LEVEL: 'warn',
    },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const isReady = async (): Promise<boolean> =>
    (await fetch(`http://127.0.0.1:${metricsPort}/readyz`).catch(() => undefined))?.ok ?? false
  while (!(await isReady())) {
    if (child.exitCode !== null) throw new Error(`an edge ended with ${child.exitCode}`)
    await sleep(50)
  }
  return { port, child }
}

const startCrowd = (order: CrowdOrder): Told =>
  told(
    spawn(process.execPath, [join(import.meta.dirname, 'crowd-process.ts'), JSON.stringify(order)], {
      stdio: ['pipe', 'pipe', 'inherit'],
    }),
  )

/** Each channel's owner on a connection of its own. */
const openTalkers = (port: number, people: readonly Person[]) =>
  Promise.all(
    people.map(async ({ token, address, accountId }) => {
      const socket = await openLoadSocket({
        port,
        path: '/v1/live',
        localAddress: address,
        onText: () => {},
        onClose: () => {},
      })
      socket.send(JSON.stringify({ type: 'auth', token }))
      const post = (text: string) =>
        socket.send(JSON.stringify({ type: 'post', id: uuidv7(), channel: accountId, text }))
      return { post, close: socket.close }
    }),
  )

/** Posts in the channels in turn; each text begins with the time at which it was due. */
const post = (talkers: Awaited<ReturnType<typeof openTalkers>>, perSecond: number, seconds: number) =>
  atRate(perSecond, Math.round(perSecond * seconds), (index, dueAtMs) => {
    const text = `${(performance.timeOrigin + dueAtMs).toFixed(2)}:`
    talkers[index % talkers.length]?.post(text.padEnd(TEXT_BYTES, 'x'))
  })

const run = async (options: BenchOptions): Promise<BenchResult> => {
  const { say, clients = CONNECTIONS, seconds = SECONDS } = options
  await using stack = new AsyncDisposableStack()
  const whiply = await startWhiply(say)
  stack.defer(() => whiply.stop())
  const processes = Math.ceil(clients / CONNECTIONS_A_PROCESS)
  const people = await registerPeople(whiply.httpPort, Math.max(1, Math.round(clients / LISTENERS_A_CHANNEL)))
  const channels: string[] = []
  for (const person of people) channels.push(await openOwnChannel(whiply.httpPort, person))

  const own = whiply.pidOf('realtime-edge')
  const edges = [{ port: whiply.realtimePort, pid: own ?? 0 }]
  for (let count = 1; count < processes; count++) {
    const { port, child } = await startEdge(whiply)
    stack.defer(() => void child.kill('SIGTERM'))
    edges.push({ port, pid: child.pid ?? 0 })
  }
  const ports = edges.map(({ port }) => port)
  const memoryKib = () => edges.reduce((sum, { pid }) => sum + residentKib(pid), 0)
  const emptyKib = memoryKib()
  say(`${edges.length} edges stand, with ${Math.round(emptyKib / edges.length / 1024)} MiB each`)

  const began = performance.now()
  const crowds = Array.from({ length: processes }, (_, index) =>
    startCrowd({ ports, channels, index, connections: Math.floor((clients + index) / processes) }),
  )
  for (const { child } of crowds) stack.defer(() => void child.kill('SIGKILL'))
  await Promise.all(crowds.map(({ line }) => line()))
  say(`all have connected after ${Math.round((performance.now() - began) / 1_000)} s`)
  const kibPerConnection = (memoryKib() - emptyKib) / clients

  const talkers = await openTalkers(whiply.realtimePort, people)
  const postsPerSecond = DELIVERIES_PER_SECOND / (clients / channels.length)
  await post(talkers, postsPerSecond, options.warmUpSeconds ?? 10)
  for (const { child } of crowds) child.stdin?.write('count\n')
  await post(talkers, postsPerSecond, seconds)
  await sleep(2_000)
  const reports = await Promise.all(
    crowds.map(async ({ child, line }) => {
      const answer = line()
      child.stdin?.write('report\n')
      return JSON.parse(await answer) as CrowdReport
    }),
  )
  for (const { close } of talkers) close()
  const open = reports.reduce((sum, report) => sum + report.open, 0)
  const latencies = reports.flatMap((report) => report.latencies)
  const kibUnderLoad = (memoryKib() - emptyKib) / clients
  say(
    `${Math.round(latencies.length / seconds)} deliveries/s came; under load ${kibUnderLoad.toFixed(1)} KiB a connection`,
  )
  return {
    figures: {
      connections: open,
      failed: clients - open,
      kibPerConnection: Number(kibPerConnection.toFixed(1)),
      p95Ms: Number(percentile(latencies, 0.95).toFixed(1)),
      deliveriesPerSecond: Math.round(latencies.length / seconds),
    },
    failed: open < clients || latencies.length === 0,
  }
}

export const connectionsBench: Bench = {
  name: 'connections',
  summary: 'Connections held at once over several edges, each in a channel in which something is said',
  run,
}
