import { spawn } from 'node:child_process'
import { once } from 'node:events'

export type FfmpegRun = {
  readonly ffmpeg: string
  readonly args: readonly string[]
  readonly input: Buffer
  readonly withinMs: number
  readonly mostBytes: number
  readonly signal: AbortSignal
}

/** ffmpeg ended otherwise than well, took too long, or made too much. */
export class FfmpegFailed extends Error {
  readonly code = 'media.ffmpeg_failed'
}

const MOST_SAID = 2_000

/** Runs ffmpeg over bytes, to the bytes that it makes. Rejects with {@link FfmpegFailed}. */
export const runFfmpeg = async ({ ffmpeg, args, input, withinMs, mostBytes, signal }: FfmpegRun): Promise<Buffer> => {
  const stop = AbortSignal.any([signal, AbortSignal.timeout(withinMs)])
  const child = spawn(ffmpeg, ['-v', 'error', '-i', 'pipe:0', ...args, 'pipe:1'], {
    stdio: ['pipe', 'pipe', 'pipe'],
    killSignal: 'SIGKILL',
    signal: stop,
  })
  const made: Buffer[] = []
  let bytes = 0
  let said = ''
  child.stdout.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes > mostBytes) child.kill('SIGKILL')
    else made.push(chunk)
  })
  child.stderr.on('data', (text) => {
    said = (said + text).slice(0, MOST_SAID)
  })
  // It may end before it has read all: what it made counts.
  child.stdin.on('error', () => {})
  child.stdin.end(input)
  const ended = once(child, 'close').catch((error: Error) => {
    throw new FfmpegFailed(error.message)
  })
  const [code] = await ended
  if (code !== 0 || bytes > mostBytes) throw new FfmpegFailed(said.trim() || `it ended with ${code}`)
  return Buffer.concat(made)
}
