/** Bounds of the live edge. Those that a client needs to know stand in its `hello`. */
export const limits = {
  /** Of one frame from a client. */
  frameBytes: 8192,
  textCodePoints: 512,
  joins: 50,
  /** Posts of one account. */
  posts: { perMinute: 240, burst: 30 },
  /** Frames of one connection; far above it the connection is closed. */
  frames: { perMinute: 1200, burst: 200 },
  /** Frames that are not of the protocol before the connection is closed. */
  invalidFrames: 20,
  connectionsPerAddress: 200,
  heartbeatMs: 30_000,
  /** Posts are refused while a command is without an outcome for this long. */
  shedAfterMs: 2000,
} as const
