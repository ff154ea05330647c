import { cut } from '#libs/media/cut.ts'
import { iFramePlaylist } from '#libs/media/hls/i-frame-playlist.ts'
import { mediaPlaylist, type RenditionReport } from '#libs/media/hls/media-playlist.ts'
import { multivariantPlaylist, type Variant } from '#libs/media/hls/multivariant-playlist.ts'
import type { LiveWindow } from '#libs/media/live-window.ts'
import { keyframeOf, picturesIn } from '#libs/media/mp4/keyframe.ts'
import { type Segment, segmentBytes } from '#libs/media/rendition.ts'
import type { LiveStream } from '../live-stream.ts'
import { type Asked, addresses, type Directives } from './asked.ts'
import { refusal } from './refusal.ts'

/** What is sent; `maxAgeSeconds` is for how long anybody may keep it. */
export type HlsAnswer = {
  readonly status: number
  readonly contentType: string
  readonly body: Buffer | string
  readonly maxAgeSeconds: number
}

const PLAYLIST = 'application/vnd.apple.mpegurl'
/** What is named by its number never changes; it leaves the window long before. */
const MEDIA_SECONDS = 3600
/** A playlist that was waited for is the same for everybody who asks for it (RFC 8216bis, section 6.2.5.2). */
const WAITED_SECONDS = 6 * cut.targetSeconds

const notFound = (): HlsAnswer => refusal('playback.not_found')
const unclear = (): HlsAnswer => refusal('playback.unclear')
const late = (): HlsAnswer => refusal('playback.late')
const ok = (contentType: string, body: Buffer | string, maxAgeSeconds: number): HlsAnswer => ({
  status: 200,
  contentType,
  body,
  maxAgeSeconds,
})

const bitsPerSecond = ({ parts, seconds }: Segment): number =>
  (parts.reduce((sum, { bytes }) => sum + bytes.length, 0) * 8) / Math.max(0.001, seconds)

/** One of a stream's playlists with its media; `name` is undefined for what the encoder itself sends. */
type Served = { readonly name: string | undefined; readonly window: LiveWindow }

const allOf = ({ window, renditions }: LiveStream): readonly Served[] => [{ name: undefined, window }, ...renditions()]

const PLAYLIST_NAME = 'source.m3u8'

const whole = (segments: readonly Segment[]): readonly Segment[] =>
  segments.filter(({ isComplete, isGap }) => isComplete && !isGap)

/** Of the last whole segment; undefined before there is one. */
const framesPerSecond = (segments: readonly Segment[]): number | undefined => {
  const last = whole(segments).at(-1)
  return last && picturesIn(segmentBytes(last)) / Math.max(0.001, last.seconds)
}

const KEYFRAMES_NAME = 'keyframes.m3u8'

/** The list of keyframes, once there is a whole segment to tell their size by. */
const keyframeVariant = (name: string | undefined, segments: readonly Segment[]): Pick<Variant, 'keyframes'> => {
  const last = whole(segments).findLast(({ parts }) => parts[0]?.isIndependent)
  const [part] = last?.parts ?? []
  const keyframe = part && keyframeOf(part.bytes)
  if (!last || !keyframe) return {}
  const uri = name === undefined ? KEYFRAMES_NAME : `${name}/${KEYFRAMES_NAME}`
  return { keyframes: { uri, bitsPerSecond: (keyframe.length * 8) / Math.max(0.001, last.seconds) } }
}

const keyframes = (window: LiveWindow): HlsAnswer => {
  const text = iFramePlaylist(
    {
      segments: window.segments().filter(({ isComplete }) => isComplete),
      discontinuitySequence: window.discontinuitySequence(),
      targetSeconds: cut.targetSeconds,
      hasEnded: window.hasEnded(),
    },
    addresses,
  )
  return ok(PLAYLIST, text, 1)
}

const keyframe = (window: LiveWindow, sequence: number): HlsAnswer => {
  const [part] = window.segments().find((segment) => segment.sequence === sequence)?.parts ?? []
  const found = part && keyframeOf(part.bytes)
  return found ? ok('video/mp4', found, MEDIA_SECONDS) : notFound()
}

