import { connectByLines } from './lines.ts'
import { type Peer, programPath } from './peer.ts'

/** NATS, a message broker: publish and subscribe, nothing kept. */
export const nats: Peer = {
  name: 'nats',
  echoes: true,
  command: async (port) => {
    const program = programPath('nats-server')
    if (!program) return undefined
    return [program, '-a', '127.0.0.1', '-p', String(port)]
  },
  connect: (connection) =>
    connectByLines(connection, {
      greeting: `CONNECT {"verbose":false}\r\nSUB ${connection.channel} 1\r\nPING\r\n`,
      answer: (line) => (line === 'PING' ? 'PONG\r\n' : undefined),
      isIn: (line) => line === 'PONG',
      post: (text) => `PUB ${connection.channel} ${text.length}\r\n${text}\r\n`,
    }),
}
