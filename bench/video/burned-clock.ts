import { type ChildProcess, spawn } from 'node:child_process'

/** The picture: black and white cells in the middle of it, the time in milliseconds as bits, the highest first. */
export const clockPicture = { width: 640, height: 360, cell: 16, bits: 32, left: 64, top: 160 } as const

const FPS = 30
const WHITE = 235
const BLACK = 16

/** A frame of luma alone that shows a time. */
const frameAt = (ms: number): Buffer => {
  const { width, height, cell, bits, left, top } = clockPicture
  const frame = Buffer.alloc(width * height, 90)
  const low = ms % 2 ** bits
  for (let bit = 0; bit < bits; bit++) {
    const shade = Math.floor(low / 2 ** (bits - 1 - bit)) % 2 === 1 ? WHITE : BLACK
    for (let row = top; row < top + cell; row++)
      frame.fill(shade, row * width + left + bit * cell, row * width + left + (bit + 1) * cell)
  }
  return frame
}

/** An encoder whose pictures show the time at which they were made. Resolves once it is ended. */
export const publishClock = (
  ffmpeg: string,
  url: string,
): { readonly child: ChildProcess; readonly stop: () => void } => {
  const { width, height } = clockPicture
  const child = spawn(
    ffmpeg,
    [
      ...['-v', 'error', '-fflags', 'nobuffer', '-probesize', '32', '-analyzeduration', '0'],
      ...[
        '-f',
        'rawvideo',
        '-pix_fmt',
        'gray',
        '-video_size',
        `${width}x${height}`,
        '-framerate',
        String(FPS),
        '-i',
        'pipe:0',
      ],
      ...['-re', '-f', 'lavfi', '-i', 'sine', '-map', '0:v', '-map', '1:a'],
      ...['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-pix_fmt', 'yuv420p', '-g', '60'],
      ...['-keyint_min', '60', '-sc_threshold', '0', '-c:a', 'aac', '-f', 'flv', url],
    ],
    { stdio: ['pipe', 'ignore', 'inherit'] },
  )
  child.stdin?.on('error', () => {})
  const begun = performance.now()
  let frames = 0
  const drawing = setInterval(
    () => {
      const due = Math.floor(((performance.now() - begun) * FPS) / 1000)
      // What is late is not caught up: each picture shows the time at which it is made.
      if (frames >= due) return
      for (; frames < due; frames++) child.stdin?.write(frameAt(Date.now()))
    },
    1000 / FPS / 2,
  )
  return {
    child,
    stop: () => {
      clearInterval(drawing)
      child.kill('SIGKILL')
    },
  }
}
