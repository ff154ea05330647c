import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cut } from '#libs/media/cut.ts'
import { createFlvReader } from '#libs/media/flv/stream.ts'
import { parseAudioTag, parseVideoTag } from '#libs/media/flv/tags.ts'
import { createPackager, type PackagerEvent } from '#libs/media/packager.ts'

export type Encoded = {
  readonly ffmpeg: string
  readonly seconds: number
  readonly size?: string
  readonly framesPerSecond?: number
  /** Frames from keyframe to keyframe. */
  readonly keyEvery?: number
  readonly betweenFrames?: number
  readonly isSilent?: boolean
  /** Of the first picture; milliseconds since 1970. */
  readonly epochMs?: number
}

/** What a real encoder makes of a picture and a tone, packaged as a broadcast is, to its end. */
export const encode = async (wanted: Encoded): Promise<readonly PackagerEvent[]> => {
  const { ffmpeg, seconds, size = '320x180', framesPerSecond = 30, keyEvery = 30, betweenFrames = 0 } = wanted
  const picture = `testsrc2=size=${size}:rate=${framesPerSecond}:duration=${seconds}`
  const tone = ['-f', 'lavfi', '-i', `sine=frequency=440:sample_rate=44100:duration=${seconds}`]
  const child = spawn(
    ffmpeg,
    [
      ...['-v', 'error', '-nostdin', '-f', 'lavfi', '-i', picture, ...(wanted.isSilent ? [] : tone)],
      ...['-c:v', 'libx264', '-preset', 'ultrafast', '-g', String(keyEvery), '-sc_threshold', '0'],
      ...['-bf', String(betweenFrames), '-c:a', 'aac', '-ac', '2', '-f', 'flv', 'pipe:1'],
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const reader = createFlvReader()
  const packager = createPackager({ ...cut, epochMs: wanted.epochMs ?? 0 })
  const events: PackagerEvent[] = []
  child.stdout.on('data', (bytes: Buffer) => {
    for (const { type, timestamp, payload } of reader.push(bytes))
      events.push(
        ...(type === 'video'
          ? packager.video(parseVideoTag(payload), timestamp)
          : packager.audio(parseAudioTag(payload), timestamp)),
      )
  })
  await once(child, 'close')
  return [...events, ...packager.flush()]
}
