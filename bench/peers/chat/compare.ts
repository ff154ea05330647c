import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '#infra/embedded/engine.ts'
import { atRate } from '../../load/rate.ts'
import { createSamples } from '../../load/samples.ts'
import { cpuSeconds } from '../../processes.ts'
import { inspircd, ngircd } from './irc.ts'
import { mosquitto } from './mosquitto.ts'
import { nats } from './nats.ts'
import { type Peer, type PeerClient, startPeer } from './peer.ts'
import { bareWs, socketIo } from './web-sockets.ts'

const peers: readonly Peer[] = [bareWs, nats, inspircd, ngircd, mosquitto, socketIo]

export type PeerLoad = {
  readonly channels: number
  readonly audience: number
  readonly textBytes: number
  /** Deliveries a second, rising. */
  readonly rates: readonly number[]
  readonly warmUpSeconds: number
  readonly seconds: number
  /** A rate holds where 95 of 100 deliveries take no longer, and none is missing. */
  readonly p95Ms: number
}

export type PeerFigures = {
  /** 0 where not even the lowest rate held. */
  readonly highestDeliveriesPerSecond: number
  /** Of the server's process, at the highest rate that held. */
  readonly cpuSecondsPerMillion: number
}

const CONNECTING_AT_ONCE = 50
const DRAIN_MS = 2_000
/** The number of a post, and as much of its padding as tells it from anything else. */
const POST = /p(\d+):xxxxxxxx/g
const LONGEST_HEAD = 24

/** Finds posts in bytes that may be cut anywhere. */
const postsIn = (onPost: (post: number) => void) => {
  let rest = ''
  return (bytes: Buffer): void => {
    const text = rest + bytes.toString('latin1')
    let end = 0
    for (const match of text.matchAll(POST)) {
      onPost(Number(match[1]))
      end = match.index + match[0].length
    }
    rest = text.slice(Math.max(end, text.length - LONGEST_HEAD))
  }
}

const openClients = async (peer: Peer, port: number, load: PeerLoad, onPost: (post: number) => void) => {
  const clients: PeerClient[] = []
  const total = load.channels * load.audience
  for (let first = 0; first < total; first += CONNECTING_AT_ONCE) {
    const batch = Array.from({ length: Math.min(CONNECTING_AT_ONCE, total - first) }, (_, offset) => first + offset)
    clients.push(
      ...(await Promise.all(
        batch.map((index) =>
          peer.connect({
            port,
            localAddress: `127.4.${1 + Math.floor(index / 200)}.${1 + (index % 200)}`,
            name: `n${index}`,
            channel: `c${index % load.channels}`,
            onBytes: postsIn(onPost),
          }),
        ),
      )),
    )
  }
  const close = () => {
    for (const client of clients) client.close()
  }
  return { talkers: clients.slice(0, load.channels), close }
}

/** One peer under a rising load, until it does not hold. */
const measure = async (peer: Peer, command: readonly string[], port: number, load: PeerLoad): Promise<PeerFigures> => {
  const running = await startPeer(command, port)
  try {
    let onPost: (post: number) => void = () => {}
    const { talkers, close } = await openClients(peer, port, load, (post) => onPost(post))
    const copies = peer.echoes ? load.audience : load.audience - 1
    let held: PeerFigures = { highestDeliveriesPerSecond: 0, cpuSecondsPerMillion: 0 }
    let first = 0
    for (const rate of load.rates) {
      const samples = createSamples()
      const perSecond = rate / copies
      const [warmUp, posts] = [perSecond * load.warmUpSeconds, perSecond * (load.warmUpSeconds + load.seconds)].map(
        Math.round,
      ) as [number, number]
      const dueAt = new Float64Array(posts)
      const begin = first
      onPost = (post) => {
        const due = dueAt[post - begin]
        if (due !== undefined && post - begin >= warmUp) samples.add(performance.now() - due)
      }
      let cpu = 0
      await atRate(perSecond, posts, (post, due) => {
        if (post === warmUp) cpu = cpuSeconds([running.pid])
        dueAt[post] = due
        talkers[post % talkers.length]?.post(`p${begin + post}:`.padEnd(load.textBytes, 'x'))
      })
      const spent = cpuSeconds([running.pid]) - cpu
      const expected = (posts - warmUp) * copies
      const deadline = performance.now() + DRAIN_MS
      while (samples.count() < expected && performance.now() < deadline) await sleep(10)
      first += posts
      if (samples.count() < expected || samples.percentile(95) > load.p95Ms) break
      held = {
        highestDeliveriesPerSecond: rate,
        cpuSecondsPerMillion: Number(((spent / expected) * 1e6).toFixed(1)),
      }
    }
    close()
    return held
  } finally {
    await running.stop()
  }
}

/** Every peer that is installed, one after another; the others are named and left out. */
export const comparePeers = async (
  load: PeerLoad,
  say: (line: string) => void,
): Promise<Readonly<Record<string, PeerFigures>>> => {
  const figures: Record<string, PeerFigures> = {}
  const folder = await mkdtemp(join(tmpdir(), 'whiply-peers-'))
  try {
    for (const peer of peers) {
      const port = await freePort()
      const command = await peer.command(port, folder)
      if (!command) {
        say(`${peer.name} is not installed, and left out`)
        continue
      }
      const measured = await measure(peer, command, port, load)
      figures[peer.name] = measured
      say(
        `${peer.name} held ${measured.highestDeliveriesPerSecond} deliveries/s, at ${measured.cpuSecondsPerMillion} s of CPU a million`,
      )
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
  return figures
}
