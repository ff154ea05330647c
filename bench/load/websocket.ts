import { randomBytes } from 'node:crypto'
import { connect, type Socket } from 'node:net'

/**
 * A WebSocket client that costs the load generator little (RFC 6455): text frames only, no extensions, one write a
 * frame. `onText` gets the payload as bytes, valid until it returns.
 */
export type LoadSocket = {
  readonly send: (text: string) => void
  readonly close: () => void
}

export type LoadSocketOptions = {
  readonly port: number
  readonly path: string
  /** A loopback address to come from, so that two thousand clients are not one address. */
  readonly localAddress: string
  readonly onText: (payload: Buffer) => void
  readonly onClose: (code: number) => void
}

const nothing: Buffer = Buffer.alloc(0)

/** What a socket has read lies here until its callback returns: a buffer for each read would cost more than the frames. */
const reading = Buffer.alloc(65_536)

const opcodes = { text: 1, close: 8, ping: 9, pong: 10 } as const

/** Client frames must be masked; a mask of zeros leaves the payload as it is. */
const frame = (opcode: number, payload: Buffer): Buffer => {
  const long = payload.length > 125
  const head = Buffer.alloc(long ? 8 : 6)
  head[0] = 0x80 | opcode
  head[1] = 0x80 | (long ? 126 : payload.length)
  if (long) head.writeUInt16BE(payload.length, 2)
  return Buffer.concat([head, payload])
}

export const openLoadSocket = (options: LoadSocketOptions): Promise<LoadSocket> =>
  new Promise((resolve, reject) => {
    const socket: Socket = connect({
      host: '127.0.0.1',
      port: options.port,
      localAddress: options.localAddress,
      noDelay: true,
      onread: {
        buffer: reading,
        callback: (length) => {
          take(reading.subarray(0, length))
          return true
        },
      },
    })
    let rest = nothing
    let open = false
    let closeCode = 1006

    socket.once('connect', () => {
      socket.write(
        `GET ${options.path} HTTP/1.1\r\nHost: 127.0.0.1:${options.port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
          `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n\r\n`,
      )
    })
    socket.on('error', (error) => (open ? undefined : reject(error)))
    socket.once('close', () => (open ? options.onClose(closeCode) : reject(new Error('closed before the handshake'))))
    const take = (chunk: Buffer): void => {
      let buffer = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
      if (!open) {
        const end = buffer.indexOf('\r\n\r\n')
        if (end < 0) {
          rest = Buffer.from(buffer)
          return
        }
        if (!buffer.toString('latin1', 0, 12).endsWith('101')) {
          reject(new Error(buffer.toString('utf8', 0, end)))
          socket.destroy()
          return
        }
        open = true
        buffer = buffer.subarray(end + 4)
        resolve({ send: (text) => socket.write(frame(opcodes.text, Buffer.from(text))), close: () => socket.destroy() })
      }
      const left = readFrames(buffer)
      rest = left.length === 0 ? nothing : Buffer.from(left)
    }

    /** Hands on every whole frame; returns what is left. */
    const readFrames = (buffer: Buffer): Buffer => {
      let at = 0
      for (;;) {
        if (buffer.length - at < 2) return buffer.subarray(at)
        const opcode = (buffer[at] ?? 0) & 0x0f
        let length = (buffer[at + 1] ?? 0) & 0x7f
        let start = at + 2
        if (length === 126) {
          if (buffer.length - at < 4) return buffer.subarray(at)
          length = buffer.readUInt16BE(at + 2)
          start = at + 4
        } else if (length === 127) {
          if (buffer.length - at < 10) return buffer.subarray(at)
          length = Number(buffer.readBigUInt64BE(at + 2))
          start = at + 10
        }
        if (buffer.length < start + length) return buffer.subarray(at)
        const payload = buffer.subarray(start, start + length)
        at = start + length
        if (opcode === opcodes.text) options.onText(payload)
        else if (opcode === opcodes.ping) socket.write(frame(opcodes.pong, payload))
        else if (opcode === opcodes.close && length >= 2) closeCode = payload.readUInt16BE(0)
      }
    }
  })
