import { videoTimescale } from '../init.ts'
import { boxesAt, type ReadRun } from '../read.ts'

/** Runs of the same value, as in the tables of durations and offsets. */
type Runs = { count: number; value: number }[]

/** The tables of one track as they grow; times and places are counted from the beginning of the file and of its data. */
export type Track = {
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

/** What an init segment says of its tracks: the boxes that are taken over as they are. */
export const tracksIn = (init: Buffer) =>
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

export const createTrack = (read: ReturnType<typeof tracksIn>[number]): Track => ({
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
export const addRun = (
  track: Track,
  run: ReadRun,
  startTicks: number,
  offset: number,
  entry: number,
  scale: number,
): void => {
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
