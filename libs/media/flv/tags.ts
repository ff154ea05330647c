import { MediaError } from '../media-error.ts'

/**
 * What a message of video or audio carries: the body of a tag of FLV (Video File Format Specification 10.1, annex E.4),
 * or of Enhanced RTMP (version 2, "Enhanced Video" and "Enhanced Audio"):
 *
 *     video    = frame type(4) codec(4): 7 is AVC; packet type(8) composition time(24, signed, ms) data
 *              / 1(1) frame type(3) packet type(4) FourCC(32) [ composition time(24) ] data
 *              / 1(1) frame type(3) 6(4) track type(4) packet type(4) FourCC(32) track(8) data, where 6 stands for tracks
 *     audio    = format(4): 10 is AAC; rate, size, channels(4) packet type(8) data
 *              / 9(4) packet type(4) FourCC(32) data
 *              / 9(4) 5(4) track type(4) packet type(4) FourCC(32) track(8) data, alike
 *
 * Behind the first octet of the extended forms modifiers may stand, where the packet type is 7:
 *
 *     modifier = size - 1(8) [ size - 1(16) where that was 255 ] octets(size) kind(4) packet type(4)
 */
export type VideoTag =
  | { readonly type: 'config'; readonly record: Buffer }
  | { readonly type: 'frame'; readonly isKey: boolean; readonly compositionMs: number; readonly data: Buffer }
  | { readonly type: 'other' }

export type AudioTag =
  | { readonly type: 'config'; readonly record: Buffer }
  | { readonly type: 'frame'; readonly data: Buffer }
  | { readonly type: 'other' }

const AVC = 7
const AAC = 10
const KEYFRAME = 1
const COMMAND_FRAME = 5
const EXTENDED_AUDIO = 9

const videoCodecs: Readonly<Record<number, string>> = {
  2: 'Sorenson H.263',
  3: 'Screen Video',
  4: 'VP6',
  12: 'HEVC',
  13: 'AV1',
}
const audioFormats: Readonly<Record<number, string>> = { 2: 'MP3', 7: 'G.711', 8: 'G.711', 11: 'Speex', 14: 'MP3' }

const fourCcNames: Readonly<Record<string, string>> = {
  hvc1: 'HEVC',
  av01: 'AV1',
  vp09: 'VP9',
  vp08: 'VP8',
  Opus: 'Opus',
  'ac-3': 'AC-3',
  'ec-3': 'E-AC-3',
  fLaC: 'FLAC',
  '.mp3': 'MP3',
}

const refused = (kind: 'video' | 'audio', name: string): MediaError =>
  new MediaError(
    'media.unsupported',
    kind === 'video'
      ? `video in ${name} is not taken yet: set the encoder to H.264`
      : `sound in ${name} is not taken: set the encoder to AAC`,
  )

const needs = (payload: Buffer, bytes: number): void => {
  if (payload.length < bytes) throw new MediaError('media.malformed', 'a message of media ends too soon')
}

const extended = { sequenceStart: 0, codedFrames: 1, codedFramesX: 3, metadata: 4 } as const
const multitrack = { video: 6, audio: 5 } as const
const MODIFIER = 7
const LONG_MODIFIER = 256
const ONE_TRACK = 0

/** The message as it would be without modifiers, such as a time finer than milliseconds: none changes what is shown. */
const unmodified = (payload: Buffer): Buffer => {
  const head = payload.readUInt8(0)
  let packet = head & 0xf
  let at = 1
  while (packet === MODIFIER) {
    needs(payload, at + 1)
    let size = payload.readUInt8(at++) + 1
    if (size === LONG_MODIFIER) {
      needs(payload, at + 2)
      size = payload.readUInt16BE(at) + 1
      at += 2
    }
    needs(payload, at + size + 1)
    packet = payload.readUInt8(at + size) & 0xf
    at += size + 1
  }
  return at === 1 ? payload : Buffer.concat([Buffer.of((head & 0xf0) | packet), payload.subarray(at)])
}

/**
 * What an encoder sends of one track among several, as OBS does of a second sound for recordings: the message as it would be
 * without others, of the first track; undefined of another one, which is not shown. Several tracks in one message are not
 * taken.
 */
