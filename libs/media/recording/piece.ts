/**
 * A segment in the object store. All that a playlist needs to know of it stands in its object's name, so that a listing
 * of the store is the recording's index: whatever was stored is found, whenever its writer died.
 */
export type Piece = {
  /** A run of an ingest app over the broadcast: UUIDv7, so runs sort by their beginnings. */
  readonly take: string
  readonly sequence: number
  /** Which init segment of its take it needs. */
  readonly init: number
  /** By the source's clock; milliseconds since 1970. */
  readonly capturedAtMs: number
  readonly durationMs: number
  readonly bytes: number
  readonly startsAfterDiscontinuity: boolean
}

/** Where the media of all recordings of a channel lies; of one of them; and of its clips. */
export const channelFolder = (channelId: string): string => `media/${channelId}/`
export const vodFolder = (channelId: string, vodId: string): string => `${channelFolder(channelId)}vods/${vodId}/`
export const clipFolder = (channelId: string, clipId: string): string => `${channelFolder(channelId)}clips/${clipId}/`

/** Relative to the recording's folder: TAKE/init-INIT.mp4 */
export const initFile = (take: string, init: number): string => `${take}/init-${init}.mp4`

const SEQUENCE_DIGITS = 12
/** Of what follows on a discontinuity, and of what does not. */
const marks = { discontinuity: 'd', continuation: 'c' } as const

/** Relative to the recording's folder: TAKE/SEQUENCE_INIT_CAPTURED_DURATION_BYTES_MARK.m4s, with times in milliseconds. */
export const pieceFile = (piece: Piece): string => {
  const { take, sequence, init, capturedAtMs, durationMs, bytes } = piece
  const mark = piece.startsAfterDiscontinuity ? marks.discontinuity : marks.continuation
  const number = String(sequence).padStart(SEQUENCE_DIGITS, '0')
  return `${take}/${[number, init, capturedAtMs, durationMs, bytes, mark].join('_')}.m4s`
}

const form = /^([0-9a-f-]{36})\/(\d{12})_(\d{1,9})_(\d{1,15})_(\d{1,9})_(\d{1,12})_([cd])\.m4s$/

/** Undefined for what is no segment: an init segment, an index. */
export const pieceOf = (file: string): Piece | undefined => {
  const match = form.exec(file)
  if (!match) return undefined
  const [, take = '', sequence, init, capturedAtMs, durationMs, bytes, mark] = match
  return {
    take,
    sequence: Number(sequence),
    init: Number(init),
    capturedAtMs: Number(capturedAtMs),
    durationMs: Number(durationMs),
    bytes: Number(bytes),
    startsAfterDiscontinuity: mark === marks.discontinuity,
  }
}

const inOrder = (one: Piece, other: Piece): number =>
  one.take < other.take ? -1 : one.take > other.take ? 1 : one.sequence - other.sequence

/** The pieces among the names of objects below a recording's folder, in the order in which they are played. */
export const piecesAmong = (folder: string, names: readonly string[]): readonly Piece[] =>
  names.flatMap((name) => (name.startsWith(folder) ? (pieceOf(name.slice(folder.length)) ?? []) : [])).sort(inOrder)
