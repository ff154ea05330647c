import { messagesIn } from './aggregate.ts'
import { type AmfObject, type AmfValue, isAmfObject } from './amf-value.ts'
import { decodeAmf0 } from './amf0.ts'
import { createChunkReader, type ReaderLimits } from './chunk-reader.ts'
import { encodeMessage } from './chunk-writer.ts'
import { decodeCommand, encodeCommand, type RtmpCommand } from './command.ts'
import { serverHandshake } from './handshake.ts'
import { controlChunkStream, firstChunkBytes, messageType, type RtmpMessage, timestampModulus } from './message.ts'
import { RtmpError } from './rtmp-error.ts'

/** What an encoder wants to publish to, as it stands in its settings. */
export type PublishRequest = {
  readonly app: string
  /** The stream key, with a query behind it if the encoder was given one. A secret. */
  readonly name: string
  readonly encoder: string | undefined
}

/** What a connection says, in its order. Times are milliseconds that go on beyond 2^32. */
export type SessionEvent =
  | { readonly type: 'send'; readonly bytes: Buffer }
  /** To be answered by `accept` or `refuse` before the events behind it are looked at. */
  | ({ readonly type: 'publish' } & PublishRequest)
  | { readonly type: 'metadata'; readonly values: AmfObject }
  | { readonly type: 'audio' | 'video'; readonly timeMs: number; readonly payload: Buffer }
  | { readonly type: 'unpublish' }

export type ServerSession = {
  /** Takes what came. Throws {@link RtmpError}; the session is of no use afterwards. */
  readonly push: (bytes: Buffer) => readonly SessionEvent[]
  /** NetStream.Publish.Start, to be sent. */
  readonly accept: () => Buffer
  /** NetStream.Publish.BadName with a reason for people, to be sent. */
  readonly refuse: (reason: string) => Buffer
}

export type SessionOptions = {
  readonly limits: ReaderLimits
  /** What Enhanced RTMP (version 2, "Enhancing NetConnection connect Command") lists as taken, such as `avc1`. */
  readonly fourCcs: readonly string[]
  readonly nowMs: () => number
}

const WINDOW_BYTES = 2_500_000
const SENT_CHUNK_BYTES = 4096
const DYNAMIC = 2
const MOST_STREAMS = 8
/** Of whoever is not let in yet: words are short and few. */
const stranger = { messageBytes: 1 << 18, messages: 1_000, bytes: 1 << 20 } as const
const COMMAND_CHUNK_STREAM = 3
const userControl = { streamBegin: 0, pingRequest: 6, pingResponse: 7 } as const

const uint32 = (...values: readonly number[]): Buffer => {
  const bytes = Buffer.alloc(4 * values.length)
  values.forEach((value, index) => {
    bytes.writeUInt32BE(value, 4 * index)
  })
  return bytes
}

const control = (typeId: number, payload: Buffer): Buffer =>
  encodeMessage({ chunkStreamId: controlChunkStream, timestamp: 0, typeId, streamId: 0, payload })

const user = (event: number, value: number): Buffer =>
  control(messageType.userControl, Buffer.concat([Buffer.of(0, event), uint32(value)]))

/** Goes on counting where 32 bits begin anew; a small step back stays one. */
const unwrapped = () => {
  let last: number | undefined
  return (timestamp: number): number => {
    const step = last === undefined ? timestamp : (timestamp - last) | 0
    last = last === undefined ? timestamp : last + step
    return last
  }
}

/**
 * The server's side of one connection of an encoder (RTMP 1.0, sections 5 and 7.2): pure, bytes in and events out.
 * Who plays is refused; one stream is published in a connection.
 */
