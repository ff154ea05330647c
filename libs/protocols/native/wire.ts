/**
 * A finished, unmasked WebSocket text frame (RFC 6455, section 5.2), as a server sends it: FIN and opcode 1, the
 * length in 7, 7+16 or 7+64 bits, the text in UTF-8. Made once per event and written as it is to every subscriber.
 */
export const textFrame = (text: string): Buffer => {
  const length = Buffer.byteLength(text)
  const start = length < 126 ? 2 : length < 65_536 ? 4 : 10
  const frame = Buffer.allocUnsafe(start + length)
  frame[0] = 0x81
  if (length < 126) frame[1] = length
  else if (length < 65_536) {
    frame[1] = 126
    frame.writeUInt16BE(length, 2)
  } else {
    frame[1] = 127
    frame.writeBigUInt64BE(BigInt(length), 2)
  }
  frame.write(text, start)
  return frame
}

/** The text of such a frame. */
export const frameText = (frame: Buffer): string => {
  const length = frame.readUInt8(1)
  return frame.toString('utf8', length < 126 ? 2 : length === 126 ? 4 : 10)
}
