import { firstChunkBytes, messageType, type RtmpMessage, timestampModulus } from './message.ts'
import { RtmpError } from './rtmp-error.ts'

export type ReaderLimits = {
  /** Of one message, and of all messages that are not complete yet together. */
  readonly messageBytes: number
  readonly chunkStreams: number
}

export type ChunkReader = {
  /** The messages that these bytes complete, in order. Throws {@link RtmpError}; the reader is of no use afterwards. */
  readonly push: (bytes: Buffer) => readonly RtmpMessage[]
  /** Takes messages of another length from here on. */
  readonly allow: (messageBytes: number) => void
}

type ChunkStream = {
  timestamp: number
  /** What the next message is later, if its header does not say. */
  delta: number
  extended: number | undefined
  length: number
  typeId: number
  streamId: number
  /** The message that is coming in, as far as there is room for it. */
  body: Buffer
  received: number
}

type Header = { readonly bytes: number; readonly stream: ChunkStream; readonly id: number }

const EXTENDED = 0xffffff

/** Bytes of the message header by the format of the chunk (RTMP 1.0, section 5.3.1.2). */
const headerBytes = [11, 7, 3, 0] as const

const MOST_CHUNK_BYTES = 0x7fffffff

const nothing: Buffer = Buffer.alloc(0)

/** What is there for a message at first, however long it says that it is. */
const FIRST_BYTES = 16_384

/** What is held must not keep much more alive than itself: short messages are copied, long ones are the bytes that came. */
const kept = (bytes: Buffer): Buffer => (bytes.length * 4 >= bytes.buffer.byteLength ? bytes : Buffer.from(bytes))

/** Bytes of a message behind those that have come: the room for it grows with what is there of it. */
const take = (stream: ChunkStream, part: Buffer): void => {
  const needed = stream.received + part.length
  if (stream.body.length < needed) {
    const roomier = Buffer.allocUnsafe(Math.min(stream.length, Math.max(FIRST_BYTES, 2 * needed)))
    stream.body.copy(roomier, 0, 0, stream.received)
    stream.body = roomier
  }
  part.copy(stream.body, stream.received)
  stream.received = needed
}

/**
 * Takes the chunks of a connection apart (RTMP 1.0, section 5.3.1):
 *
 *     chunk     = basic header [ message header ] [ extended timestamp ] data
 *     basic     = fmt(2 bits) id(6 bits), id 2–63 / fmt 0(6) id-64(8) / fmt 1(6) id-64(16, low byte first)
 *     fmt 0     = timestamp(24) length(24) type(8) stream id(32, low byte first)
 *     fmt 1     = timestamp delta(24) length(24) type(8)
 *     fmt 2     = timestamp delta(24)
 *     fmt 3     = nothing: all as before
 *     extended  = timestamp(32), where the 24 bits are all ones; in the chunks of format 3 that follow too
 *
 * Some encoders leave the extended timestamp out of chunks of format 3. It is there if the four bytes repeat it.
 */