const variantOf = ({ name, window }: Served): readonly Variant[] => {
  const segments = window.segments()
  const tracks = window.init(segments.at(-1)?.init ?? 0)?.tracks
  const rates = segments.filter(({ seconds, isGap }) => seconds > 0 && !isGap).map(bitsPerSecond)
  if (!tracks || rates.length === 0) return []
  return [
    {
      uri: name === undefined ? PLAYLIST_NAME : `${name}/${PLAYLIST_NAME}`,
      tracks,
      peakBitsPerSecond: Math.max(...rates),
      averageBitsPerSecond: rates.reduce((sum, rate) => sum + rate, 0) / rates.length,
      framesPerSecond: framesPerSecond(segments),
      ...keyframeVariant(name, segments),
    },
  ]
}

const multivariant = (stream: LiveStream): HlsAnswer => {
  const variants = allOf(stream).flatMap(variantOf)
  return variants.length === 0 ? notFound() : ok(PLAYLIST, multivariantPlaylist(variants), 1)
}

/** How far the other renditions are, at addresses relative to this one's playlist. */
const reportsOf = (stream: LiveStream, served: Served): readonly RenditionReport[] =>
  allOf(stream).flatMap(({ name, window }) => {
    const last = window.segments().at(-1)
    if (!last || name === served.name) return []
    const up = served.name === undefined ? '' : '../'
    const uri = `${up}${name === undefined ? '' : `${name}/`}${PLAYLIST_NAME}`
    return [{ uri, lastSequence: last.sequence, lastPart: Math.max(0, last.parts.length - 1) }]
  })

const playlist = (stream: LiveStream, served: Served, skips: boolean, maxAgeSeconds: number): HlsAnswer => {
  const { window } = served
  const text = mediaPlaylist(
    {
      segments: window.segments(),
      discontinuitySequence: window.discontinuitySequence(),
      targetSeconds: cut.targetSeconds,
      partSeconds: cut.partSeconds,
      hasEnded: window.hasEnded(),
      reports: reportsOf(stream, served),
    },
    addresses,
    skips,
  )
  return ok(PLAYLIST, text, maxAgeSeconds)
}

/** The number of the segment that is being made, or comes next. */
const openSequence = ({ firstSequence }: LiveStream, { window }: Served): number => {
  const last = window.segments().at(-1)
  return last === undefined ? firstSequence : last.isComplete ? last.sequence + 1 : last.sequence
}

/** Parts that a segment can have, and some more: nobody waits for one beyond. */
const MOST_PARTS = Math.ceil(cut.longestSegmentSeconds / cut.partSeconds) + 2

/**
 * Answers what a player asks of a stream (RFC 8216bis, sections 6.2.5 and 6.2.6): a playlist once it holds what is asked
 * for, the part that was hinted at once it is there. Who asks for what lies far ahead gets 400, who waits in vain 503.
 */
export const answerHls = async (
  stream: LiveStream,
  asked: Asked,
  { sequence, part, skips }: Directives,
  signal: AbortSignal,
): Promise<HlsAnswer> => {
  if (asked.kind === 'multivariant')
    return (await stream.window.reached(stream.firstSequence, 0, signal)) ? multivariant(stream) : late()
  const served = allOf(stream).find(({ name }) => name === asked.rendition)
  if (!served) return notFound()
  const { window } = served
  switch (asked.kind) {
    case 'playlist': {
      if (sequence === undefined)
        return (await window.reached(stream.firstSequence, 0, signal)) ? playlist(stream, served, skips, 1) : late()
      if (sequence > openSequence(stream, served) + 1 || (part ?? 0) >= MOST_PARTS) return unclear()
      return (await window.reached(sequence, part, signal)) ? playlist(stream, served, skips, WAITED_SECONDS) : late()
    }
    case 'keyframes':
      return keyframes(window)
    case 'keyframe':
      return keyframe(window, asked.sequence)
    case 'init': {
      const init = window.init(asked.init)
      return init ? ok('video/mp4', init.bytes, MEDIA_SECONDS) : notFound()
    }
    case 'segment': {
      const found = window
        .segments()
        .find((segment) => segment.sequence === asked.sequence && segment.isComplete && !segment.isGap)
      return found ? ok('video/mp4', segmentBytes(found), MEDIA_SECONDS) : notFound()
    }
    case 'part': {
      const isNear = asked.sequence <= openSequence(stream, served) + 1 && asked.part < MOST_PARTS
      if (isNear && !(await window.reached(asked.sequence, asked.part, signal))) return late()
      const found = window.part(asked.sequence, asked.part)
      return found ? ok('video/mp4', found.bytes, MEDIA_SECONDS) : notFound()
    }
  }
}
