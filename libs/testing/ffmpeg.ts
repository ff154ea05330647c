import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { pythonWith } from './tools.ts'

const run = promisify(execFile)

/** The path of an ffmpeg for tests: that of `FFMPEG_PATH`, or one that is brought. */
export const ffmpegForTests = async (): Promise<string> => {
  if (process.env.FFMPEG_PATH) return process.env.FFMPEG_PATH
  const python = await pythonWith(join(import.meta.dirname, 'ffmpeg-requirements.txt'))
  const { stdout } = await run(python, ['-c', 'import imageio_ffmpeg; print(imageio_ffmpeg.get_ffmpeg_exe())'])
  return stdout.trim()
}
