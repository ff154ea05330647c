import type { Piece } from './piece.ts'

/** A piece with its place in the recording. */
export type Placed = Piece & {
  /** Seconds from the beginning of the recording, by the length of what was played before. */
  readonly atSeconds: number
  /** It does not go on where the one before it ended: a gap, other parameters, another run. */
  readonly isBreak: boolean
}

const followsOn = (before: Piece, piece: Piece): boolean =>
  before.take === piece.take && before.sequence + 1 === piece.sequence && !piece.startsAfterDiscontinuity

/** Whether another connection of the encoder, or other parameters, begin with it; what is missing between is no matter. */
export const beginsSession = (before: Piece, { take, init, startsAfterDiscontinuity }: Piece): boolean =>
  before.take !== take || before.init !== init || startsAfterDiscontinuity

/** Pieces in their order, each with its place. What was lost between two of them takes no time. */
export const placed = (pieces: readonly Piece[]): readonly Placed[] => {
  let atMs = 0
  return pieces.map((piece, index) => {
    const before = pieces[index - 1]
    const place = { ...piece, atSeconds: atMs / 1000, isBreak: before !== undefined && !followsOn(before, piece) }
    atMs += piece.durationMs
    return place
  })
}

export const lengthMs = (pieces: readonly Piece[]): number =>
  pieces.reduce((sum, { durationMs }) => sum + durationMs, 0)

/** The index of the last of them that begins by then; 0 where none does. */
const lastBy = (pieces: readonly Placed[], begins: (piece: Placed) => number, value: number): number => {
  let [low, high] = [0, pieces.length]
  while (low < high) {
    const middle = (low + high) >> 1
    const piece = pieces[middle]
    if (piece && begins(piece) <= value) low = middle + 1
    else high = middle
  }
  return Math.max(0, low - 1)
}

/** When what is played at so many seconds was captured (ms since 1970); undefined for a recording without pieces. */
export const capturedAt = (pieces: readonly Placed[], seconds: number): number | undefined => {
  const piece = pieces[lastBy(pieces, ({ atSeconds }) => atSeconds, seconds)]
  if (!piece) return undefined
  return piece.capturedAtMs + Math.min(Math.max(0, (seconds - piece.atSeconds) * 1000), piece.durationMs)
}

/** Where what was captured then is played, in seconds; of a gap, where it goes on. Undefined as above. */
export const playedAt = (pieces: readonly Placed[], captured: number): number | undefined => {
  const piece = pieces[lastBy(pieces, ({ capturedAtMs }) => capturedAtMs, captured)]
  if (!piece) return undefined
  return piece.atSeconds + Math.min(Math.max(0, captured - piece.capturedAtMs), piece.durationMs) / 1000
}
