import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createFlvReader, type FlvTag } from '#libs/media/flv/stream.ts'

/** Media that is sent over and over: its tags, and how long one time lasts. */
export type Loop = { readonly tags: readonly FlvTag[]; readonly durationMs: number; readonly bytes: number }

const SECONDS = 10

/** So many kbit/s at 30 pictures a second, with a keyframe every two seconds, and a tone; encoded once. */
export const encodeLoop = async (ffmpeg: string, kilobitsPerSecond: number, size = '1280x720'): Promise<Loop> => {
  const rate = `${kilobitsPerSecond - 128}k`
  const child = spawn(
    ffmpeg,
    [
      ...['-v', 'error', '-nostdin', '-f', 'lavfi', '-i', `testsrc2=size=${size}:rate=30:duration=${SECONDS}`],
      ...['-f', 'lavfi', '-i', `sine=duration=${SECONDS}`],
      ...['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency'],
      ...['-g', '60', '-keyint_min', '60', '-sc_threshold', '0', '-pix_fmt', 'yuv420p'],
      // As much as is said, whatever the picture would need.
      ...['-b:v', rate, '-minrate', rate, '-maxrate', rate, '-bufsize', rate, '-nal-hrd', 'cbr'],
      ...['-c:a', 'aac', '-b:a', '128k', '-f', 'flv', 'pipe:1'],
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const reader = createFlvReader()
  const tags: FlvTag[] = []
  child.stdout.on('data', (bytes: Buffer) => {
    for (const tag of reader.push(bytes)) tags.push({ ...tag, payload: Buffer.from(tag.payload) })
  })
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(`ffmpeg ended with ${code}`)
  return { tags, durationMs: SECONDS * 1000, bytes: tags.reduce((sum, { payload }) => sum + payload.length, 0) }
}