const firstTrack = (kind: 'video' | 'audio', payload: Buffer): Buffer | undefined => {
  needs(payload, 7)
  const [head = 0, tracks = 0] = payload
  if (tracks >> 4 !== ONE_TRACK)
    throw new MediaError('media.unsupported', `several tracks of ${kind} in one message are not taken: send one`)
  if ((tracks & 0xf) === multitrack[kind]) throw new MediaError('media.malformed', 'tracks within tracks')
  if (payload[6] !== 0) return undefined
  return Buffer.concat([Buffer.of((head & 0xf0) | (tracks & 0xf)), payload.subarray(2, 6), payload.subarray(7)])
}

const extendedVideo = (message: Buffer): VideoTag => {
  const payload = unmodified(message)
  const head = payload.readUInt8(0)
  const frameType = (head >> 4) & 7
  // A command has one octet more, and no codec.
  if (frameType === COMMAND_FRAME && (head & 0xf) !== extended.metadata) return { type: 'other' }
  if ((head & 0xf) === multitrack.video) {
    const track = firstTrack('video', payload)
    return track ? extendedVideo(track) : { type: 'other' }
  }
  needs(payload, 5)
  const fourCc = payload.toString('latin1', 1, 5)
  if (fourCc !== 'avc1') throw refused('video', fourCcNames[fourCc] ?? JSON.stringify(fourCc))
  const isKey = frameType === KEYFRAME
  switch (head & 0xf) {
    case extended.sequenceStart:
      return { type: 'config', record: payload.subarray(5) }
    case extended.codedFrames:
      needs(payload, 8)
      return { type: 'frame', isKey, compositionMs: payload.readIntBE(5, 3), data: payload.subarray(8) }
    case extended.codedFramesX:
      return { type: 'frame', isKey, compositionMs: 0, data: payload.subarray(5) }
    default:
      return { type: 'other' }
  }
}

/** Throws {@link MediaError} for codecs that are not taken. */
export const parseVideoTag = (payload: Buffer): VideoTag => {
  needs(payload, 1)
  const head = payload.readUInt8(0)
  if ((head & 0x80) !== 0) return extendedVideo(payload)
  const codec = head & 0xf
  if (head >> 4 === COMMAND_FRAME) return { type: 'other' }
  if (codec !== AVC) throw refused('video', videoCodecs[codec] ?? `codec ${codec}`)
  needs(payload, 5)
  switch (payload.readUInt8(1)) {
    case 0:
      return { type: 'config', record: payload.subarray(5) }
    case 1:
      return {
        type: 'frame',
        isKey: head >> 4 === KEYFRAME,
        compositionMs: payload.readIntBE(2, 3),
        data: payload.subarray(5),
      }
    default:
      return { type: 'other' }
  }
}

const extendedAudio = (message: Buffer): AudioTag => {
  const payload = unmodified(message)
  const packet = payload.readUInt8(0) & 0xf
  if (packet === multitrack.audio) {
    const track = firstTrack('audio', payload)
    return track ? extendedAudio(track) : { type: 'other' }
  }
  needs(payload, 5)
  const fourCc = payload.toString('latin1', 1, 5)
  if (fourCc !== 'mp4a') throw refused('audio', fourCcNames[fourCc] ?? JSON.stringify(fourCc))
  const rest = payload.subarray(5)
  if (packet === extended.sequenceStart) return { type: 'config', record: rest }
  return packet === extended.codedFrames ? { type: 'frame', data: rest } : { type: 'other' }
}

/** Throws {@link MediaError} for codecs that are not taken. */
export const parseAudioTag = (payload: Buffer): AudioTag => {
  needs(payload, 2)
  const format = payload.readUInt8(0) >> 4
  if (format === EXTENDED_AUDIO) return extendedAudio(payload)
  if (format !== AAC) throw refused('audio', audioFormats[format] ?? `format ${format}`)
  const rest = payload.subarray(2)
  return payload[1] === 0 ? { type: 'config', record: rest } : { type: 'frame', data: rest }
}
