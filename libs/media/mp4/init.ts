import type { AacConfig } from '../aac.ts'
import type { AvcConfig } from '../avc.ts'
import { box, fullBox, u8, u16, u32 } from './box.ts'

/** The tracks of a rendition; at least one. */
export type Tracks = {
  readonly video?: AvcConfig
  readonly audio?: AacConfig
}

export const videoTrackId = 1
export const audioTrackId = 2

/** Ticks a second of the video's clock; that of the sound counts its samples. */
export const videoTimescale = 90_000

const MOVIE_TIMESCALE = 1000
const UNDETERMINED_LANGUAGE = 0x55c4
const unity = u32(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)

const movieHeader = (): Buffer =>
  fullBox(
    'mvhd',
    0,
    0,
    u32(0, 0, MOVIE_TIMESCALE, 0, 0x10000),
    u16(0x0100, 0),
    u32(0, 0),
    unity,
    u32(0, 0, 0, 0, 0, 0, audioTrackId + 1),
  )

const trackHeader = (id: number, volume: number, width: number, height: number): Buffer =>
  fullBox(
    'tkhd',
    0,
    0x3,
    u32(0, 0, id, 0, 0, 0, 0),
    u16(0, 0, volume, 0),
    unity,
    u32(width * 0x10000, height * 0x10000),
  )

const handler = (type: string, name: string): Buffer =>
  fullBox('hdlr', 0, 0, u32(0), Buffer.from(type, 'latin1'), u32(0, 0, 0), Buffer.from(`${name}\0`, 'latin1'))

/** All tables are empty: samples stand in fragments. */
const sampleTable = (entry: Buffer): Buffer =>
  box(
    'stbl',
    fullBox('stsd', 0, 0, u32(1), entry),
    fullBox('stts', 0, 0, u32(0)),
    fullBox('stsc', 0, 0, u32(0)),
    fullBox('stsz', 0, 0, u32(0, 0)),
    fullBox('stco', 0, 0, u32(0)),
  )

const media = (timescale: number, handlerBox: Buffer, mediaHeader: Buffer, entry: Buffer): Buffer =>
  box(
    'mdia',
    fullBox('mdhd', 0, 0, u32(0, 0, timescale, 0), u16(UNDETERMINED_LANGUAGE, 0)),
    handlerBox,
    box('minf', mediaHeader, box('dinf', fullBox('dref', 0, 0, u32(1), fullBox('url ', 0, 1))), sampleTable(entry)),
  )

/** AVCSampleEntry (ISO/IEC 14496-15, section 5.4.2.1). */
const videoTrack = ({ width, height, record }: AvcConfig): Buffer => {
  const entry = box(
    'avc1',
    u16(0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, width, height),
    u32(0x480000, 0x480000, 0),
    u16(1),
    Buffer.alloc(32),
    u16(0x18, 0xffff),
    box('avcC', record),
  )
  return box(
    'trak',
    trackHeader(videoTrackId, 0, width, height),
    media(videoTimescale, handler('vide', 'video'), fullBox('vmhd', 0, 1, u16(0, 0, 0, 0)), entry),
  )
}

/** A descriptor of ISO/IEC 14496-1, section 8.3.3: tag(8), size in four bytes of seven bits. */
const descriptor = (tag: number, ...content: readonly Uint8Array[]): Buffer => {
  const body = Buffer.concat(content)
  const size = body.length
  return Buffer.concat([
    u8(tag, 0x80 | ((size >> 21) & 0x7f), 0x80 | ((size >> 14) & 0x7f), 0x80 | ((size >> 7) & 0x7f), size & 0x7f),
    body,
  ])
}

const AAC_OBJECT_TYPE = 0x40
const AUDIO_STREAM = 0x15

/** MP4AudioSampleEntry with an ES_Descriptor (ISO/IEC 14496-14, section 5.6). */
const audioTrack = ({ samplesPerSecond, channels, record }: AacConfig): Buffer => {
  const decoder = descriptor(4, u8(AAC_OBJECT_TYPE, AUDIO_STREAM, 0, 0, 0), u32(0, 0), descriptor(5, record))
  const entry = box(
    'mp4a',
    u16(0, 0, 0, 1, 0, 0, 0, 0, channels, 16, 0, 0),
    u32(samplesPerSecond < 0x10000 ? samplesPerSecond * 0x10000 : 0),
    fullBox('esds', 0, 0, descriptor(3, u16(audioTrackId), u8(0), decoder, descriptor(6, u8(2)))),
  )
  return box(
    'trak',
    trackHeader(audioTrackId, 0x0100, 0, 0),
    media(samplesPerSecond, handler('soun', 'audio'), fullBox('smhd', 0, 0, u16(0, 0)), entry),
  )
}

const extendsTrack = (id: number): Buffer => fullBox('trex', 0, 0, u32(id, 1, 0, 0, 0))

/** The init segment of a rendition (ISO/IEC 23000-19, section 7.3.2; several tracks where there is sound and video). */
export const initSegment = ({ video, audio }: Tracks): Buffer =>
  Buffer.concat([
    box('ftyp', Buffer.from('iso6', 'latin1'), u32(0), Buffer.from('iso6cmfcmp41', 'latin1')),
    box(
      'moov',
      movieHeader(),
      ...(video ? [videoTrack(video)] : []),
      ...(audio ? [audioTrack(audio)] : []),
      box('mvex', ...(video ? [extendsTrack(videoTrackId)] : []), ...(audio ? [extendsTrack(audioTrackId)] : [])),
    ),
  ])
