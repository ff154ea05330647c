import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** Stands between a process and Postgres, and goes away when a test says so. */
export type PostgresProxy = {
  readonly databaseUrl: string
  /** Ends every connection, and refuses new ones, as where nobody listens. */
  readonly cut: () => void
  readonly restore: () => void
  /** Connections that were refused. */
  readonly refused: () => number
  readonly close: () => Promise<void>
}

export const postgresProxy = async (databaseUrl: string): Promise<PostgresProxy> => {
  const target = new URL(databaseUrl)
  const sockets = new Set<Socket>()
  let isCut = false
  let refused = 0
  const keep = (socket: Socket): void => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
    socket.on('close', () => sockets.delete(socket))
  }
  const server = createServer((client) => {
    keep(client)
    if (isCut) {
      refused++
      client.resetAndDestroy()
      return
    }
    const postgres = connect(Number(target.port), target.hostname)
    keep(postgres)
    client.pipe(postgres).pipe(client)
    client.on('close', () => postgres.destroy())
    postgres.on('close', () => client.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = new URL(databaseUrl)
  url.host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  const cut = (): void => {
    isCut = true
    for (const socket of sockets) socket.destroy()
  }
  return {
    databaseUrl: url.href,
    cut,
    restore: () => {
      isCut = false
    },
    refused: () => refused,
    close: async () => {
      cut()
      server.close()
      await once(server, 'close')
    },
  }
}
