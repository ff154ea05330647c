import { mediaPlaylist } from '#libs/media/hls/media-playlist.ts'
import { multivariantPlaylist } from '#libs/media/hls/multivariant-playlist.ts'
import { type Segment, segmentBytes } from '#libs/media/rendition.ts'
import { cut, type LiveStream } from '../live-stream.ts'
import { type Asked, addresses, type Directives } from './asked.ts'

/** What is sent; `maxAgeSeconds` is for how long anybody may keep it. */
export type HlsAnswer = {
  readonly status: 200 | 400 | 404 | 503
  readonly contentType: string
  readonly body: Buffer | string
  readonly maxAgeSeconds: number
}

const PLAYLIST = 'application/vnd.apple.mpegurl'
/** What is named by its number never changes; it leaves the window long before. */
const MEDIA_SECONDS = 3600
/** A playlist that was waited for is the same for everybody who asks for it (RFC 8216bis, section 6.2.5.2). */
const WAITED_SECONDS = 6 * cut.targetSeconds

const plain = (status: 400 | 404 | 503, body: string): HlsAnswer => ({
  status,
  contentType: 'text/plain',
  body,
  maxAgeSeconds: status === 404 ? 1 : 0,
})
const notFound = plain(404, 'There is no such part of this broadcast.\n')
const unclear = plain(400, 'Nobody can wait for that: look at the end of the playlist.\n')
const late = plain(503, 'It did not come in time.\n')
const ok = (contentType: string, body: Buffer | string, maxAgeSeconds: number): HlsAnswer => ({
  status: 200,
  contentType,
  body,
  maxAgeSeconds,
})

const bitsPerSecond = ({ parts, seconds }: Segment): number =>
  (parts.reduce((sum, { bytes }) => sum + bytes.length, 0) * 8) / Math.max(0.001, seconds)

const multivariant = ({ window }: LiveStream): HlsAnswer => {
  const segments = window.segments()
  const tracks = window.init(segments.at(-1)?.init ?? 0)?.tracks
  if (!tracks) return notFound
  const rates = segments.filter(({ seconds }) => seconds > 0).map(bitsPerSecond)
  const text = multivariantPlaylist([
    {
      uri: 'source.m3u8',
      tracks,
      peakBitsPerSecond: Math.max(...rates),
      averageBitsPerSecond: rates.reduce((sum, rate) => sum + rate, 0) / rates.length,
      framesPerSecond: undefined,
    },
  ])
  return ok(PLAYLIST, text, 1)
}

const playlist = ({ window }: LiveStream, skips: boolean, maxAgeSeconds: number): HlsAnswer => {
  const text = mediaPlaylist(
    {
      segments: window.segments(),
      discontinuitySequence: window.discontinuitySequence(),
      targetSeconds: cut.targetSeconds,
      partSeconds: cut.partSeconds,
      hasEnded: window.hasEnded(),
      reports: [],
    },
    addresses,
    skips,
  )
  return ok(PLAYLIST, text, maxAgeSeconds)
}

/** The number of the segment that is being made, or comes next. */
const openSequence = ({ window, firstSequence }: LiveStream): number => {
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
  const { window } = stream
  switch (asked.kind) {
    case 'multivariant':
      return (await window.reached(stream.firstSequence, 0, signal)) ? multivariant(stream) : late
    case 'playlist': {
      if (sequence === undefined)
        return (await window.reached(stream.firstSequence, 0, signal)) ? playlist(stream, skips, 1) : late
      if (sequence > openSequence(stream) + 1 || (part ?? 0) >= MOST_PARTS) return unclear
      return (await window.reached(sequence, part, signal)) ? playlist(stream, skips, WAITED_SECONDS) : late
    }
    case 'init': {
      const init = window.init(asked.init)
      return init ? ok('video/mp4', init.bytes, MEDIA_SECONDS) : notFound
    }
    case 'segment': {
      const found = window.segments().find((segment) => segment.sequence === asked.sequence && segment.isComplete)
      return found ? ok('video/mp4', segmentBytes(found), MEDIA_SECONDS) : notFound
    }
    case 'part': {
      const isNear = asked.sequence <= openSequence(stream) + 1 && asked.part < MOST_PARTS
      if (isNear && !(await window.reached(asked.sequence, asked.part, signal))) return late
      const found = window.part(asked.sequence, asked.part)
      return found ? ok('video/mp4', found.bytes, MEDIA_SECONDS) : notFound
    }
  }
}
