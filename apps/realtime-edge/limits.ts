import { nativeLimits } from '#libs/protocols/native/limits.ts'

/** Bounds of the live edge. Those that a client needs to know stand in its `hello`. */
export const limits = {
  ...nativeLimits,
  whispers: { perMinute: 100, burst: 20 },
  posts: { perMinute: nativeLimits.postsPerMinute, burst: nativeLimits.postBurst },
  /** Frames of one connection; far above it the connection is closed. */
  frames: { perMinute: 1200, burst: 200 },
  /** Frames that are not of the protocol before the connection is closed. */
  invalidFrames: 20,
  connectionsPerAddress: 200,
  /** Posts are refused while a command is without an outcome for this long. */
  shedAfterMs: 2000,
} as const
