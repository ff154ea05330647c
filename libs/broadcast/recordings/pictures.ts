import type { ObjectStore } from '#libs/journal/objects.ts'
import { runFfmpeg } from '#libs/media/ffmpeg/run.ts'
import { fragmentsOf } from '#libs/media/mp4/read.ts'
import { initFile, pieceFile } from '#libs/media/recording/piece.ts'
import { type Sheet, sheetsOf, storyboardText, tile } from '#libs/media/recording/storyboard.ts'
import { lengthMs, type Placed, placed } from '#libs/media/recording/timeline.ts'
import { putOnce, readPieces } from './shelf.ts'

/** Relative to a recording's folder. */
export const pictureFiles = {
  thumbnail: 'thumbnail.jpg',
  storyboard: 'storyboard.vtt',
  sheet: (sheet: number) => `storyboard-${sheet}.jpg`,
} as const

const WITHIN_MS = 60_000
const MOST_BYTES = 8 << 20
const THUMBNAIL_WIDTH = 640
/** A picture from the beginning would often be a black one. */
const THUMBNAIL_AT = 0.1

/** Pictures of all shapes are put into the same one. */
const fitted = `scale=${tile.width}:${tile.height}:force_original_aspect_ratio=decrease,pad=${tile.width}:${tile.height}:-1:-1`
const jpeg = ['-c:v', 'mjpeg', '-q:v', '5', '-f', 'image2pipe', '-threads', '1', '-frames:v', '1'] as const

export type Pictures = (folder: string, signal: AbortSignal) => Promise<void>

/** Makes a thumbnail and a storyboard of what lies in a folder; only keyframes are decoded. Rejects where ffmpeg fails. */
export const makePictures =
  (objects: Pick<ObjectStore, 'get' | 'list' | 'put'>, ffmpeg: string): Pictures =>
  async (folder, signal) => {
    const put = (file: string, bytes: Buffer): Promise<void> => putOnce(objects, folder + file, bytes)

    /** The beginnings of pieces, which are keyframes, behind their init segment. */
    const beginnings = async (pieces: readonly Placed[]): Promise<Buffer> => {
      const [first] = pieces
      const init = first && (await objects.get(folder + initFile(first.take, first.init)))
      const parts: Buffer[] = init ? [init] : []
      for (const piece of pieces) {
        const bytes = await objects.get(folder + pieceFile(piece))
        const [fragment] = bytes ? fragmentsOf(bytes) : []
        if (bytes && fragment) parts.push(bytes.subarray(fragment.at, fragment.end))
      }
      return Buffer.concat(parts)
    }

    const draw = async (pieces: readonly Placed[], filter: string): Promise<Buffer> =>
      runFfmpeg({
        ffmpeg,
        args: ['-an', '-vf', `select=eq(pict_type\\,I),${filter}`, ...jpeg],
        input: await beginnings(pieces),
        withinMs: WITHIN_MS,
        mostBytes: MOST_BYTES,
        signal,
      })

    const drawSheet = ({ pieces, columns, rows }: Sheet): Promise<Buffer> =>
      draw(pieces, `${fitted},tile=${columns}x${rows}`)

    const pieces = placed(await readPieces(objects, folder))
    const early = pieces[Math.floor(pieces.length * THUMBNAIL_AT)]
    if (!early) return
    await put(pictureFiles.thumbnail, await draw([early], `scale=${THUMBNAIL_WIDTH}:-2`))
    const sheets = sheetsOf(pieces)
    for (const [index, sheet] of sheets.entries()) await put(pictureFiles.sheet(index), await drawSheet(sheet))
    const text = storyboardText(sheets, lengthMs(pieces) / 1000, pictureFiles.sheet)
    await put(pictureFiles.storyboard, Buffer.from(text))
  }
