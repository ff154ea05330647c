import { createHash } from 'node:crypto'
import type { Instant, Offset } from './log.ts'

/** Where a process manager's command came from. The aggregate keeps the highest `n` of each source (I7). */
export type ManagerSource = { readonly name: string; readonly partition: number; readonly n: number }

/**
 * The id of a manager's command: the same for the same source, so that one sent again is known as the same. `index`
 * tells the commands of one source apart. A UUIDv8 of the first 122 bits of a SHA-256 (RFC 9562, 5.8 and B.2).
 */
export const derivedId = (manager: string, partition: number, n: number, index = 0): string => {
  const bytes = createHash('sha256')
    .update(JSON.stringify([manager, partition, n, index]))
    .digest()
    .subarray(0, 16)
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6)
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8)
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

/** A command as it lies in a command topic: one record each, keyed by the aggregate. Avro, `schemas/journal/`. */
export type CommandEnvelope = {
  /** UUIDv7 chosen by the client; for a manager's command derived from its source. */
  readonly id: string
  /** An account id, or `manager/<name>`, or `system`. */
  readonly principal: string
  readonly type: string
  readonly version: number
  /** Avro bytes of the command by (type, version): what the client asked for, compared when an id comes twice. */
  readonly payload: Buffer
  /** Soft facts stamped by the edge (I9): `displayName` and the like. Not compared. */
  readonly facts: Readonly<Record<string, string>>
  /** Absent for managers. An expired command is rejected with `command.expired`. */
  readonly expiresAt?: Instant
  readonly manager?: ManagerSource
  /** `If-Match`: the `n` that the caller saw last of the resource named by the command. */
  readonly expectedVersion?: number
  /** The instance that sent it, so that others may skip its rejections. */
  readonly origin: string
}

/** A command read back from its topic. */
export type ReceivedCommand = CommandEnvelope & {
  readonly key: string
  readonly offset: Offset
  readonly traceparent?: string
  readonly correlation?: string
  readonly impersonator?: string
}
