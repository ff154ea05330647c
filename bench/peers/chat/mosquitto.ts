import { writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { type Peer, programPath } from './peer.ts'

const packets = { connect: 0x10, publish: 0x30, subscribe: 0x82, subscribed: 0x90 }

/** Lengths go by seven bits a byte (MQTT 3.1.1, section 2.2.3). */
const lengthOf = (length: number): Buffer =>
  length < 128 ? Buffer.from([length]) : Buffer.from([(length & 0x7f) | 0x80, length >> 7])

const packet = (type: number, ...parts: readonly Buffer[]): Buffer => {
  const body = Buffer.concat(parts)
  return Buffer.concat([Buffer.from([type]), lengthOf(body.length), body])
}

const text = (value: string): Buffer => {
  const length = Buffer.alloc(2)
  length.writeUInt16BE(value.length)
  return Buffer.concat([length, Buffer.from(value, 'latin1')])
}

const CLEAN_SESSION = 2
const KEEP_ALIVE = Buffer.from([0, 0])

/** Mosquitto, a broker of MQTT 3.1.1; at most once, nothing kept. */
export const mosquitto: Peer = {
  name: 'mosquitto',
  echoes: true,
  command: async (port, folder) => {
    const program = programPath('mosquitto')
    if (!program) return undefined
    const file = join(folder, 'mosquitto.conf')
    const settings = ['allow_anonymous true', 'set_tcp_nodelay true', 'max_queued_messages 0', 'user root']
    await writeFile(file, [`listener ${port} 127.0.0.1`, ...settings, ''].join('\n'))
    return [program, '-c', file]
  },
  connect: ({ port, localAddress, name, channel, onBytes }) =>
    new Promise((resolve, reject) => {
      const socket = connect({ host: '127.0.0.1', port, localAddress, noDelay: true })
      const onSetUp = (bytes: Buffer): void => {
        if (!bytes.includes(packets.subscribed)) return
        socket.off('data', onSetUp)
        socket.on('data', onBytes)
        const topic = text(channel)
        resolve({
          post: (post) => socket.write(packet(packets.publish, topic, Buffer.from(post, 'latin1'))),
          close: () => socket.destroy(),
        })
      }
      socket.on('data', onSetUp)
      socket.on('error', reject)
      socket.write(packet(packets.connect, text('MQTT'), Buffer.from([4, CLEAN_SESSION]), KEEP_ALIVE, text(name)))
      socket.write(packet(packets.subscribe, Buffer.from([0, 1]), text(channel), Buffer.from([0])))
    }),
}
