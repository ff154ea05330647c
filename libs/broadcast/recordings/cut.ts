import type { ObjectStore } from '#libs/journal/objects.ts'
import { type Piece, pieceFile } from '#libs/media/recording/piece.ts'
import { trimSegment } from '#libs/media/recording/trim.ts'
import { listPieces } from './shelf.ts'

/** What is to be a clip: from which folder into which, and from when until when (ms since 1970). */
export type Cut = { readonly from: string; readonly to: string; readonly fromMs: number; readonly toMs: number }

/** What a clip is made of: a piece of the recording as it will be, and where its media is. */
export type Trimmed = { readonly piece: Piece; readonly bytes: () => Promise<Buffer> }

export type ClipObjects = Pick<ObjectStore, 'get' | 'put' | 'list' | 'remove'>

const within = ({ fromMs, toMs }: Cut, { capturedAtMs, durationMs }: Piece): boolean =>
  capturedAtMs < toMs && capturedAtMs + durationMs > fromMs

/** A piece with its media; of the first and the last what lies within the cut, from a keyframe on. Undefined: it is gone. */
const trimmed = async (
  objects: Pick<ObjectStore, 'get'>,
  piece: Piece,
  { from, fromMs, toMs }: Cut,
): Promise<Trimmed | undefined> => {
  const { capturedAtMs, durationMs } = piece
  const get = (): Promise<Buffer | undefined> => objects.get(from + pieceFile(piece))
  if (capturedAtMs >= fromMs && capturedAtMs + durationMs <= toMs)
    return { piece, bytes: async () => (await get()) ?? Buffer.alloc(0) }
  const whole = await get()
  if (!whole) return undefined
  const { bytes, skippedMs, ...lasts } = trimSegment(whole, durationMs, fromMs - capturedAtMs, toMs - capturedAtMs)
  return {
    piece: { ...piece, ...lasts, capturedAtMs: capturedAtMs + skippedMs, bytes: bytes.length },
    bytes: async () => bytes,
  }
}

/** What there is of a recording between two moments, in its order. */
export const partsOf = async (objects: Pick<ObjectStore, 'get' | 'list'>, cut: Cut): Promise<readonly Trimmed[]> => {
  const parts: Trimmed[] = []
  for (const piece of await listPieces(objects, cut.from)) {
    const part = within(cut, piece) ? await trimmed(objects, piece, cut) : undefined
    if (part) parts.push(part)
  }
  return parts
}
