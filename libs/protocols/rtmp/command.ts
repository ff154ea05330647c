import { type AmfObject, type AmfValue, isAmfObject } from './amf-value.ts'
import { decodeAmf0, encodeAmf0 } from './amf0.ts'
import { messageType, type RtmpMessage } from './message.ts'
import { RtmpError } from './rtmp-error.ts'

/** A command (RTMP 1.0, section 7.2): `name`, the number under which it is answered, an object or null, and more. */
export type RtmpCommand = {
  readonly name: string
  readonly transactionId: number
  readonly object: AmfObject | null
  readonly args: readonly AmfValue[]
}

/** Reads a command in either form; that of AMF 3 is one byte, and then values of AMF 0 that may change over. */
export const decodeCommand = ({ typeId, payload }: RtmpMessage): RtmpCommand => {
  const isAmf3 = typeId === messageType.commandAmf3
  const [name, transactionId, object, ...args] = decodeAmf0(payload, isAmf3 && payload[0] === 0 ? 1 : 0)
  if (typeof name !== 'string') throw new RtmpError('rtmp.bad_command', 'a command does not begin with its name')
  return {
    name,
    transactionId: typeof transactionId === 'number' ? transactionId : 0,
    object: isAmfObject(object) ? object : null,
    args,
  }
}

export const encodeCommand = ({ name, transactionId, object, args }: RtmpCommand): Buffer =>
  encodeAmf0([name, transactionId, object, ...args])
