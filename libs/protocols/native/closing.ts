/**
 * Why the edge closed a socket, as a WebSocket close code (RFC 6455, section 7.4: 4000 and up are the application's).
 * After `goingAway`, `slowConsumer` and `unresponsive` a client comes back and resumes with {epoch, seq}.
 */
export const closeCodes = {
  /** Service restart (1012): the edge is going away; the frame `closing` said when to come back. */
  goingAway: 1012,
  /** Not a text frame. */
  unsupportedData: 1003,
  /** A frame above the limit that `hello` names. */
  tooBig: 1009,
  /** Too many frames that are not of the protocol, or far above the rate. */
  policy: 1008,
  /** The client reads more slowly than its channels write. Come back and resume. */
  slowConsumer: 4001,
  /** The session was revoked, the account erased, or 24 h have passed. Log in again. */
  sessionEnded: 4002,
  /** The address was banned: coming back is of no use. */
  addressBanned: 4006,
  /** No sign of life for two heartbeats. */
  unresponsive: 4003,
} as const

export type CloseReason = keyof typeof closeCodes
