import { join } from 'node:path'
import { openLoadSocket } from '../../load/websocket.ts'
import type { Peer } from './peer.ts'

const serverFile = (file: string): string => join(import.meta.dirname, file)

/** A client whose frames are looked at until it is in its channel. */
const connectBySocket =
  (
    path: string,
    answer: (text: string, channel: string) => string | undefined,
    isIn: (text: string) => boolean,
    post: (channel: string, text: string) => string,
  ): Peer['connect'] =>
  async ({ port, localAddress, channel, onBytes }) => {
    const entered = Promise.withResolvers<void>()
    let inside = false
    const socket = await openLoadSocket({
      port,
      path,
      localAddress,
      onClose: () => entered.reject(new Error('closed before it was in')),
      onText: (payload) => {
        if (inside) return onBytes(payload)
        const text = payload.toString('latin1')
        const answered = answer(text, channel)
        // The first frame may come with the handshake, before there is a socket to answer on.
        if (answered !== undefined) setImmediate(() => socket.send(answered))
        inside = isIn(text)
        if (inside) entered.resolve()
      },
    })
    await entered.promise
    return { post: (text) => socket.send(post(channel, text)), close: socket.close }
  }

/** The floor: `ws` that does nothing but fan out. */
export const bareWs: Peer = {
  name: 'ws',
  echoes: true,
  command: async (port) => [process.execPath, serverFile('../../chat/floor.ts'), String(port)],
  connect: connectBySocket(
    '/',
    (text, channel) => (text.includes('"hello"') ? JSON.stringify({ type: 'join', channel }) : undefined),
    (text) => text.includes('"joined"'),
    (channel, text) => JSON.stringify({ type: 'post', id: '', channel, text }),
  ),
}

/** Socket.IO over WebSocket alone (Engine.IO 4, Socket.IO protocol 5), rooms as channels. */
export const socketIo: Peer = {
  name: 'socket.io',
  echoes: true,
  command: async (port) => [process.execPath, serverFile('socket-io-server.ts'), String(port)],
  connect: connectBySocket(
    '/socket.io/?EIO=4&transport=websocket',
    (text, channel) => {
      if (text.startsWith('0{')) return '40'
      return text.startsWith('40') ? `42["join","${channel}"]` : undefined
    },
    (text) => text === '42["joined"]',
    (channel, text) => `42["post","${channel}","${text}"]`,
  ),
}