export const createServerSession = ({ limits, fourCcs, nowMs }: SessionOptions): ServerSession => {
  const handshake = serverHandshake(nowMs)
  const chunks = createChunkReader({ ...limits, messageBytes: Math.min(limits.messageBytes, stranger.messageBytes) })
  const clocks = { audio: unwrapped(), video: unwrapped() }
  let greeted = false
  let app: string | undefined
  let encoder: string | undefined
  let streams = 0
  let publishing: number | undefined
  let heardBefore = 0
  let sentChunkBytes = firstChunkBytes
  let received = 0
  let acknowledged = 0
  let windowBytes = WINDOW_BYTES

  const say = (
    name: string,
    transactionId: number,
    object: AmfObject | null,
    args: readonly AmfValue[],
    streamId = 0,
  ) =>
    encodeMessage(
      {
        chunkStreamId: COMMAND_CHUNK_STREAM,
        timestamp: 0,
        typeId: messageType.commandAmf0,
        streamId,
        payload: encodeCommand({ name, transactionId, object, args }),
      },
      sentChunkBytes,
    )

  const status = (level: 'status' | 'error', code: string, description: string): Buffer =>
    say('onStatus', 0, null, [{ level, code, description }], publishing ?? 0)

  const sends = (...bytes: readonly Buffer[]): readonly SessionEvent[] => [
    { type: 'send', bytes: Buffer.concat(bytes) },
  ]

  const connect = ({ transactionId, object }: RtmpCommand): readonly SessionEvent[] => {
    if (app !== undefined) throw new RtmpError('rtmp.out_of_turn', 'connected already')
    if (typeof object?.app !== 'string' || object.app === '')
      return sends(
        say('_error', transactionId, null, [
          { level: 'error', code: 'NetConnection.Connect.Rejected', description: 'the address names no application' },
        ]),
      )
    app = object.app
    encoder = typeof object.flashVer === 'string' ? object.flashVer : undefined
    const head = [
      control(messageType.windowAcknowledgementSize, uint32(WINDOW_BYTES)),
      control(messageType.setPeerBandwidth, Buffer.concat([uint32(WINDOW_BYTES), Buffer.of(DYNAMIC)])),
      control(messageType.setChunkSize, uint32(SENT_CHUNK_BYTES)),
    ]
    sentChunkBytes = SENT_CHUNK_BYTES
    const result = say('_result', transactionId, { fmsVer: 'FMS/3,5,7,7009', capabilities: 31, mode: 1 }, [
      {
        level: 'status',
        code: 'NetConnection.Connect.Success',
        description: 'Connection succeeded.',
        objectEncoding: object.objectEncoding === 3 ? 3 : 0,
        ...('fourCcList' in object || 'videoFourCcInfoMap' in object ? { fourCcList: fourCcs } : {}),
      },
    ])
    return sends(...head, result)
  }

  const createStream = ({ transactionId }: RtmpCommand): readonly SessionEvent[] => {
    if (streams >= MOST_STREAMS) throw new RtmpError('rtmp.out_of_turn', `more than ${MOST_STREAMS} streams`)
    streams++
    return sends(user(userControl.streamBegin, streams), say('_result', transactionId, null, [streams]))
  }

  const publish = ({ args }: RtmpCommand, streamId: number): readonly SessionEvent[] => {
    if (app === undefined || publishing !== undefined || streamId < 1 || streamId > streams)
      throw new RtmpError('rtmp.out_of_turn', 'publish comes once, behind connect and createStream')
    const [name] = args
    publishing = streamId
    return [{ type: 'publish', app, name: typeof name === 'string' ? name : '', encoder }]
  }

  const command = (message: RtmpMessage): readonly SessionEvent[] => {
    const said = decodeCommand(message)
    switch (said.name) {
      case 'connect':
        return connect(said)
      case 'createStream':
        return createStream(said)
      case 'publish':
        return publish(said, message.streamId)
      case 'play':
        return sends(
          say('onStatus', 0, null, [
            { level: 'error', code: 'NetStream.Play.Failed', description: 'watch by HTTP; here streams are published' },
          ]),
        )
      case 'FCUnpublish':
      case 'closeStream':
      case 'deleteStream':
        return publishing === undefined ? [] : [{ type: 'unpublish' }]
      case 'FCPublish':
        return sends(
          say('onFCPublish', 0, null, [{ level: 'status', code: 'NetStream.Publish.Start', description: 'FCPublish' }]),
        )
      case 'releaseStream':
      case '_checkbw':
      case 'getStreamLength':
        return sends(say('_result', said.transactionId, null, [undefined]))
      default:
        return said.transactionId === 0 || said.name.startsWith('_')
          ? []
          : sends(
              say('_error', said.transactionId, null, [
                { level: 'error', code: 'NetConnection.Call.Failed', description: 'there is no such command' },
              ]),
            )
    }
  }

  /** `@setDataFrame`, `onMetaData` and an object, or the latter two alone. */
  const data = ({ typeId, payload }: RtmpMessage): readonly SessionEvent[] => {
    const values = decodeAmf0(payload, typeId === messageType.dataAmf3 && payload[0] === 0 ? 1 : 0)
    const [name, found] = values[0] === '@setDataFrame' ? values.slice(1) : values
    return name === 'onMetaData' && isAmfObject(found) ? [{ type: 'metadata', values: found }] : []
  }

  const media = (type: 'audio' | 'video', { timestamp, payload }: RtmpMessage): readonly SessionEvent[] => {
    if (publishing === undefined) throw new RtmpError('rtmp.out_of_turn', `${type} before publish`)
    return payload.length === 0 ? [] : [{ type, timeMs: clocks[type](timestamp), payload }]
  }

  const handle = (message: RtmpMessage): readonly SessionEvent[] => {
    const { typeId, payload } = message
    if (publishing === undefined && ++heardBefore > stranger.messages)
      throw new RtmpError('rtmp.out_of_turn', `${stranger.messages} messages, and nothing published`)
    switch (typeId) {
      case messageType.commandAmf0:
      case messageType.commandAmf3:
        return command(message)
      case messageType.dataAmf0:
      case messageType.dataAmf3:
        return data(message)
      case messageType.audio:
        return media('audio', message)
      case messageType.video:
        return media('video', message)
      case messageType.aggregate:
        return messagesIn(message).flatMap(handle)
      case messageType.windowAcknowledgementSize:
        if (payload.length >= 4) windowBytes = Math.max(1, payload.readUInt32BE(0))
        return []
      case messageType.userControl:
        return payload.length >= 6 && payload.readUInt16BE(0) === userControl.pingRequest
          ? sends(user(userControl.pingResponse, payload.readUInt32BE(2)))
          : []
      default:
        return []
    }
  }

  const acknowledge = (): readonly SessionEvent[] => {
    if (received - acknowledged < windowBytes) return []
    acknowledged = received
    return sends(control(messageType.acknowledgement, uint32(received % timestampModulus)))
  }

  return {
    push: (bytes) => {
      received += bytes.length
      if (publishing === undefined && received > stranger.bytes)
        throw new RtmpError('rtmp.out_of_turn', `${stranger.bytes} bytes, and nothing published`)
      if (greeted) return [...chunks.push(bytes).flatMap(handle), ...acknowledge()]
      const { send, rest } = handshake.push(bytes)
      const answer: readonly SessionEvent[] = send ? [{ type: 'send', bytes: send }] : []
      if (!rest) return answer
      greeted = true
      return [...answer, ...chunks.push(rest).flatMap(handle)]
    },
    accept: () => {
      chunks.allow(limits.messageBytes)
      return status('status', 'NetStream.Publish.Start', 'the stream is published')
    },
    refuse: (reason) => status('error', 'NetStream.Publish.BadName', reason),
  }
}
