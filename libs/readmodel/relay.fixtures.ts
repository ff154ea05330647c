import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { freePort } from '#infra/embedded/engine.ts'

/** Stands between Postgres and its clients; while it is away, connections break and new ones are refused. */
export const postgresRelay = async (databaseUrl: string) => {
  const target = new URL(databaseUrl)
  const sockets = new Set<Socket>()
  let server: Server | undefined

  const listen = async (port: number): Promise<void> => {
    server = createServer((client) => {
      const upstream = connect(Number(target.port), target.hostname)
      for (const [one, other] of [
        [client, upstream],
        [upstream, client],
      ] as const) {
        sockets.add(one)
        one.pipe(other)
        one.on('error', () => other.destroy())
        one.on('close', () => sockets.delete(one))
      }
    })
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
  }

  const port = await freePort()
  await listen(port)
  const url = new URL(databaseUrl)
  url.host = `127.0.0.1:${port}`
  const leave = async (): Promise<void> => {
    const closed = server && once(server, 'close')
    server?.close()
    for (const socket of sockets) socket.destroy()
    await closed
    server = undefined
  }
  return { databaseUrl: url.href, leave, comeBack: () => listen(port) }
}
