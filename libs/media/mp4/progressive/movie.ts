import { box, fullBox, u16, u32, u64 } from '../box.ts'
import { audioTrackId } from '../init.ts'
import type { Track } from './track.ts'

const MOVIE_TIMESCALE = 1000

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

/** `moov`, for data that begins at so many bytes of the file. */
export const movieBox = (tracks: readonly Track[], dataOffset: number): Buffer => {
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

export const LARGE_HEAD_BYTES = 16

/** A box whose content has more bytes than 32 bits count. */
export const largeDataHead = (bytes: number): Buffer =>
  Buffer.concat([u32(1), Buffer.from('mdat', 'latin1'), u64(LARGE_HEAD_BYTES + bytes)])
