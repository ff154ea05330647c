import { runFfmpeg } from '#libs/media/ffmpeg/run.ts'
import type { LiveStream } from '../live-stream.ts'

/** Pictures of what is live, made of the newest keyframe when somebody asks; undefined where none can be made. */
export type Previews = (stream: LiveStream) => Promise<Buffer | undefined>

/** One is good for so long. */
export const previewSeconds = 10
const WITHIN_MS = 3_000
const MOST_BYTES = 1 << 20
/** Encoding beside live video has to wait its turn. */
const MOST_AT_ONCE = 2
const WIDTH = 320

/** The newest part that begins with a keyframe, with the init segment that it needs. */
const newestKeyframe = ({ window }: LiveStream): Buffer | undefined => {
  const segment = window.segments().findLast(({ parts }) => parts[0]?.isIndependent)
  const init = segment && window.init(segment.init)
  const part = segment?.parts[0]
  return init?.tracks.video && part ? Buffer.concat([init.bytes, part.bytes]) : undefined
}

type Made = { readonly picture: Promise<Buffer | undefined>; readonly until: number }

/** @param ffmpeg its path; without one there are no pictures */
export const createPreviews = (ffmpeg: string | undefined, now: () => number = Date.now): Previews => {
  const made = new WeakMap<LiveStream, Made>()
  let underWay = 0

  const make = async (path: string, input: Buffer): Promise<Buffer | undefined> => {
    underWay++
    try {
      const args = ['-frames:v', '1', '-vf', `scale=${WIDTH}:-2`, '-f', 'mjpeg', '-q:v', '6']
      const signal = new AbortController().signal
      return await runFfmpeg({ ffmpeg: path, args, input, withinMs: WITHIN_MS, mostBytes: MOST_BYTES, signal })
    } catch {
      // A picture that cannot be made is missed by nobody: the next who asks has another one tried.
      return undefined
    } finally {
      underWay--
    }
  }

  return (stream) => {
    const known = made.get(stream)
    if (known && known.until > now()) return known.picture
    const input = ffmpeg === undefined ? undefined : newestKeyframe(stream)
    if (ffmpeg === undefined || !input || underWay >= MOST_AT_ONCE) return known?.picture ?? Promise.resolve(undefined)
    const picture = make(ffmpeg, input)
    made.set(stream, { picture, until: now() + previewSeconds * 1000 })
    return picture
  }
}
