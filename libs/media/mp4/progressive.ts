import { box, fullBox, u16, u32, u64 } from './box.ts'
import { audioTrackId, videoTimescale, videoTrackId } from './init.ts'
import { boxesAt, fragmentsOf, type ReadRun } from './read.ts'

/** A segment of a recording, to be read as often as it is asked for. */
export type SourceSegment = {
  /** Names its init segment; the same for the same one. */
  readonly initName: string
  readonly init: () => Promise<Buffer>
  readonly bytes: () => Promise<Buffer>
  /** It does not go on where the one before it ended. */
  readonly isBreak: boolean
}

/** A file that plays while it is loaded: the tables of its samples, then the samples. */
export type ProgressiveFile = {
  readonly bytes: number
  readonly chunks: () => AsyncGenerator<Buffer>
}

/** Runs of the same value, as in the tables of durations and offsets. */
type Runs = { count: number; value: number }[]

type Track = {
  readonly id: number
  readonly timescale: number
  /** Descriptions of samples, by the init segments that they come from. */
  readonly entries: Buffer[]
  readonly entryOf: Map<string, number>
  readonly header: Buffer
  readonly media: { readonly handler: Buffer; readonly mediaHeader: Buffer; readonly dataInformation: Buffer }
  readonly durations: Runs
  readonly offsets: Runs
  readonly sizes: number[]
  readonly syncs: number[]
  /** Offsets of chunks from the beginning of the data, and for each how many samples of which description. */
  readonly chunks: number[]
  readonly chunkSamples: number[]
  readonly chunkEntries: number[]
  /** Ticks from the beginning of the file. */
  first: number | undefined
  next: number
  lastDuration: number
}

const MOVIE_TIMESCALE = 1000

const add = (runs: Runs, value: number): void => {
  const last = runs.at(-1)
  if (last?.value === value) last.count++
  else runs.push({ count: 1, value })
}

/** The last sample lasts until the next one, wherever its writer thought that it ends. */
const stretchLast = (track: Track, ticks: number): void => {
  const last = track.durations.at(-1)
  if (!last || ticks === 0) return
  const value = Math.max(0, track.lastDuration + ticks)
  if (last.count === 1) track.durations.pop()
  else last.count--
  add(track.durations, value)
}

const boxBytes = (bytes: Buffer, path: readonly string[]): Buffer => {
  const [found] = boxesAt(bytes, path)
  return found ? bytes.subarray(found.at, found.end) : Buffer.alloc(0)
}

/** What an init segment says of a track: the boxes that are taken over as they are. */
const tracksIn = (init: Buffer) =>
  boxesAt(init, ['moov', 'trak']).map(({ start, end }) => {
    const trak = init.subarray(start, end)
    const [header] = boxesAt(trak, ['tkhd'])
    const [clock] = boxesAt(trak, ['mdia', 'mdhd'])
    const [table] = boxesAt(trak, ['mdia', 'minf', 'stbl', 'stsd'])
    const [information] = boxesAt(trak, ['mdia', 'minf'])
    const kind =
      information &&
      ['vmhd', 'smhd'].map((type) => boxesAt(trak, [type], information.start, information.end)[0]).find(Boolean)
    return {
      id: header ? trak.readUInt32BE(header.start + 12) : 0,
      timescale: clock ? trak.readUInt32BE(clock.start + 12) : videoTimescale,
      header: boxBytes(trak, ['tkhd']),
      entry: table ? trak.subarray(table.start + 8, table.end) : Buffer.alloc(0),
      handler: boxBytes(trak, ['mdia', 'hdlr']),
      mediaHeader: kind ? trak.subarray(kind.at, kind.end) : Buffer.alloc(0),
      dataInformation: boxBytes(trak, ['mdia', 'minf', 'dinf']),
    }
  })

const createTrack = (read: ReturnType<typeof tracksIn>[number]): Track => ({
  id: read.id,
  timescale: read.timescale,
  entries: [],
  entryOf: new Map(),
  header: read.header,
  media: { handler: read.handler, mediaHeader: read.mediaHeader, dataInformation: read.dataInformation },
  durations: [],
  offsets: [],
  sizes: [],
  syncs: [],
  chunks: [],
  chunkSamples: [],
  chunkEntries: [],
  first: undefined,
  next: 0,
  lastDuration: 0,
})

