import { box, u32 } from '../box.ts'
import { audioTrackId, videoTimescale, videoTrackId } from '../init.ts'
import { fragmentsOf } from '../read.ts'
import { LARGE_HEAD_BYTES, largeDataHead, movieBox } from './movie.ts'
import { addRun, createTrack, type Track, tracksIn } from './track.ts'

/** A segment of a recording, to be read once. */
export type SourceSegment = {
  /** Names its init segment; the same for the same one. */
  readonly initName: string
  readonly init: () => Promise<Buffer>
  readonly bytes: () => Promise<Buffer>
  /** It does not go on where the one before it ended. */
  readonly isBreak: boolean
}

/** Bytes of a segment, from `from` on and before `to`, that stand at `at` of the file. */
export type Extent = { readonly segment: number; readonly from: number; readonly to: number; readonly at: number }

/** A file that plays while it is loaded: the tables of its samples, then the samples, which lie in segments. */
export type ProgressiveFile = {
  readonly bytes: number
  readonly head: Buffer
  /** In the order of the file, without a gap behind the head. */
  readonly extents: readonly Extent[]
}

const fileType = box('ftyp', Buffer.from('isom', 'latin1'), u32(0x200), Buffer.from('isomiso6avc1mp41', 'latin1'))

/** What is known of the segments so far. */
const createGathering = () => {
  const tracks = new Map<number, Track>()
  const clocks = new Map<string, ReadonlyMap<number, number>>()
  const extents: Omit<Extent, 'at'>[] = []
  let dataBytes = 0
  /** Seconds: where the present run of segments begins, by the clock of the file and by its own. */
  let [fileStart, runStart] = [0, Number.NaN]

  /** Ticks a second of its tracks, by their ids. */
  const know = (initName: string, init: Buffer): void => {
    const own = new Map<number, number>()
    for (const read of tracksIn(init)) {
      const track = tracks.get(read.id) ?? createTrack(read)
      tracks.set(read.id, track)
      const same = track.entries.findIndex((entry) => entry.equals(read.entry))
      track.entryOf.set(initName, same === -1 ? track.entries.push(read.entry) : same + 1)
      own.set(read.id, read.timescale)
    }
    clocks.set(initName, own)
  }

  const take = (segment: number, { initName, isBreak }: SourceSegment, bytes: Buffer): void => {
    const fragments = fragmentsOf(bytes)
    const ticksASecond = (trackId: number): number => clocks.get(initName)?.get(trackId) ?? videoTimescale
    const starts = fragments
      .flatMap(({ runs }) => runs)
      .map(({ trackId, decodeTime }) => decodeTime / ticksASecond(trackId))
    if (starts.length === 0) return
    if (isBreak || Number.isNaN(runStart)) {
      fileStart = Math.max(0, ...[...tracks.values()].map(({ next, timescale }) => next / timescale))
      runStart = Math.min(...starts)
    }
    for (const { runs, data } of fragments) {
      let offset = dataBytes
      for (const run of runs) {
        const track = tracks.get(run.trackId)
        if (!track) continue
        const ticks = ticksASecond(run.trackId)
        const start = Math.round((fileStart + run.decodeTime / ticks - runStart) * track.timescale)
        addRun(track, run, start, offset, track.entryOf.get(initName) ?? 1, track.timescale / ticks)
        offset += run.sizes.reduce((sum, size) => sum + size, 0)
      }
      extents.push({ segment, from: data.start, to: data.end })
      dataBytes += data.end - data.start
    }
  }

  return {
    knows: (initName: string) => clocks.has(initName),
    know,
    take,
    finish: (): ProgressiveFile | undefined => {
      const filled = [videoTrackId, audioTrackId]
        .flatMap((id) => tracks.get(id) ?? [])
        .filter(({ sizes }) => sizes.length > 0)
      if (filled.length === 0) return undefined
      // Offsets have a fixed length, so that the tables are as long whatever stands in them.
      const dataOffset = fileType.length + movieBox(filled, 0).length + LARGE_HEAD_BYTES
      const head = Buffer.concat([fileType, movieBox(filled, dataOffset), largeDataHead(dataBytes)])
      let at = dataOffset
      const placed = extents.map((extent) => {
        const place = { ...extent, at }
        at += extent.to - extent.from
        return place
      })
      return { bytes: at, head, extents: placed }
    },
  }
}

/** Segments that are read ahead while one is looked at. */
const READ_AHEAD = 4

/**
 * Puts the samples of a recording's segments into one MP4 file, without encoding anything: what was lost between two of
 * them takes no time, and pictures of other parameters have a description of their own. Each segment is read once, for
 * the tables; nothing else of it is held.
 *
 * @returns undefined where there is no sample
 */
export const progressiveFile = async (segments: readonly SourceSegment[]): Promise<ProgressiveFile | undefined> => {
  const gathering = createGathering()
  for (let first = 0; first < segments.length; first += READ_AHEAD) {
    const some = segments.slice(first, first + READ_AHEAD)
    const read = await Promise.all(some.map(({ bytes }) => bytes()))
    for (const [index, segment] of some.entries()) {
      const { initName, init } = segment
      if (!gathering.knows(initName)) gathering.know(initName, await init())
      gathering.take(first + index, segment, read[index] ?? Buffer.alloc(0))
    }
  }
  return gathering.finish()
}
