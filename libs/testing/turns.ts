import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

/** The environment variable by which the test runner tells the files where turns are given. */
export const TEST_TURNS = 'WHIPLY_TEST_TURNS'

/**
 * Gives turns at this socket, so many at once, in the order in which they are asked for. A turn ends with the connection
 * over which it was given, so with the process at the latest.
 */
export const giveTurns = async (path: string, atOnce: number): Promise<{ readonly close: () => void }> => {
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
  server.listen(path)
  await once(server, 'listening')
  return {
    close: () => {
      server.close()
      for (const socket of [...waiting, ...running]) socket.destroy()
    },
  }
}

/** Waits for a turn, which lasts until the process ends. Nobody to give one is no reason to wait. */
export const takeTurn = async (path: string): Promise<void> => {
  const socket = connect(path)
  const gone = new Promise((resolve) => socket.on('error', resolve).once('close', resolve))
  await Promise.race([once(socket, 'data'), gone])
  socket.unref()
}
