import { connect } from 'node:net'
import type { PeerClient, PeerConnection } from './peer.ts'

export type LineProtocol = {
  /** What a client sends first. */
  readonly greeting: string
  /** What it answers to a line until it is in its channel; undefined to none. */
  readonly answer: (line: string) => string | undefined
  /** Whether the line says that it is in. */
  readonly isIn: (line: string) => boolean
  readonly post: (text: string) => string
}

/** A client of a protocol of lines, which are looked at only until it is in its channel. */
export const connectByLines = (
  { port, localAddress, onBytes }: PeerConnection,
  protocol: LineProtocol,
): Promise<PeerClient> =>
  new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, localAddress, noDelay: true })
    let text = ''
    const onSetUp = (bytes: Buffer): void => {
      text += bytes.toString('latin1')
      for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n')) {
        const line = text.slice(0, end).trimEnd()
        text = text.slice(end + 1)
        const answer = protocol.answer(line)
        if (answer !== undefined) socket.write(answer)
        if (!protocol.isIn(line)) continue
        socket.off('data', onSetUp)
        socket.on('data', onBytes)
        resolve({ post: (post) => socket.write(protocol.post(post), 'latin1'), close: () => socket.destroy() })
        return
      }
    }
    socket.on('data', onSetUp)
    socket.on('error', reject)
    socket.once('close', () => reject(new Error(`closed before it was in: ${text}`)))
    socket.write(protocol.greeting)
  })
