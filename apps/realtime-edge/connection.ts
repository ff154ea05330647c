import type { Socket } from 'node:net'
import type { WebSocket } from 'ws'
import { type CloseReason, closeCodes } from '#libs/protocols/native/closing.ts'
import type { ServerFrame } from '#libs/protocols/native/server-frames.ts'
import { textFrame } from '#libs/protocols/native/wire.ts'
import { meters } from '#libs/telemetry/instruments.ts'
import { limits } from './limits.ts'
import type { Identity } from './recipient.ts'
import type { Membership } from './room.ts'

/** Bytes that may wait for a client before it is cut. What it misses it gets by its resume. */
export const SEND_QUEUE_BYTES = 1_048_576

/**
 * One client. Frames are written to the TCP socket itself, as finished bytes; `ws` keeps the handshake, what comes in,
 * and control frames. The two do not cut into one another: without compression and blobs `ws` writes each of its frames
 * whole within one call, and here too a write is whole frames.
 */
export class Connection {
  readonly id: string
  /** What connection limits count by. */
  readonly address: string
  /** A random number: which share of the connections it belongs to where work is spread over time. */
  readonly share = Math.floor(Math.random() * 2 ** 30)
  readonly memberships = new Map<string, Membership>()
  /** Set by authentication, for as long as the session holds. */
  identity: Identity | undefined
  /** The last time that anything came in. */
  seenAt: number
  /** Whether frames may still be written. */
  open = true
  /** Resolves when the connection is closed for good. */
  readonly gone: Promise<void>
  readonly #ws: WebSocket
  readonly #socket: Socket

  constructor(ws: WebSocket, socket: Socket, id: string, address: string, now: number) {
    this.#ws = ws
    this.#socket = socket
    this.id = id
    this.address = address
    this.seenAt = now
    this.gone = new Promise((resolve) => ws.once('close', () => resolve()))
  }

  /** Writes whole frames. A client that lets too much pile up is cut, once whoever is writing has finished. */
  write(bytes: Buffer): void {
    if (!this.open || this.#ws.readyState !== this.#ws.OPEN) return
    this.#socket.write(bytes)
    if (this.#socket.writableLength > SEND_QUEUE_BYTES) {
      this.open = false
      queueMicrotask(() => this.close('slowConsumer', 'resume'))
    }
  }

  /**
   * Writes whole frames and waits until the system has taken them, or the connection is gone. A client that reads so
   * slowly that they are not taken within a heartbeat is cut.
   */
  writeThrough(bytes: Buffer): Promise<void> {
    return new Promise((resolve) => {
      if (!this.open) return resolve()
      const late = setTimeout(() => this.close('slowConsumer', 'resume'), limits.heartbeatMs)
      this.#socket.write(bytes, () => {
        clearTimeout(late)
        resolve()
      })
    })
  }

  send(frame: ServerFrame): void {
    this.write(textFrame(JSON.stringify(frame)))
  }

  sendAll(frames: readonly ServerFrame[]): void {
    this.write(Buffer.concat(frames.map((frame) => textFrame(JSON.stringify(frame)))))
  }

  ping(): void {
    if (this.open) this.#ws.ping()
  }

  /** Says why and closes; the client has a few seconds to answer. */
  close(reason: CloseReason, text = ''): void {
    if (this.#ws.readyState !== this.#ws.OPEN) return
    this.open = false
    meters().closes.add(1, { reason })
    this.#ws.close(closeCodes[reason], text)
  }

  /** Ends it without waiting for an answer. */
  destroy(reason: CloseReason): void {
    this.close(reason)
    this.#ws.terminate()
  }
}
