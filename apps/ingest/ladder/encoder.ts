import { spawn } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'
import { createFlvReader, encodeFlvTag, type FlvTag, flvHeader } from '#libs/media/flv/stream.ts'
import { encoderArguments, firstPipe } from './arguments.ts'
import type { Rung } from './rungs.ts'

export type EncoderOptions = {
  readonly ffmpeg: string
  readonly rungs: readonly Rung[]
  /** What a rung's encoder made, in order. */
  readonly onTag: (rung: number, tag: FlvTag) => void
  /** It is gone, for whatever reason; called once, and not after `close`. */
  readonly onGone: (why: string) => void
  /** The source is so far ahead of it. */
  readonly mostBehindBytes: number
}

/** One run of ffmpeg. */
export type Encoder = {
  readonly pid: number | undefined
  /** Never waits: an encoder that is too far behind is ended. */
  readonly write: (tag: FlvTag) => void
  readonly close: () => void
}

const MOST_SAID = 500

export const startEncoder = ({ ffmpeg, rungs, onTag, onGone, mostBehindBytes }: EncoderOptions): Encoder => {
  const child = spawn(ffmpeg, [...encoderArguments(rungs)], {
    stdio: ['pipe', 'ignore', 'pipe', ...rungs.map(() => 'pipe' as const)],
  })
  const input = child.stdin as Writable
  let isClosed = false
  let said = ''

  const gone = (why: string): void => {
    if (isClosed) return
    isClosed = true
    child.kill('SIGKILL')
    onGone(why)
  }

  child.on('error', (error) => gone(error.message))
  child.on('close', (code, signal) => gone(said.trim() || `it ended with ${signal ?? code}`))
  child.stderr?.on('data', (text) => {
    said = (said + text).slice(-MOST_SAID)
  })
  // Its end says why.
  input.on('error', () => {})
  for (const [index] of rungs.entries()) {
    const reader = createFlvReader()
    const pipe = child.stdio[firstPipe + index] as Readable
    pipe.on('error', () => {})
    pipe.on('data', (bytes: Buffer) => {
      if (isClosed) return
      try {
        for (const tag of reader.push(bytes)) onTag(index, tag)
      } catch (error) {
        gone((error as Error).message)
      }
    })
  }
  input.write(flvHeader())

  return {
    pid: child.pid,
    write: (tag) => {
      if (isClosed) return
      if (input.writableLength > mostBehindBytes) gone('it does not keep up')
      else input.write(encodeFlvTag(tag))
    },
    close: () => {
      isClosed = true
      input.end()
      child.kill('SIGKILL')
    },
  }
}
