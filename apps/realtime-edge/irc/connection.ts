import { formatMessage, type Outgoing } from '#libs/protocols/irc/format.ts'
import { type CloseReason, closeCodes } from '#libs/protocols/native/closing.ts'
import { meters } from '#libs/telemetry/instruments.ts'
import { SEND_QUEUE_BYTES } from '../connection.ts'
import type { Identity } from '../recipient.ts'
import type { Room } from '../room.ts'
import { type Capability, type Face, faceOf } from './capabilities.ts'
import { serverName } from './replies.ts'
import type { Share } from './share.ts'
import { framed, type Wire } from './wire.ts'

/** A channel that the connection has joined. */
export type IrcMembership = { readonly name: string; readonly room: Room; readonly share: Share }

/** A close frame of a client that said QUIT (RFC 6455, 7.4.1). */
const NORMAL_CLOSURE = 1000

/** Own messages that may be on their way: more than an account may post at once. */
const SENT = 256

/** One IRC client, over either transport. */
export class IrcConnection {
  readonly id: string
  /** What connection limits count by. */
  readonly address: string
  readonly startedAt: number
  /** A random number: which share of the connections it belongs to where work is spread over time. */
  readonly share = Math.floor(Math.random() * 2 ** 30)
  /** By the channel's name. */
  readonly memberships = new Map<string, IrcMembership>()
  readonly wire: Wire
  /** Set by authentication, for as long as the session holds; undefined for who only reads. */
  identity: Identity | undefined
  /** `*` until the client is registered. */
  nick = '*'
  capabilities: ReadonlySet<Capability> = new Set()
  face: Face = faceOf(this.capabilities)
  /** The last time that a whole line came in. */
  seenAt: number
  /** Whether lines may still be written. */
  open = true
  readonly #sent = new Set<string>()

  constructor(wire: Wire, id: string, address: string, now: number) {
    this.wire = wire
    this.id = id
    this.address = address
    this.startedAt = now
    this.seenAt = now
  }

  get gone(): Promise<void> {
    return this.wire.gone
  }

  /** Writes framed lines. A client that lets too much pile up is cut, once whoever is writing has finished. */
  write(bytes: Buffer): void {
    if (!this.open) return
    this.wire.write(bytes)
    if (this.wire.waitingBytes() > SEND_QUEUE_BYTES) {
      this.open = false
      queueMicrotask(() => this.#cut('slowConsumer'))
    }
  }

  send(...messages: readonly Outgoing[]): void {
    if (messages.length > 0) this.write(framed(this.wire.framing, messages.map(formatMessage)))
  }

  grant(granted: ReadonlySet<Capability>): void {
    this.capabilities = granted
    this.face = faceOf(granted)
    for (const { share } of this.memberships.values()) share.add(this)
  }

  /** The client has shown this message itself: unless it asked for its echo, it is not sent to it again. */
  shown(commandId: string): void {
    if (this.capabilities.has('echo-message')) return
    this.#sent.add(commandId)
    for (const oldest of this.#sent) {
      if (this.#sent.size <= SENT) break
      this.#sent.delete(oldest)
    }
  }

  /** Whether messages that it has shown itself may be on their way. */
  get awaitsOwn(): boolean {
    return this.#sent.size > 0
  }

  /** Whether it has shown the message itself. To be asked once for each message. */
  hasShown(commandId: string): boolean {
    return this.#sent.delete(commandId)
  }

  ping(): void {
    this.send({ command: 'PING', trailing: serverName(this.face) })
  }

  /** Says why and closes. */
  close(reason: CloseReason, text: string = reason): void {
    if (!this.open) return
    this.#sayClosing(text)
    meters().closes.add(1, { reason })
    this.wire.end(closeCodes[reason])
  }

  /** Ends it without waiting for an answer. */
  destroy(reason: CloseReason): void {
    this.close(reason)
    this.wire.cut()
  }

  /** The client said QUIT. */
  quit(): void {
    if (!this.open) return
    this.#sayClosing('Quit')
    this.wire.end(NORMAL_CLOSURE)
  }

  #sayClosing(text: string): void {
    this.send({ command: 'ERROR', trailing: `Closing link: ${text}` })
    this.open = false
  }

  /** Without a word, since it would not be read. */
  #cut(reason: CloseReason): void {
    meters().closes.add(1, { reason })
    this.wire.cut()
  }
}
