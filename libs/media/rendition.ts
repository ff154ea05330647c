import type { Tracks } from './mp4/init.ts'

/** A partial segment (RFC 8216bis, section 4.4.4.9). */
export type Part = {
  readonly bytes: Buffer
  readonly seconds: number
  /** It begins with a keyframe, or has sound alone. */
  readonly isIndependent: boolean
}

/** A media segment, whose parts may still be coming. */
export type Segment = {
  readonly sequence: number
  /** Which init segment it needs, counted from 0. */
  readonly init: number
  readonly startsAfterDiscontinuity: boolean
  /** When its first sample was captured, by the source's clock; milliseconds since 1970. */
  readonly capturedAtMs: number
  readonly parts: readonly Part[]
  readonly seconds: number
  readonly isComplete: boolean
  /** Nothing of it is there: it stands for what was lost, so that numbers go on. */
  readonly isGap?: boolean
}

export type InitSegment = { readonly bytes: Buffer; readonly tracks: Tracks }

export const segmentBytes = ({ parts }: Segment): Buffer => Buffer.concat(parts.map(({ bytes }) => bytes))
