import { z } from 'zod'

/** How an encoder does, as the ingest app saw it over the last two seconds. Soft: it stands in no journal. */
export const healthSchema = z.strictObject({
  /** Of one who tries an encoder out: the session. */
  broadcastId: z.string(),
  isTest: z.boolean().default(false),
  /** Milliseconds since 1970. */
  at: z.int(),
  kilobitsPerSecond: z.int().min(0),
  framesPerSecond: z.number().min(0),
  /** Between the last two keyframes; null before there are two. */
  keyframeIntervalMs: z.int().min(0).nullable(),
  /** How far the sound's clock is ahead of the video's since the connection began; null where one is missing. */
  driftMs: z.int().nullable(),
  /** Frames that should have come by the source's own rate, and did not. */
  droppedFrames: z.int().min(0),
  width: z.int().nullable(),
  height: z.int().nullable(),
})

export type Health = z.output<typeof healthSchema>
