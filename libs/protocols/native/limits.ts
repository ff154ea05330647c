import type { ServerFrameOf } from './server-frames.ts'

/** What a client has to keep to, as its `hello` says; the edge has no other numbers. */
export const nativeLimits = {
  /** Of one frame from a client. */
  frameBytes: 8192,
  /** Of a `query` or `command` of somebody who has said who they are: a policy fits. */
  questionBytes: 81_920,
  /** Answers that one connection waits for. */
  questions: 8,
  answerBytes: 524_288,
  textCodePoints: 512,
  joins: 50,
  /** Posts of one account. */
  postBurst: 30,
  postsPerMinute: 240,
  heartbeatMs: 30_000,
  /** The most events that a resume brings. */
  resumeEvents: 10_000,
} as const satisfies ServerFrameOf<'hello'>['limits']
