import { randomFillSync } from 'node:crypto'
import { RtmpError } from './rtmp-error.ts'

/**
 * The simple handshake (RTMP 1.0, section 5.2), as the server says it:
 *
 *     C0 = version                                          1 byte: 3
 *     C1 = time(4) zero(4) random(1528)                     S1 alike
 *     S2 = time of C1(4) time at which it was read(4) random of C1(1528)
 *     C2 = the same of S1
 *
 * Digests in C1, by which Flash Player asked for proof, are not answered: encoders go on without one.
 */
const VERSION = 3
const PART_BYTES = 1536

export type Handshake = {
  /** Takes what came; gives what is to be sent, and, once the client's part is complete, what came behind it. */
  readonly push: (bytes: Buffer) => { readonly send?: Buffer; readonly rest?: Buffer }
}

export const serverHandshake = (nowMs: () => number): Handshake => {
  let held = Buffer.alloc(0)
  let answered = false

  const answer = (c1: Buffer): Buffer => {
    const s0s1s2 = Buffer.alloc(1 + 2 * PART_BYTES)
    s0s1s2[0] = VERSION
    s0s1s2.writeUInt32BE(nowMs() >>> 0, 1)
    randomFillSync(s0s1s2, 9, PART_BYTES - 8)
    const s2 = s0s1s2.subarray(1 + PART_BYTES)
    c1.copy(s2)
    s2.writeUInt32BE(nowMs() >>> 0, 4)
    return s0s1s2
  }

  return {
    push: (bytes) => {
      held = Buffer.concat([held, bytes])
      if (held.length > 0 && !answered && held[0] !== VERSION)
        throw new RtmpError('rtmp.bad_version', `the first byte is ${held[0]}, not the version ${VERSION}`)
      let send: Buffer | undefined
      if (!answered && held.length >= 1 + PART_BYTES) {
        send = answer(held.subarray(1, 1 + PART_BYTES))
        held = held.subarray(1 + PART_BYTES)
        answered = true
      }
      if (!answered || held.length < PART_BYTES) return send ? { send } : {}
      const rest = held.subarray(PART_BYTES)
      held = Buffer.alloc(0)
      return send ? { send, rest } : { rest }
    },
  }
}
