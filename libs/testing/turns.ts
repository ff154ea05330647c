import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** The environment variable by which the test runner tells its files at which port turns are given. */
export const TEST_TURNS = 'WHIPLY_TEST_TURNS'

export type Turns = {
  /** On the loopback address. */
  readonly port: number
  readonly close: () => void
}

/**
 * Gives so many turns at once, in the order in which they are asked for. A turn ends with the connection over which it was
 * given, so with the process at the latest.
 */
export const giveTurns = async (atOnce: number): Promise<Turns> => {
  const waiting = new Set<Socket>()
  const running = new Set<Socket>()
  const giveNext = (): void => {
    for (const socket of waiting) {
      if (running.size >= atOnce) return
      waiting.delete(socket)
      running.add(socket)
      socket.write('your turn')
    }
  }
  const server = createServer((socket) => {
    waiting.add(socket)
    socket.on('error', () => {})
    socket.once('close', () => {
      waiting.delete(socket)
      running.delete(socket)
      giveNext()
    })
    giveNext()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      server.close()
      for (const socket of [...waiting, ...running]) socket.destroy()
    },
  }
}

/** Waits for a turn, which lasts until the process ends. @returns whether it was given: not where nobody gives any more */
export const takeTurn = async (port: number): Promise<boolean> => {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => {})
  const isGiven = await new Promise<boolean>((resolve) =>
    socket.once('data', () => resolve(true)).once('close', () => resolve(false)),
  )
  socket.unref()
  return isGiven
}
