import { messageType, type RtmpMessage, timestampModulus } from './message.ts'
import { RtmpError } from './rtmp-error.ts'

const HEADER_BYTES = 11
const BACK_POINTER_BYTES = 4

const within: ReadonlySet<number> = new Set([messageType.audio, messageType.video, messageType.dataAmf0])

/**
 * Takes an aggregate message apart (RTMP 1.0, section 7.1.6), by which some hardware encoders save headers:
 *
 *     aggregate = *( type(8) length(24) timestamp(24) timestamp's high byte(8) stream id(24) data back pointer(32) )
 *
 * The first one has the time of the aggregate, and the others are as much later as their timestamps say. Throws
 * {@link RtmpError} for what ends within a message, and for types that have no business in it, another aggregate among them.
 */
export const messagesIn = ({ payload, timestamp, ...rest }: RtmpMessage): readonly RtmpMessage[] => {
  const messages: RtmpMessage[] = []
  let shift: number | undefined
  for (let at = 0; at < payload.length; ) {
    const data = at + HEADER_BYTES
    const end = data > payload.length ? data : data + payload.readUIntBE(at + 1, 3)
    if (end > payload.length) throw new RtmpError('rtmp.bad_aggregate', 'an aggregate ends within one of its messages')
    const typeId = payload.readUInt8(at)
    if (!within.has(typeId)) throw new RtmpError('rtmp.bad_aggregate', `a message of type ${typeId} in an aggregate`)
    const time = payload.readUIntBE(at + 4, 3) + payload.readUInt8(at + 7) * 0x1000000
    shift ??= timestamp - time
    const shifted = (time + shift + timestampModulus) % timestampModulus
    messages.push({ ...rest, typeId, timestamp: shifted, payload: payload.subarray(data, end) })
    // Of the last one some encoders leave the back pointer out.
    at = end + BACK_POINTER_BYTES
  }
  return messages
}
