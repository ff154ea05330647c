import type { Instant, Offset } from './log.ts'

/** Where a process manager's command came from. The aggregate keeps the highest `n` of each source (I7). */
export type ManagerSource = { readonly name: string; readonly partition: number; readonly n: number }

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
}
