import { createHash } from 'node:crypto'
import { HttpProblem } from '#libs/http/problem.ts'
import type { ByteRange, ObjectStore } from '#libs/journal/objects.ts'
import { type ProgressiveFile, progressiveFile, type SourceSegment } from '#libs/media/mp4/progressive/file.ts'
import { fileRange } from '#libs/media/mp4/progressive/range.ts'
import { initFile, pieceFile } from '#libs/media/recording/piece.ts'
import type { Placed } from '#libs/media/recording/timeline.ts'
import { createByteCache } from '../media/byte-cache.ts'

/** What is made into one file: pieces below a folder of the object store. */
export type Filed = { readonly folder: string; readonly pieces: readonly Placed[] }

/** One MP4 file of a recording, which is never held: its tables are, the rest is read where it lies. */
export type RecordingFile = {
  readonly bytes: number
  readonly read: (range: ByteRange) => AsyncGenerator<Buffer>
}

export type RecordingFiles = {
  /** An entity tag: the same for the same file, whichever edge makes it (RFC 9110, section 8.8.3). */
  readonly tagOf: (filed: Filed) => string
  /** Undefined of nothing. Throws `platform.busy` where too many are being made. */
  readonly open: (filed: Filed) => Promise<RecordingFile | undefined>
}

/** To change with what a file is made like, or downloads go on with the bytes of another one. */
const FORM = 'mp4/1'
/** Each reads all of its recording: more would take the disk, or the line to the object store, from who watches. */
const MOST_MADE_AT_ONCE = 4
/** Tables of a broadcast of six hours are about 6 MB. */
const MOST_KEPT_BYTES = 64 << 20
const EXTENT_BYTES = 64

const heldBytes = ({ head, extents }: ProgressiveFile): number => head.length + extents.length * EXTENT_BYTES

export const createRecordingFiles = (objects: Pick<ObjectStore, 'get'>): RecordingFiles => {
  const kept = createByteCache<ProgressiveFile>(MOST_KEPT_BYTES)
  const making = new Map<string, Promise<ProgressiveFile | undefined>>()

  const need = async (name: string, range?: ByteRange): Promise<Buffer> => {
    const bytes = await objects.get(name, range)
    if (!bytes) throw new HttpProblem('playback.not_found')
    return bytes
  }

  const sourceOf =
    (folder: string) =>
    (piece: Placed): SourceSegment => ({
      initName: initFile(piece.take, piece.init),
      init: () => need(folder + initFile(piece.take, piece.init)),
      bytes: () => need(folder + pieceFile(piece)),
      isBreak: piece.isBreak,
    })

  const tagOf = ({ folder, pieces }: Filed): string => {
    const hash = createHash('sha256').update(FORM).update(folder)
    for (const piece of pieces) hash.update('\n').update(pieceFile(piece))
    return `"${hash.digest('base64url').slice(0, 27)}"`
  }

  /** Once for all who ask meanwhile. */
  const make = (tag: string, { folder, pieces }: Filed): Promise<ProgressiveFile | undefined> => {
    if (making.size >= MOST_MADE_AT_ONCE) throw new HttpProblem('platform.busy')
    const made = progressiveFile(pieces.map(sourceOf(folder)))
      .then((file) => {
        if (file) kept.put(tag, file, heldBytes(file), Number.POSITIVE_INFINITY)
        return file
      })
      .finally(() => making.delete(tag))
    making.set(tag, made)
    return made
  }

  const plan = async (filed: Filed): Promise<ProgressiveFile | undefined> => {
    const tag = tagOf(filed)
    return kept.get(tag) ?? making.get(tag) ?? make(tag, filed)
  }

  return {
    tagOf,
    open: async (filed) => {
      const file = await plan(filed)
      if (!file) return undefined
      return {
        bytes: file.bytes,
        read: async function* ({ from, to }) {
          const { head, reads } = fileRange(file, from, to)
          if (head.length > 0) yield head
          for (const { segment, slices, ...range } of reads) {
            const piece = filed.pieces[segment]
            const bytes = piece && (await need(filed.folder + pieceFile(piece), range))
            for (const slice of slices) if (bytes) yield bytes.subarray(slice.from - range.from, slice.to - range.from)
          }
        },
      }
    },
  }
}
