/** Somebody who was let in by a key. */
export type Entrant = {
  readonly channelId: string
  readonly keyId: string
  readonly sessionId: string
  readonly ownerId: string
  readonly cut: (reason: string) => void
}
