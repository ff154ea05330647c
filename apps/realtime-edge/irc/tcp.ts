import type { Socket } from 'node:net'
import { CLOSE_MS } from './bounds.ts'
import type { Wire } from './wire.ts'

/** A TCP socket as a wire. A peer that ends its half ends the connection: there is nobody left to answer it. */
export const tcpWire = (socket: Socket): Wire => {
  socket.setNoDelay(true)
  // What breaks a socket closes it, and the close is what counts.
  socket.on('error', () => {})
  return {
    framing: 'tcp',
    write: (bytes) => {
      if (socket.writable) socket.write(bytes)
    },
    waitingBytes: () => socket.writableLength,
    pause: () => socket.pause(),
    resume: () => socket.resume(),
    end: () => {
      socket.end()
      const late = setTimeout(() => socket.destroy(), CLOSE_MS).unref()
      socket.once('close', () => clearTimeout(late))
    },
    cut: () => socket.destroy(),
    gone: new Promise((resolve) => socket.once('close', () => resolve())),
  }
}
