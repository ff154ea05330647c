import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { Readable, type Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createFlvReader, type FlvTag } from '../flv/stream.ts'
import { FfmpegFailed } from './run.ts'

/** Media of one kind throughout: an init segment and what follows it. */
export type Session = {
  readonly chunks: () => AsyncGenerator<Buffer>
  readonly seconds: number
  /** Of its pictures; undefined for sound alone. */
  readonly size: { readonly width: number; readonly height: number } | undefined
  readonly hasSound: boolean
}

export type Join = {
  readonly ffmpeg: string
  /** At least one, in the order in which they are shown. */
  readonly sessions: readonly Session[]
  /** What was made, in order; times are milliseconds from the beginning. */
  readonly onTag: (tag: FlvTag) => void
  readonly withinMs: number
  readonly signal: AbortSignal
}

/** The first pipe to read from: behind standard input, output and error. */
const FIRST_PIPE = 3
const MOST_SAID = 2_000
const SOUND = { samplesPerSecond: 48_000, kilobitsPerSecond: 160 } as const
const KEYFRAMES_EVERY_SECONDS = 2

const largest = (sessions: readonly Session[]): Session['size'] =>
  sessions
    .flatMap(({ size }) => size ?? [])
    .reduce<Session['size']>(
      (most, size) => (most && most.width * most.height >= size.width * size.height ? most : size),
      undefined,
    )

/** Pictures of any shape in the frame of the largest; where there are none, a black one. */
const pictures = (session: Session, index: number, size: NonNullable<Session['size']>): string => {
  const frame = `${size.width}:${size.height}`
  return session.size
    ? `[${index}:v:0]scale=${frame}:force_original_aspect_ratio=decrease,pad=${frame}:-1:-1,setsar=1,format=yuv420p[v${index}]`
    : `color=black:size=${size.width}x${size.height}:rate=30:duration=${session.seconds},setsar=1,format=yuv420p[v${index}]`
}

const sound = (session: Session, index: number): string => {
  const form = `aformat=sample_rates=${SOUND.samplesPerSecond}:channel_layouts=stereo`
  return session.hasSound
    ? `[${index}:a:0]${form}[a${index}]`
    : `anullsrc=sample_rate=${SOUND.samplesPerSecond}:channel_layout=stereo,atrim=duration=${session.seconds},${form}[a${index}]`
}

/** One after another as one stream: of each kind whatever any of them has. */
export const joiningArguments = (sessions: readonly Session[]): readonly string[] => {
  const size = largest(sessions)
  const hasSound = sessions.some((session) => session.hasSound)
  const chains = sessions.flatMap((session, index) => [
    ...(size ? [pictures(session, index, size)] : []),
    ...(hasSound ? [sound(session, index)] : []),
  ])
  const pads = sessions.map((_, index) => `${size ? `[v${index}]` : ''}${hasSound ? `[a${index}]` : ''}`).join('')
  const outputs = [...(size ? ['[v]'] : []), ...(hasSound ? ['[a]'] : [])]
  const joined = `${pads}concat=n=${sessions.length}:v=${size ? 1 : 0}:a=${hasSound ? 1 : 0}${outputs.join('')}`
  return [
    ...['-v', 'error', '-nostdin'],
    ...sessions.flatMap((_, index) => ['-f', 'mp4', '-i', `pipe:${FIRST_PIPE + index}`]),
    ...['-filter_complex', [...chains, joined].join(';'), ...outputs.flatMap((output) => ['-map', output])],
    ...['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '21', '-threads', '1', '-fps_mode', 'passthrough'],
    ...['-enc_time_base:v', '1:1000', '-sc_threshold', '0', '-g', '600'],
    ...['-force_key_frames', `expr:gte(t,n_forced*${KEYFRAMES_EVERY_SECONDS})`],
    ...['-c:a', 'aac', '-b:a', `${SOUND.kilobitsPerSecond}k`, '-f', 'flv', 'pipe:1'],
  ]
}

const feed = async ({ chunks }: Session, pipe: Writable): Promise<void> => {
  // ffmpeg ends a pipe when it has what it needs of it; what went wrong it says at its own end.
  pipe.on('error', () => {})
  await pipeline(Readable.from(chunks()), pipe).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE' && error.code !== 'ECONNRESET' && error.code !== 'ERR_STREAM_PREMATURE_CLOSE')
      throw error
  })
}

const endOf = async (child: ChildProcess, said: () => string): Promise<void> => {
  const [code, signal] = await once(child, 'close').catch((error: Error) => {
    throw new FfmpegFailed(error.message)
  })
  if (code !== 0) throw new FfmpegFailed(said().trim() || `it ended with ${signal ?? code}`)
}

/**
 * Encodes sessions of other parameters anew, into one stream (H.264 and AAC). They are read as they are needed. Rejects with
 * {@link FfmpegFailed}, or with what reading a session was refused with.
 */
export const joinSessions = async ({ ffmpeg, sessions, onTag, withinMs, signal }: Join): Promise<void> => {
  const child = spawn(ffmpeg, [...joiningArguments(sessions)], {
    stdio: ['ignore', 'pipe', 'pipe', ...sessions.map(() => 'pipe' as const)],
    killSignal: 'SIGKILL',
    signal: AbortSignal.any([signal, AbortSignal.timeout(withinMs)]),
  })
  let said = ''
  child.stderr?.on('data', (text) => {
    said = (said + text).slice(0, MOST_SAID)
  })
  const reader = createFlvReader()
  let unreadable: Error | undefined
  child.stdout?.on('data', (bytes: Buffer) => {
    if (unreadable) return
    try {
      for (const tag of reader.push(bytes)) onTag({ ...tag, payload: Buffer.from(tag.payload) })
    } catch (error) {
      unreadable = new FfmpegFailed((error as Error).message)
      child.kill('SIGKILL')
    }
  })
  const feeding = sessions.map((session, index) => feed(session, child.stdio[FIRST_PIPE + index] as Writable))
  const refused = Promise.all(feeding).catch((error) => {
    child.kill('SIGKILL')
    throw error
  })
  const [ended, fed] = await Promise.allSettled([endOf(child, () => said), refused])
  if (unreadable) throw unreadable
  if (fed.status === 'rejected') throw fed.reason
  if (ended.status === 'rejected') throw ended.reason
}
