import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import type { TestContext } from 'node:test'

/**
 * What a proxy does with connections: `pass` hands bytes on, `hang` takes them and answers nothing, `lose` hands requests
 * on and swallows the answers, and `refuse` ends what is open and whatever comes.
 */
export type Passing = 'pass' | 'hang' | 'lose' | 'refuse'

/** Stands between a client and a server of any protocol, and behaves as a test says. */
export type TcpProxy = {
  readonly port: number
  /** For what is open and for what comes. */
  readonly set: (passing: Passing) => void
  /** Connections that have come in. */
  readonly accepted: () => number
}

/** Starts a proxy before one port of this machine; it ends with the test. */
export const tcpProxy = async (t: Pick<TestContext, 'after'>, target: () => number): Promise<TcpProxy> => {
  const sockets = new Set<Socket>()
  let passing: Passing = 'pass'
  let accepted = 0

  const keep = (socket: Socket): void => {
    sockets.add(socket)
    // What a cut does to either side is the very thing under test.
    socket.on('error', () => socket.destroy())
    socket.on('close', () => sockets.delete(socket))
  }

  const server = createServer((client) => {
    accepted++
    keep(client)
    if (passing === 'refuse') return client.resetAndDestroy()
    const upstream = connect(target(), '127.0.0.1')
    keep(upstream)
    client.on('close', () => upstream.destroy())
    upstream.on('close', () => client.destroy())
    client.on('data', (bytes) => passing !== 'hang' && upstream.write(bytes))
    upstream.on('data', (bytes) => passing === 'pass' && client.write(bytes))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')

  const cut = (): void => {
    for (const socket of sockets) socket.destroy()
  }
  t.after(() => {
    server.close()
    cut()
  })
  return {
    port: (server.address() as AddressInfo).port,
    set: (next) => {
      passing = next
      if (next === 'refuse') cut()
    },
    accepted: () => accepted,
  }
}
