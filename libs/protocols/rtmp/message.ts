/** A message of the chunk stream (RTMP 1.0, sections 5.3 and 5.4). */
export type RtmpMessage = {
  /** 2 for control; what comes on one chunk stream keeps its order. */
  readonly chunkStreamId: number
  /** Milliseconds, modulo 2^32. */
  readonly timestamp: number
  readonly typeId: number
  /** 0 for the connection itself. */
  readonly streamId: number
  readonly payload: Buffer
}

/** Types of messages (RTMP 1.0, sections 5.4 and 7.1). */
export const messageType = {
  setChunkSize: 1,
  abort: 2,
  acknowledgement: 3,
  userControl: 4,
  windowAcknowledgementSize: 5,
  setPeerBandwidth: 6,
  audio: 8,
  video: 9,
  dataAmf3: 15,
  sharedObjectAmf3: 16,
  commandAmf3: 17,
  dataAmf0: 18,
  sharedObjectAmf0: 19,
  commandAmf0: 20,
  aggregate: 22,
} as const

export const controlChunkStream = 2

/** The chunk size with which both directions begin. */
export const firstChunkBytes = 128

export const timestampModulus = 2 ** 32
