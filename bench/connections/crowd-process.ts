import { createInterface } from 'node:readline'
import { type LoadSocket, openLoadSocket } from '../load/websocket.ts'

/** What a process of listeners is to do, as JSON in its only argument. */
export type CrowdOrder = {
  /** Ports of edges, in turn. */
  readonly ports: readonly number[]
  readonly channels: readonly string[]
  readonly connections: number
  /** Its number among the processes, for addresses of its own. */
  readonly index: number
}

/** What it tells at its end. */
export type CrowdReport = {
  /** Connections that are still open, and joined. */
  readonly open: number
  readonly failed: number
  /** From the moment at which a post was due until it was here, in ms. */
  readonly latencies: readonly number[]
}

const CONNECTING_AT_ONCE = 40
const CONNECTIONS_AN_ADDRESS = 100
const ADDRESSES_A_NETWORK = 250

/** A post's text begins with the time at which it was due, in ms since 1970, and a colon. */
const DUE = /"text":"(\d+\.?\d*):/

const order = JSON.parse(process.argv[2] ?? '') as CrowdOrder
const latencies: number[] = []
const joined = new Set<LoadSocket>()
let failed = 0
let counting = false

const now = (): number => performance.timeOrigin + performance.now()

/** All loopback addresses are this machine: each process has networks of its own. */
const addressOf = (connection: number): string => {
  const address = Math.floor(connection / CONNECTIONS_AN_ADDRESS)
  return `127.${10 + order.index}.${1 + Math.floor(address / ADDRESSES_A_NETWORK)}.${1 + (address % ADDRESSES_A_NETWORK)}`
}

const open = async (connection: number): Promise<void> => {
  const join = Promise.withResolvers<void>()
  const onText = (payload: Buffer): void => {
    const text = payload.toString('latin1', 0, 400)
    if (text.startsWith('{"type":"joined"')) join.resolve()
    else if (text.startsWith('{"type":"error"')) join.reject(new Error(text))
    const due = counting ? DUE.exec(text) : null
    if (due) latencies.push(now() - Number(due[1]))
  }
  const socket = await openLoadSocket({
    port: order.ports[connection % order.ports.length] ?? 0,
    path: '/v1/live',
    localAddress: addressOf(connection),
    onText,
    onClose: () => {
      joined.delete(socket)
      join.reject(new Error('closed'))
    },
  })
  const channel = order.channels[Math.floor(connection / order.ports.length) % order.channels.length]
  socket.send(JSON.stringify({ type: 'join', channel }))
  await join.promise
  joined.add(socket)
}

const openAll = async (): Promise<void> => {
  let next = 0
  const worker = async (): Promise<void> => {
    while (next < order.connections) {
      const connection = next++
      await open(connection).catch(() => {
        failed++
      })
    }
  }
  await Promise.all(Array.from({ length: CONNECTING_AT_ONCE }, worker))
}

const commands: Readonly<Record<string, () => void>> = {
  count: () => {
    counting = true
  },
  report: () => {
    const report: CrowdReport = { open: joined.size, failed, latencies }
    process.stdout.write(`${JSON.stringify(report)}\n`)
  },
}

await openAll()
process.stdout.write('open\n')
createInterface({ input: process.stdin }).on('line', (line) => commands[line]?.())
