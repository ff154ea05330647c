import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { TestContext } from 'node:test'

export type Publishing = {
  readonly child: ChildProcess
  /** With what ffmpeg said by its end. */
  readonly ended: Promise<{ readonly code: number | null; readonly said: string }>
}

export type PublishOptions = {
  readonly ffmpeg: string
  /** With the stream key: rtmp://host:port/live/key */
  readonly url: string
  readonly seconds: number
  readonly size?: string
  /** Frames from keyframe to keyframe; 30 come in a second. */
  readonly keyEvery?: number
  /** How much faster than time it is sent. */
  readonly pace?: number
  /** Of its pictures, as an encoder of ffmpeg with its options. */
  readonly codec?: readonly string[]
}

const h264 = ['libx264', '-preset', 'ultrafast', '-tune', 'zerolatency'] as const

/** Publishes a picture and a tone, as an encoder would. */
export const publish = (t: Pick<TestContext, 'after'>, options: PublishOptions): Publishing => {
  const { ffmpeg, url, seconds, size = '320x180', keyEvery = 30, pace = 1, codec = h264 } = options
  const speed = ['-readrate', String(pace)]
  const child = spawn(
    ffmpeg,
    [
      ...['-v', 'info', '-nostdin', ...speed, '-f', 'lavfi', '-i', `testsrc2=size=${size}:rate=30:duration=${seconds}`],
      ...[...speed, '-f', 'lavfi', '-i', `sine=duration=${seconds}`, '-c:v', ...codec],
      ...['-g', String(keyEvery), '-keyint_min', String(keyEvery), '-sc_threshold', '0'],
      ...['-pix_fmt', 'yuv420p', '-c:a', 'aac', '-f', 'flv', url],
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  )
  t.after(() => child.kill('SIGKILL'))
  let said = ''
  child.stderr?.on('data', (text) => {
    said += text
  })
  return { child, ended: once(child, 'close').then(([code]) => ({ code, said })) }
}
