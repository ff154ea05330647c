import { type ChildProcess, spawn } from 'node:child_process'

const BACK_AFTER_MS = 500

/** An encoder that comes back whenever it is cut, as those of broadcasters do. */
export type Publisher = {
  /** How often it has connected. */
  readonly runs: () => number
  /** Says goodbye, and is gone. */
  readonly stop: () => Promise<void>
  readonly kill: () => void
}

export const persistentPublisher = (ffmpeg: string, url: string): Publisher => {
  let child: ChildProcess | undefined
  let hasEnded = false
  let runs = 0
  const launch = (): void => {
    if (hasEnded) return
    runs++
    child = spawn(
      ffmpeg,
      [
        ...['-v', 'error', '-re', '-f', 'lavfi', '-i', 'testsrc2=size=640x360:rate=30'],
        ...['-re', '-f', 'lavfi', '-i', 'sine', '-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency'],
        ...['-g', '30', '-pix_fmt', 'yuv420p', '-c:a', 'aac', '-f', 'flv', url],
      ],
      { stdio: ['pipe', 'ignore', 'ignore'] },
    )
    child.once('exit', () => setTimeout(launch, BACK_AFTER_MS))
  }
  launch()
  return {
    runs: () => runs,
    stop: async () => {
      hasEnded = true
      const last = child
      if (!last || last.exitCode !== null) return
      const exited = new Promise((resolve) => last.once('exit', resolve))
      last.stdin?.end('q')
      await exited
    },
    kill: () => {
      hasEnded = true
      child?.kill('SIGKILL')
    },
  }
}
