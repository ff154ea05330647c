import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import type { TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'

/** Requests of Kafka's protocol by their number. */
const apis = {
  0: 'produce',
  1: 'fetch',
  2: 'listOffsets',
  3: 'metadata',
  8: 'offsetCommit',
  9: 'offsetFetch',
  10: 'findCoordinator',
  11: 'joinGroup',
  12: 'heartbeat',
  13: 'leaveGroup',
  14: 'syncGroup',
  18: 'apiVersions',
  19: 'createTopics',
  22: 'initProducerId',
} as const

export type Api = (typeof apis)[keyof typeof apis] | 'other'

/**
 * What happens to a frame: `drop` swallows it and leaves the connection open, `cut` ends the connection instead, and a
 * promise holds it (and what follows on that connection, in that direction) until it is resolved.
 */
export type Passage = 'pass' | 'drop' | 'cut' | Promise<void>

/** Decides over one frame; `nth` counts those of its api and direction through this proxy, from 0. */
export type PassageRule = (frame: { readonly api: Api; readonly nth: number }) => Passage

/** A broker's double that stands between it and its clients, and lets pass what a test wants to pass. */
export type KafkaProxy = {
  readonly brokers: readonly string[]
  /** Rules for what follows; a test changes them as it goes. */
  requests: PassageRule
  answers: PassageRule
  /** Ends every connection there is. New ones may be made. */
  readonly cutAll: () => void
  /** Requests of an api that have come in. */
  readonly count: (api: Api) => number
  readonly close: () => Promise<void>
}

export const passAll: PassageRule = () => 'pass'

/** Ready-made: holds every frame of one api for so long. */
export const delay =
  (api: Api, ms: number): PassageRule =>
  (frame) =>
    frame.api === api ? sleep(ms) : 'pass'

/** Ready-made: one fate for frames of one api; the first `times` of them, or all. */
export const on = (api: Api, passage: 'drop' | 'cut', times = Number.POSITIVE_INFINITY): PassageRule => {
  let left = times
  return (frame) => (frame.api === api && left-- > 0 ? passage : 'pass')
}

/** Cuts a stream of bytes into frames of the protocol: a length of four bytes, then as many more. */
const frames = (onFrame: (frame: Buffer) => void): ((chunk: Buffer) => void) => {
  let buffered: Buffer = Buffer.alloc(0)
  return (chunk) => {
    buffered = buffered.length === 0 ? chunk : Buffer.concat([buffered, chunk])
    while (buffered.length >= 4 && buffered.length >= 4 + buffered.readInt32BE(0)) {
      const end = 4 + buffered.readInt32BE(0)
      onFrame(buffered.subarray(0, end))
      buffered = buffered.subarray(end)
    }
  }
}

/** Brokers tell clients their own address; clients are to come back here instead. Both are a string, then a port. */
const advertise = (frame: Buffer, host: string, from: number, to: number): Buffer => {
  const address = (port: number): Buffer => {
    const bytes = Buffer.alloc(2 + host.length + 4)
    bytes.writeInt16BE(host.length, 0)
    bytes.write(host, 2)
    bytes.writeInt32BE(port, 2 + host.length)
    return bytes
  }
  const [own, other] = [address(from), address(to)]
  let changed = frame
  for (let at = frame.indexOf(own); at !== -1; at = frame.indexOf(own, at + 1)) {
    if (changed === frame) changed = Buffer.from(frame)
    other.copy(changed, at)
  }
  return changed
}

/** Starts a proxy before one broker; it ends with the test. */
export const kafkaProxy = async (broker: string, t?: Pick<TestContext, 'after'>): Promise<KafkaProxy> => {
  const [host = '', portText] = broker.split(':')
  const port = Number(portText)
  const sockets = new Set<Socket>()
  const requestCounts = new Map<Api, number>()
  const answerCounts = new Map<Api, number>()

  const counted = (counts: Map<Api, number>, api: Api): number => {
    const nth = counts.get(api) ?? 0
    counts.set(api, nth + 1)
    return nth
  }

  const track = (socket: Socket): void => {
    sockets.add(socket)
    socket.setNoDelay(true)
    socket.on('close', () => sockets.delete(socket))
    // What a cut does to either side is the very thing under test.
    socket.on('error', () => socket.destroy())
  }

  const server = createServer((client) => {
    const upstream = connect({ host, port })
    for (const socket of [client, upstream]) track(socket)
    client.on('close', () => upstream.destroy())
    upstream.on('close', () => client.destroy())
    const apiOf = new Map<number, Api>()

    const line = (to: Socket, rule: (api: Api) => Passage, read: (frame: Buffer) => Api) => {
      let queue: Promise<void> = Promise.resolve()
      return frames((frame) => {
        const api = read(frame)
        queue = queue.then(async () => {
          const passage = rule(api)
          if (passage === 'cut') client.destroy()
          else if (passage !== 'drop') {
            if (passage !== 'pass') await passage
            to.write(advertise(frame, host, port, ownPort))
          }
        })
      })
    }

    client.on(
      'data',
      line(
        upstream,
        (api) => proxy.requests({ api, nth: counted(requestCounts, api) }),
        (frame) => {
          const api = apis[frame.readInt16BE(4) as keyof typeof apis] ?? 'other'
          apiOf.set(frame.readInt32BE(8), api)
          return api
        },
      ),
    )
    upstream.on(
      'data',
      line(
        client,
        (api) => proxy.answers({ api, nth: counted(answerCounts, api) }),
        (frame) => {
          const correlation = frame.readInt32BE(4)
          const api = apiOf.get(correlation) ?? 'other'
          apiOf.delete(correlation)
          return api
        },
      ),
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port: ownPort } = server.address() as AddressInfo

  const proxy: KafkaProxy = {
    brokers: [`127.0.0.1:${ownPort}`],
    requests: passAll,
    answers: passAll,
    cutAll: () => {
      for (const socket of sockets) socket.destroy()
    },
    count: (api) => requestCounts.get(api) ?? 0,
    close: async () => {
      server.close()
      proxy.cutAll()
      if (server.listening) await once(server, 'close')
    },
  }
  t?.after(proxy.close)
  return proxy
}
