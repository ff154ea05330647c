import { uuidv7 } from '#libs/journal/ids.ts'
import { initFile, type Piece, pieceFile } from '#libs/media/recording/piece.ts'
import { beginsSession, lengthMs } from '#libs/media/recording/timeline.ts'
import { type ClipObjects, type Cut, partsOf, type Trimmed } from './cut.ts'
import { type JoinPieces, joinPieces } from './joiner.ts'
import { hasIndex, listPieces, putOnce, readPieces, removeFolder, writeIndex } from './shelf.ts'

/** Why there is no clip. */
export type ClipProblem = 'nothing_recorded' | 'ffmpeg_missing' | 'ffmpeg_failed'

export type Clipped = { readonly bytes: number; readonly durationMs: number; readonly problem: ClipProblem | null }

const nothing: Clipped = { bytes: 0, durationMs: 0, problem: 'nothing_recorded' }

/** Longer ones are copied, breaks and all, whatever they are made of: encoding them would take hours. */
const MOST_JOINED_MS = 600_000

/** Copies pieces with their init segments, without encoding anything. */
const copyPieces = async (objects: ClipObjects, cut: Cut, parts: readonly Trimmed[]): Promise<void> => {
  const inits = new Set<string>()
  for (const { piece, bytes } of parts) {
    const init = initFile(piece.take, piece.init)
    const media = await bytes()
    const head = inits.has(init) ? undefined : await objects.get(cut.from + init)
    // Deleted meanwhile.
    if (media.length === 0 || (!head && !inits.has(init))) continue
    if (head) await putOnce(objects, cut.to + init, head)
    inits.add(init)
    await putOnce(objects, cut.to + pieceFile(piece), media)
  }
}

const sumsOf = (pieces: readonly Piece[]): Clipped =>
  pieces.length === 0
    ? nothing
    : { bytes: pieces.reduce((sum, { bytes }) => sum + bytes, 0), durationMs: lengthMs(pieces), problem: null }

/**
 * Makes what was captured between two moments into a clip in a folder of its own, which stays when its recording goes:
 * as a copy cut at keyframes, or, where an encoder came back meanwhile, encoded anew as one. Run again, it tells what it
 * has made, or begins again.
 *
 * @param join undefined where there is no ffmpeg
 */
export const makeClip = async (objects: ClipObjects, cut: Cut, join: JoinPieces | undefined): Promise<Clipped> => {
  if (await hasIndex(objects, cut.to)) return sumsOf(await readPieces(objects, cut.to))
  await removeFolder(objects, cut.to)
  const parts = await partsOf(objects, cut)
  const pieces = parts.map(({ piece }) => piece)
  const isOfMany = pieces.some((piece, index) => {
    const before = pieces[index - 1]
    return before !== undefined && beginsSession(before, piece)
  })
  if (isOfMany && lengthMs(pieces) <= MOST_JOINED_MS) {
    if (!join) return { ...nothing, problem: 'ffmpeg_missing' }
    const isJoined = await joinPieces({ objects, cut, parts, take: uuidv7(), join })
    if (!isJoined) {
      await removeFolder(objects, cut.to)
      return { ...nothing, problem: 'ffmpeg_failed' }
    }
  } else {
    await copyPieces(objects, cut, parts)
  }
  const made = await listPieces(objects, cut.to)
  if (made.length > 0) await writeIndex(objects, cut.to, made)
  return sumsOf(made)
}