export const createChunkReader = (limits: ReaderLimits): ChunkReader => {
  const streams = new Map<number, ChunkStream>()
  let chunkBytes = firstChunkBytes
  let held = nothing
  let open: { stream: ChunkStream; id: number; left: number } | undefined
  let assembling = 0
  let mostBytes = limits.messageBytes

  const streamOf = (id: number): ChunkStream => {
    const known = streams.get(id)
    if (known) return known
    if (streams.size >= limits.chunkStreams)
      throw new RtmpError('rtmp.too_many_chunk_streams', `more than ${limits.chunkStreams} chunk streams`)
    const stream: ChunkStream = {
      timestamp: 0,
      delta: 0,
      extended: undefined,
      length: -1,
      typeId: 0,
      streamId: 0,
      body: nothing,
      received: 0,
    }
    streams.set(id, stream)
    return stream
  }

  /** The header of the next chunk, or nothing while its bytes are not all there. */
  const readHeader = (): Header | undefined => {
    const first = held[0]
    if (first === undefined) return
    const format = first >> 6
    const low = first & 0x3f
    const basicBytes = low === 0 ? 2 : low === 1 ? 3 : 1
    const messageBytes = headerBytes[format as 0 | 1 | 2 | 3]
    let at = basicBytes + messageBytes
    if (held.length < at) return
    const id = low === 0 ? held.readUInt8(1) + 64 : low === 1 ? held.readUInt16LE(1) + 64 : low
    const stream = streamOf(id)
    const begins = stream.received === 0
    if (stream.length < 0 && format !== 0)
      throw new RtmpError('rtmp.bad_chunk', `chunk stream ${id} begins with a chunk of format ${format}`)
    if (format !== 3 && !begins)
      throw new RtmpError('rtmp.bad_chunk', `a message begins on chunk stream ${id} within another`)

    if (format === 3) {
      if (stream.extended !== undefined) {
        if (held.length < at + 4) return
        if (held.readUInt32BE(at) === stream.extended) at += 4
      }
      if (begins) stream.timestamp = (stream.timestamp + stream.delta) % timestampModulus
      return { bytes: at, stream, id }
    }

    const short = held.readUIntBE(basicBytes, 3)
    if (short === EXTENDED && held.length < at + 4) return
    const time = short === EXTENDED ? held.readUInt32BE(at) : short
    stream.extended = short === EXTENDED ? time : undefined
    if (short === EXTENDED) at += 4
    stream.delta = time
    stream.timestamp = format === 0 ? time : (stream.timestamp + time) % timestampModulus
    if (format < 2) {
      stream.length = held.readUIntBE(basicBytes + 3, 3)
      stream.typeId = held.readUInt8(basicBytes + 6)
    }
    if (format === 0) stream.streamId = held.readUInt32LE(basicBytes + 7)
    return { bytes: at, stream, id }
  }

  const begin = (): boolean => {
    const header = readHeader()
    if (!header) return false
    held = held.subarray(header.bytes)
    const { stream, id } = header
    if (stream.length > mostBytes)
      throw new RtmpError('rtmp.message_too_long', `a message of ${stream.length} bytes; at most ${mostBytes}`)
    open = { stream, id, left: Math.min(chunkBytes, stream.length - stream.received) }
    return true
  }

  const forget = (stream: ChunkStream): void => {
    assembling -= stream.received
    stream.body = nothing
    stream.received = 0
  }

  const complete = ({ timestamp, typeId, streamId }: ChunkStream, id: number, payload: Buffer): RtmpMessage => ({
    chunkStreamId: id,
    timestamp,
    typeId,
    streamId,
    payload,
  })

  /** What concerns the chunks themselves holds from the next chunk on. */
  const obey = ({ typeId, payload }: RtmpMessage): void => {
    if (typeId !== messageType.setChunkSize && typeId !== messageType.abort) return
    if (payload.length < 4) throw new RtmpError('rtmp.bad_chunk', 'a control message is too short')
    const value = payload.readUInt32BE(0)
    if (typeId === messageType.setChunkSize) {
      if (value < 1 || value > MOST_CHUNK_BYTES) throw new RtmpError('rtmp.bad_chunk', `a chunk size of ${value}`)
      chunkBytes = value
      return
    }
    const stream = streams.get(value)
    if (stream) forget(stream)
  }

  return {
    allow: (messageBytes) => {
      mostBytes = messageBytes
    },
    push: (bytes) => {
      held = held.length === 0 ? bytes : Buffer.concat([held, bytes])
      const messages: RtmpMessage[] = []
      while (open || begin()) {
        const { stream, id, left } = open as NonNullable<typeof open>
        const part = held.subarray(0, left)
        held = held.subarray(part.length)
        const isWhole = part.length === stream.length
        if (!isWhole) {
          assembling += part.length
          if (assembling > mostBytes)
            throw new RtmpError('rtmp.message_too_long', `more than ${mostBytes} bytes in open messages`)
          take(stream, part)
        }
        if (part.length < left) {
          open = { stream, id, left: left - part.length }
          break
        }
        open = undefined
        if (!isWhole && stream.received < stream.length) continue
        const message = complete(stream, id, isWhole ? kept(part) : stream.body)
        if (!isWhole) forget(stream)
        obey(message)
        messages.push(message)
      }
      // What is left over is less than a header: a copy frees the rest.
      held = held.length === 0 ? nothing : Buffer.from(held)
      return messages
    },
  }
}