/** The samples of a run, which begin at so many ticks of the file and so many bytes of its data. */
const addRun = (track: Track, run: ReadRun, startTicks: number, offset: number, entry: number, scale: number): void => {
  track.first ??= startTicks
  stretchLast(track, track.sizes.length === 0 ? 0 : startTicks - track.next)
  track.next = startTicks
  for (const [index, size] of run.sizes.entries()) {
    const duration = Math.round((run.durations[index] ?? 0) * scale)
    add(track.durations, duration)
    add(track.offsets, Math.round((run.compositionOffsets[index] ?? 0) * scale))
    track.sizes.push(size)
    if (run.isSync[index]) track.syncs.push(track.sizes.length)
    track.next += duration
    track.lastDuration = duration
  }
  track.chunks.push(offset)
  track.chunkSamples.push(run.sizes.length)
  track.chunkEntries.push(entry)
}

/** As many as there are: more than a function can be called with. */
const words = (values: readonly number[]): Buffer => {
  const bytes = Buffer.alloc(4 * values.length)
  for (const [index, value] of values.entries()) bytes.writeUInt32BE(value >>> 0, 4 * index)
  return bytes
}

const table = (type: string, version: number, rows: readonly number[], perRow: number): Buffer =>
  fullBox(type, version, 0, u32(rows.length / perRow), words(rows))

const sampleToChunk = ({ chunkSamples, chunkEntries }: Track): Buffer => {
  const rows: number[] = []
  for (const [index, samples] of chunkSamples.entries()) {
    const isSame = index > 0 && chunkSamples[index - 1] === samples && chunkEntries[index - 1] === chunkEntries[index]
    if (!isSame) rows.push(index + 1, samples, chunkEntries[index] ?? 1)
  }
  return table('stsc', 0, rows, 3)
}

const movieTicks = (ticks: number, timescale: number): number => Math.round((ticks * MOVIE_TIMESCALE) / timescale)

/** How much later than it is decoded the first sample is shown. */
const firstOffset = ({ offsets }: Track): number => Math.max(0, offsets[0]?.value ?? 0)

/** When a track's first sample is shown, in seconds. */
const shownAt = (track: Track): number => ((track.first ?? 0) + firstOffset(track)) / track.timescale

/** A track that is shown later than the file begins waits for so long (ISO/IEC 14496-12, section 8.6.6). */
const edits = (track: Track, beginsAt: number): Buffer => {
  const { first = 0, next, timescale } = track
  const lasts = movieTicks(next - first, timescale)
  const waits = Math.round((shownAt(track) - beginsAt) * MOVIE_TIMESCALE)
  const rows = [...(waits > 0 ? [waits, 0xffffffff, 0x10000] : []), lasts, firstOffset(track), 0x10000]
  return box('edts', table('elst', 0, rows, 3))
}

const headerLasting = (header: Buffer, duration: number): Buffer => {
  const copy = Buffer.from(header)
  copy.writeUInt32BE(duration, 28)
  return copy
}

const UNDETERMINED_LANGUAGE = 0x55c4

const trackBox = (track: Track, dataOffset: number, beginsAt: number): Buffer => {
  const { timescale, durations, offsets, sizes, syncs, chunks, media, entries } = track
  const lasts = track.next - (track.first ?? 0)
  const tables = box(
    'stbl',
    fullBox('stsd', 0, 0, u32(entries.length), ...entries),
    table(
      'stts',
      0,
      durations.flatMap(({ count, value }) => [count, value]),
      2,
    ),
    ...(offsets.some(({ value }) => value !== 0)
      ? [
          table(
            'ctts',
            1,
            offsets.flatMap(({ count, value }) => [count, value]),
            2,
          ),
        ]
      : []),
    ...(syncs.length < sizes.length ? [table('stss', 0, syncs, 1)] : []),
    sampleToChunk(track),
    fullBox('stsz', 0, 0, u32(0, sizes.length), words(sizes)),
    fullBox('co64', 0, 0, u32(chunks.length), Buffer.concat(chunks.map((offset) => u64(dataOffset + offset)))),
  )
  return box(
    'trak',
    headerLasting(track.header, movieTicks(track.next, timescale)),
    edits(track, beginsAt),
    box(
      'mdia',
      fullBox('mdhd', 1, 0, u64(0), u64(0), u32(timescale), u64(lasts), u16(UNDETERMINED_LANGUAGE, 0)),
      media.handler,
      box('minf', media.mediaHeader, media.dataInformation, tables),
    ),
  )
}

