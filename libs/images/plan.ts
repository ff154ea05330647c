/** What may be sent in, measured before anything is decoded, and again while it is. */
export type ImageBounds = {
  readonly bytes: number
  /** Of one frame. */
  readonly pixels: number
  /** Of all frames together. */
  readonly allPixels: number
  readonly frames: number
  readonly durationMs: number
  /** Each side of it has at least so many pixels. */
  readonly side: number
  /** How many times as long as the other a side may be. */
  readonly aspect: number
}

/** What is made of a picture that is taken in. */
export type ImagePlan = {
  readonly bounds: ImageBounds
  /** Heights in pixels by the name of the rendition. */
  readonly heights: Readonly<Record<string, number>>
  /** Cut to a square around its middle; otherwise it keeps its shape. */
  readonly square: boolean
  /** The names stand for squares that it is made to fit into, and never made larger for. */
  readonly fitted?: true
  /** Moves where it was sent moving; otherwise its first frame stands for it. */
  readonly moving: boolean
}

/** Of an emote: high as a line of chat and multiples of it. What moves has a `-still` of each beside it. */
export const emotePlan: ImagePlan = {
  bounds: {
    bytes: 1_048_576,
    pixels: 1_048_576,
    allPixels: 16_777_216,
    frames: 120,
    durationMs: 15_000,
    side: 16,
    aspect: 3,
  },
  heights: { '1x': 32, '2x': 64, '3x': 96, '4x': 128 },
  square: false,
  moving: true,
}

/** Of a person: square and still. */
export const avatarPlan: ImagePlan = {
  bounds: {
    bytes: 4_194_304,
    pixels: 25_000_000,
    allPixels: 50_000_000,
    frames: 300,
    durationMs: 60_000,
    side: 32,
    aspect: 10,
  },
  heights: { '64': 64, '128': 128, '256': 256 },
  square: true,
  moving: false,
}

/** Shown with a message: as sent, but for its size; still. */
export const attachmentPlan: ImagePlan = {
  bounds: {
    bytes: 8_388_608,
    pixels: 25_000_000,
    allPixels: 50_000_000,
    frames: 300,
    durationMs: 60_000,
    side: 16,
    aspect: 20,
  },
  heights: { thumb: 320, full: 2048 },
  square: false,
  fitted: true,
  moving: false,
}
