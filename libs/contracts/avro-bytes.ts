import type avsc from 'avsc'

/** Written to within one call alone. Larger than nearly every value; a larger one is written twice. */
const scratch = Buffer.allocUnsafeSlow(64 * 1024)

/**
 * A value of an Avro type as bytes, behind a prefix. avsc's own `toBuffer` makes a buffer of zeroes for each value, which
 * on the path of a command costs more than the encoding; this one takes from Node's pool. Throws what avsc throws.
 */
export const avroBytes = (type: avsc.Type, value: unknown, prefix: readonly number[] = []): Buffer => {
  const end = writeTo(scratch, type, value, prefix)
  if (end >= 0) {
    const bytes = Buffer.allocUnsafe(end)
    scratch.copy(bytes, 0, 0, end)
    return bytes
  }
  // Below zero it is how many bytes were missing.
  const bytes = Buffer.allocUnsafe(scratch.length - end)
  writeTo(bytes, type, value, prefix)
  return bytes
}

const writeTo = (target: Buffer, type: avsc.Type, value: unknown, prefix: readonly number[]): number => {
  for (const [at, byte] of prefix.entries()) target[at] = byte
  return type.encode(value, target, prefix.length)
}
