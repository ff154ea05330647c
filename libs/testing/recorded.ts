import { uuidv7 } from '#libs/journal/ids.ts'
import type { ObjectStore } from '#libs/journal/objects.ts'
import type { PackagerEvent } from '#libs/media/packager.ts'
import { initFile, type Piece, pieceFile } from '#libs/media/recording/piece.ts'
import { segmentBytes } from '#libs/media/rendition.ts'

/** Puts what was packaged into a folder of an object store, as one run of an ingest app would have. */
export const storeRecorded = async (
  objects: Pick<ObjectStore, 'put'>,
  folder: string,
  events: readonly PackagerEvent[],
  take = uuidv7(),
): Promise<readonly Piece[]> => {
  const pieces: Piece[] = []
  let inits = 0
  for (const event of events) {
    if (event.type === 'init') await objects.put(folder + initFile(take, inits++), event.init.bytes)
    if (event.type !== 'segment') continue
    const { sequence, init, capturedAtMs, seconds, startsAfterDiscontinuity } = event.segment
    const bytes = segmentBytes(event.segment)
    const times = { capturedAtMs: Math.round(capturedAtMs), durationMs: Math.round(seconds * 1000) }
    const piece = { take, sequence, init, ...times, bytes: bytes.length, startsAfterDiscontinuity }
    await objects.put(folder + pieceFile(piece), bytes)
    pieces.push(piece)
  }
  return pieces
}
