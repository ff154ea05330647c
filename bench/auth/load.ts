import { connect, type Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'

/** One request as bytes, and whether an answer to it is right. */
export type Ask = {
  readonly bytes: Buffer
  readonly isRight: (status: number, answer: Buffer) => boolean
}

export type LoadOptions = {
  readonly port: number
  readonly connections: number
  readonly seconds: number
  readonly warmUpSeconds: number
  /** The next request of whichever connection asks; undefined where none is left, and the load ends. */
  readonly next: () => Ask | undefined
  /** Requests begun a second over all connections; without, each connection asks again once it is answered. */
  readonly perSecond?: number
}

export type LoadResult = {
  readonly perSecond: number
  readonly p50Ms: number
  readonly p95Ms: number
  readonly answers: number
  readonly wrong: number
  /** Status codes of wrong answers. */
  readonly wrongStatuses: readonly number[]
}

const headEnd = Buffer.from('\r\n\r\n')

const lengthOf = (head: string): number => Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0)

/** The bytes of the first answer, undefined until it is whole. Answers have a length or no body. */
const wholeAnswer = (bytes: Buffer): number | undefined => {
  const end = bytes.indexOf(headEnd)
  if (end < 0) return undefined
  const whole = end + 4 + lengthOf(bytes.toString('latin1', 0, end))
  return bytes.length < whole ? undefined : whole
}

const statusOf = (bytes: Buffer): number => Number(bytes.toString('latin1', 9, 12))

const percentile = (sorted: Float64Array, percent: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100))] ?? Number.NaN

/** Each connection has a loopback address of its own, so that a server that counts by address sees many clients. */
const open = (port: number, index: number): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const localAddress = `127.2.${Math.floor(index / 250)}.${1 + (index % 250)}`
    const socket = connect({ port, host: '127.0.0.1', localAddress, noDelay: true }, () => resolve(socket))
    socket.once('error', reject)
  })

/**
 * Asks over raw sockets, one request under way on each: no pipelining, and little CPU of its own. With a rate, latency
 * counts from the moment at which a request was due, so that a server that stalls is not spared what it held up.
 */
export const runLoad = async (options: LoadOptions): Promise<LoadResult> => {
  const { port, connections, seconds, warmUpSeconds, next, perSecond } = options
  const sockets = await Promise.all(Array.from({ length: connections }, (_, index) => open(port, index)))
  const latencies: number[] = []
  const wrongStatuses: number[] = []
  const began = performance.now()
  const measureFrom = began + warmUpSeconds * 1000
  const until = measureFrom + seconds * 1000
  let wrong = 0
  let isOver = false
  let lastAnswer = measureFrom

  const idle: (() => void)[] = []
  const due: number[] = []

  const lanes = sockets.map((socket) => {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    let ask: Ask | undefined
    let dueAt = 0
    let begun: Buffer | undefined
    const start = (at: number): void => {
      ask = isOver ? undefined : next()
      if (!ask) {
        resolve()
        return
      }
      dueAt = at
      socket.write(ask.bytes)
    }
    const goOn = (at: number): void => {
      if (perSecond === undefined) start(at)
      else if (isOver) resolve()
      else {
        const waiting = due.shift()
        if (waiting === undefined) idle.push(() => start(due.shift() ?? performance.now()))
        else start(waiting)
      }
    }
    socket.on('data', (chunk: Buffer) => {
      const bytes = begun ? Buffer.concat([begun, chunk]) : chunk
      const whole = wholeAnswer(bytes)
      if (whole === undefined) {
        begun = bytes
        return
      }
      begun = undefined
      const at = performance.now()
      const status = statusOf(bytes)
      if (bytes.length > whole || !ask?.isRight(status, bytes)) {
        wrong++
        wrongStatuses.push(status)
      }
      if (at >= measureFrom && !isOver) {
        latencies.push(at - dueAt)
        lastAnswer = at
      }
      if (at >= until) isOver = true
      goOn(at)
    })
    socket.once('error', reject)
    socket.once('close', () => reject(new Error('the server closed a connection under load')))
    return { goOn, ended: promise }
  })

  for (const { goOn } of lanes) goOn(performance.now())
  if (perSecond !== undefined) {
    let begunSoFar = 0
    while (performance.now() < until) {
      await wait(1)
      const now = performance.now()
      const owed = Math.floor(((now - began) / 1000) * perSecond) - begunSoFar
      for (let count = 0; count < owed; count++) {
        due.push(began + ((begunSoFar + count) / perSecond) * 1000)
        idle.shift()?.()
      }
      begunSoFar += owed
    }
    isOver = true
    for (const go of idle.splice(0)) go()
  }
  await Promise.all(lanes.map(({ ended }) => ended))
  for (const socket of sockets) socket.removeAllListeners('close').destroy()
  const sorted = Float64Array.from(latencies).sort()
  return {
    perSecond: latencies.length / ((lastAnswer - measureFrom) / 1000),
    p50Ms: percentile(sorted, 50),
    p95Ms: percentile(sorted, 95),
    answers: latencies.length,
    wrong,
    wrongStatuses: [...new Set(wrongStatuses)],
  }
}
