import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

export type Decoded = {
  /** Pictures. */
  readonly frames: number
  readonly seconds: number
  /** What the decoder did not like, in its words. */
  readonly complaints: string
}

const last = (text: string, pattern: RegExp): number => Number([...text.matchAll(pattern)].at(-1)?.[1])

/** Decodes all of a file or of what lies at an address. */
export const decodeAt = async (ffmpeg: string, place: string): Promise<Decoded> => {
  const { stdout, stderr } = await run(
    ffmpeg,
    [
      ...['-v', 'warning', '-nostdin', '-i', place, '-map', '0', '-enc_time_base:v', '1:90000'],
      ...['-fps_mode', 'passthrough', '-f', 'null', '-progress', 'pipe:1', '-'],
    ],
    { maxBuffer: 1 << 24 },
  )
  const frames = last(stdout, /frame=(\d+)/g)
  return { frames, seconds: last(stdout, /out_time_us=(\d+)/g) / 1e6, complaints: stderr }
}

/** Decodes a whole file that is held in memory. */
export const decode = async (ffmpeg: string, bytes: Buffer): Promise<Decoded> => {
  const folder = await mkdtemp(join(tmpdir(), 'whiply-decode-'))
  try {
    const file = join(folder, 'file.mp4')
    await writeFile(file, bytes)
    return await decodeAt(ffmpeg, file)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
