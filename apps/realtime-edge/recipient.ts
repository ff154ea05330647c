import type { Scope } from '#libs/access/scopes.ts'
import type { ServerFrame } from '#libs/protocols/native/server-frames.ts'

/** Who is at the other end, and by which session. */
export type Identity = {
  readonly accountId: string
  readonly sessionId: string
  readonly handle: string
  readonly name: string
  readonly platformRole: string
  /** What they would be, where that counts only for who showed two factors: then `platformRole` is `user`. */
  readonly heldBackRole?: string
  /** What the token may be used for by which this was proven. */
  readonly scopes: readonly Scope[]
  /** Nothing else may be done before. */
  readonly mustChangePassword: boolean
  /** When the connection was told so last; set as it is taken into its session. */
  readonly provenAt?: number
}

/** What a room knows of a connection: who it is, and how something gets there. */
export type Recipient = {
  readonly identity: Identity | undefined
  /** Writes whole frames. */
  readonly write: (bytes: Buffer) => void
  readonly send: (frame: ServerFrame) => void
}
