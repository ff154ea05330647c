import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import type { FlvTag } from '#libs/media/flv/stream.ts'
import { parseVideoTag } from '#libs/media/flv/tags.ts'
import { isAmfObject } from '#libs/protocols/rtmp/amf-value.ts'
import { createChunkReader } from '#libs/protocols/rtmp/chunk-reader.ts'
import { encodeMessage } from '#libs/protocols/rtmp/chunk-writer.ts'
import { decodeCommand, encodeCommand, type RtmpCommand } from '#libs/protocols/rtmp/command.ts'
import { messageType, type RtmpMessage } from '#libs/protocols/rtmp/message.ts'
import type { Loop } from './media.ts'

const PART_BYTES = 1536
const CHUNK_BYTES = 65_536
const TICK_MS = 10
const STREAM = 1

/** Publishes a loop as an encoder does, in real time. */
export type RtmpPublisher = {
  /** When the server said that it may publish (`performance.now()`). */
  readonly acceptedAt: number
  /** Pictures that were handed to the connection. */
  readonly pictures: () => number
  /** Says goodbye, as an encoder does that is stopped by hand. */
  readonly stop: () => void
  /** The connection is closed without a word. */
  readonly close: () => void
  /** Nothing more is sent; the connection stays. */
  readonly fallSilent: () => void
}

const message = (typeId: number, payload: Buffer, streamId = 0, timestamp = 0, chunkStreamId = 3): RtmpMessage => ({
  chunkStreamId,
  timestamp,
  typeId,
  streamId,
  payload,
})

const chunkSize = (): Buffer => {
  const size = Buffer.alloc(4)
  size.writeUInt32BE(CHUNK_BYTES)
  return encodeMessage(message(messageType.setChunkSize, size, 0, 0, 2))
}

/** The simple handshake; resolves with what came behind it. */
const shakeHands = async (socket: Socket): Promise<Buffer> => {
  socket.write(Buffer.concat([Buffer.of(3), Buffer.alloc(8), randomBytes(PART_BYTES - 8)]))
  let held = Buffer.alloc(0)
  while (held.length < 1 + 2 * PART_BYTES) held = Buffer.concat([held, (await once(socket, 'data'))[0] as Buffer])
  socket.write(held.subarray(1, 1 + PART_BYTES))
  return held.subarray(1 + 2 * PART_BYTES)
}

const isPicture = ({ type, payload }: FlvTag): boolean => type === 'video' && parseVideoTag(payload).type === 'frame'

/** @param address of this encoder, on the loopback: an ingest app takes a number of connections from each */
export const publishLoop = async (
  port: number,
  key: string,
  loop: Loop,
  address = '127.0.0.1',
): Promise<RtmpPublisher> => {
  const socket = connect({ port, host: '127.0.0.1', localAddress: address })
  socket.setNoDelay(true)
  socket.on('error', () => {})
  await once(socket, 'connect')
  const rest = await shakeHands(socket)
  const reader = createChunkReader({ messageBytes: 1 << 20, chunkStreams: 16 })
  const accepted = Promise.withResolvers<number>()

  const hear = (bytes: Buffer): void => {
    for (const one of reader.push(bytes)) {
      if (one.typeId !== messageType.commandAmf0) continue
      const { name, args } = decodeCommand(one)
      const [info] = args
      if (name !== 'onStatus' || !isAmfObject(info)) continue
      if (info.code === 'NetStream.Publish.Start') accepted.resolve(performance.now())
      else accepted.reject(new Error(`not let in: ${info.code} ${info.description}`))
    }
  }
  const command = (asked: RtmpCommand, streamId = 0): void =>
    void socket.write(encodeMessage(message(messageType.commandAmf0, encodeCommand(asked), streamId), CHUNK_BYTES))

  socket.on('data', hear)
  hear(rest)
  socket.once('close', () => accepted.reject(new Error('the connection was closed')))
  socket.write(chunkSize())
  command({
    name: 'connect',
    transactionId: 1,
    object: { app: 'live', tcUrl: `rtmp://127.0.0.1:${port}/live` },
    args: [],
  })
  command({ name: 'createStream', transactionId: 2, object: null, args: [] })
  command({ name: 'publish', transactionId: 3, object: null, args: [key, 'live'] }, STREAM)
  const acceptedAt = await accepted.promise

  let next = 0
  let rounds = 0
  let pictures = 0
  const send = (): void => {
    const dueMs = performance.now() - acceptedAt
    const ready: Buffer[] = []
    for (;;) {
      const tag = loop.tags[next]
      if (!tag || tag.timestamp + rounds * loop.durationMs > dueMs) break
      const timestamp = tag.timestamp + rounds * loop.durationMs
      const [typeId, id] = tag.type === 'video' ? [messageType.video, 6] : [messageType.audio, 4]
      ready.push(encodeMessage(message(typeId, tag.payload, STREAM, timestamp, id), CHUNK_BYTES))
      if (isPicture(tag)) pictures++
      next++
      if (next === loop.tags.length) {
        next = 0
        rounds++
      }
    }
    if (ready.length > 0) socket.write(Buffer.concat(ready))
  }
  send()
  const sending = setInterval(send, TICK_MS)
  const fallSilent = (): void => clearInterval(sending)
  return {
    acceptedAt,
    pictures: () => pictures,
    stop: () => {
      fallSilent()
      command({ name: 'deleteStream', transactionId: 4, object: null, args: [STREAM] })
      socket.end()
    },
    close: () => {
      fallSilent()
      socket.destroy()
    },
    fallSilent,
  }
}
