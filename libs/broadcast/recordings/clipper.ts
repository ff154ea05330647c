import { ObjectExists, type ObjectStore } from '#libs/journal/objects.ts'
import { initFile, lastingPiece, type Piece, pieceFile } from '#libs/media/recording/piece.ts'
import { trimSegment } from '#libs/media/recording/trim.ts'

export type Cut = { readonly from: string; readonly to: string; readonly fromMs: number; readonly toMs: number }

export type Clipped = { readonly bytes: number; readonly durationMs: number; readonly segments: number }

const within = ({ fromMs, toMs }: Cut, { capturedAtMs, durationMs }: Piece): boolean =>
  capturedAtMs < toMs && capturedAtMs + durationMs > fromMs

const putOnce = async (objects: Pick<ObjectStore, 'put'>, name: string, bytes: Buffer): Promise<void> => {
  await objects.put(name, bytes).catch((error) => {
    if (!(error instanceof ObjectExists)) throw error
  })
}

/**
 * Copies what was captured between two moments into a folder of its own, with its init segments, so that the clip stays
 * when its recording goes. The first and the last segment are cut at keyframes. Run again, it does the same again.
 */
export const copyClip = async (
  objects: Pick<ObjectStore, 'get' | 'put'>,
  pieces: readonly Piece[],
  cut: Cut,
): Promise<Clipped> => {
  const kept: Piece[] = []
  const inits = new Set<string>()
  for (const piece of pieces.filter((each) => within(cut, each))) {
    const whole = await objects.get(cut.from + pieceFile(piece))
    const init = initFile(piece.take, piece.init)
    const head = await objects.get(cut.from + init)
    // Deleted meanwhile.
    if (!whole || !head) continue
    const { capturedAtMs, durationMs } = piece
    const isInside = capturedAtMs >= cut.fromMs && capturedAtMs + durationMs <= cut.toMs
    const trimmed = isInside
      ? { bytes: whole, skippedMs: 0, durationMs }
      : trimSegment(whole, durationMs, cut.fromMs - capturedAtMs, cut.toMs - capturedAtMs)
    const copy = lastingPiece(piece, trimmed)
    if (!inits.has(init)) await putOnce(objects, cut.to + init, head)
    inits.add(init)
    await putOnce(objects, cut.to + pieceFile(copy), trimmed.bytes)
    kept.push(copy)
  }
  return {
    segments: kept.length,
    bytes: kept.reduce((sum, { bytes }) => sum + bytes, 0),
    durationMs: kept.reduce((sum, { durationMs }) => sum + durationMs, 0),
  }
}