const unity = u32(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)

const movieBox = (tracks: readonly Track[], dataOffset: number): Buffer => {
  const lasts = Math.max(...tracks.map(({ next, timescale }) => movieTicks(next, timescale)))
  const beginsAt = Math.min(...tracks.map(shownAt))
  const header = fullBox(
    'mvhd',
    0,
    0,
    u32(0, 0, MOVIE_TIMESCALE, lasts, 0x10000),
    u16(0x0100, 0),
    u32(0, 0),
    unity,
    u32(0, 0, 0, 0, 0, 0, audioTrackId + 1),
  )
  return box('moov', header, ...tracks.map((track) => trackBox(track, dataOffset, beginsAt)))
}

const LARGE_HEAD_BYTES = 16

/** A box whose content has more bytes than 32 bits count. */
const largeDataHead = (bytes: number): Buffer =>
  Buffer.concat([u32(1), Buffer.from('mdat', 'latin1'), u64(LARGE_HEAD_BYTES + bytes)])

/**
 * Puts the samples of a recording's segments into one MP4 file, without encoding anything: what was lost between two of
 * them takes no time, and pictures of other parameters have a description of their own. The segments are read twice:
 * for the tables at the file's beginning, and for their data; nothing but the tables is held.
 *
 * @returns undefined where there is no sample
 */
export const progressiveFile = async (segments: readonly SourceSegment[]): Promise<ProgressiveFile | undefined> => {
  const tracks = new Map<number, Track>()
  const scales = new Map<string, ReadonlyMap<number, number>>()
  let dataBytes = 0
  /** Seconds: where the present run of segments begins, by the clock of the file and by its own. */
  let [fileStart, runStart] = [0, Number.NaN]

  const know = async ({ initName, init }: SourceSegment): Promise<ReadonlyMap<number, number>> => {
    const known = scales.get(initName)
    if (known) return known
    const own = new Map<number, number>()
    for (const read of tracksIn(await init())) {
      const track = tracks.get(read.id) ?? createTrack(read)
      tracks.set(read.id, track)
      const same = track.entries.findIndex((entry) => entry.equals(read.entry))
      track.entryOf.set(initName, same === -1 ? track.entries.push(read.entry) : same + 1)
      own.set(read.id, read.timescale)
    }
    scales.set(initName, own)
    return own
  }

  for (const segment of segments) {
    const timescales = await know(segment)
    const fragments = fragmentsOf(await segment.bytes())
    const starts = fragments
      .flatMap(({ runs }) => runs)
      .map(({ trackId, decodeTime }) => decodeTime / (timescales.get(trackId) ?? videoTimescale))
    if (starts.length === 0) continue
    if (segment.isBreak || Number.isNaN(runStart)) {
      fileStart = Math.max(0, ...[...tracks.values()].map(({ next, timescale }) => next / timescale))
      runStart = Math.min(...starts)
    }
    for (const { runs, data } of fragments) {
      let offset = dataBytes
      for (const run of runs) {
        const track = tracks.get(run.trackId)
        const timescale = timescales.get(run.trackId) ?? videoTimescale
        if (!track) continue
        const start = Math.round((fileStart + run.decodeTime / timescale - runStart) * track.timescale)
        const entry = track.entryOf.get(segment.initName) ?? 1
        addRun(track, run, start, offset, entry, track.timescale / timescale)
        offset += run.sizes.reduce((sum, size) => sum + size, 0)
      }
      dataBytes += data.end - data.start
    }
  }
  const filled = [videoTrackId, audioTrackId]
    .flatMap((id) => tracks.get(id) ?? [])
    .filter(({ sizes }) => sizes.length > 0)
  if (filled.length === 0) return undefined

  const type = box('ftyp', Buffer.from('isom', 'latin1'), u32(0x200), Buffer.from('isomiso6avc1mp41', 'latin1'))
  // Offsets have a fixed length, so that the tables are as long whatever stands in them.
  const dataOffset = type.length + movieBox(filled, 0).length + LARGE_HEAD_BYTES
  const head = Buffer.concat([type, movieBox(filled, dataOffset), largeDataHead(dataBytes)])
  return {
    bytes: dataOffset + dataBytes,
    chunks: async function* () {
      yield head
      for (const segment of segments) {
        const bytes = await segment.bytes()
        for (const { data } of fragmentsOf(bytes)) yield bytes.subarray(data.start, data.end)
      }
    },
  }
}
