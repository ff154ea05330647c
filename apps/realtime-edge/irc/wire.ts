import { textFrame } from '#libs/protocols/native/wire.ts'

/** How lines go over the network: one after another, or in text frames of a WebSocket, each of whole lines. */
export type Framing = 'tcp' | 'websocket'

/** The bytes of these lines, the same for every connection of this framing. */
export const framed = (framing: Framing, lines: readonly string[]): Buffer => {
  const text = lines.map((line) => `${line}\r\n`).join('')
  return framing === 'tcp' ? Buffer.from(text) : textFrame(text)
}

/** The network under one connection. */
export type Wire = {
  readonly framing: Framing
  /** Writes framed lines. */
  readonly write: (bytes: Buffer) => void
  /** Bytes that the system has not taken yet. */
  readonly waitingBytes: () => number
  readonly pause: () => void
  readonly resume: () => void
  /** Ends once all that was written has gone out, and cuts after a few seconds. `code` is a WebSocket's close code. */
  readonly end: (code: number) => void
  readonly cut: () => void
  /** Resolves when it is closed for good. */
  readonly gone: Promise<void>
}
