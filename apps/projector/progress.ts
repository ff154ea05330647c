import type { WriteStream } from 'node:tty'
import type { RebuildProgress } from '#libs/readmodel/rebuild.ts'

const WIDTH = 30
const EVERY_MS = 100
const LINE_EVERY_MS = 5_000

/** One line of progress: a bar where the total is known, with the rate since the stage began. */
export const progressLine = ({ stage, done, total }: RebuildProgress, elapsedMs: number): string => {
  const share = total === 0 ? 1 : Math.min(1, done / total)
  const filled = Math.round(share * WIDTH)
  const bar = '█'.repeat(filled) + '░'.repeat(WIDTH - filled)
  const rate = elapsedMs > 0 ? Math.round((done / elapsedMs) * 1000) : 0
  return `${stage.padEnd(9)} ${bar} ${String(Math.floor(share * 100)).padStart(3)} %  ${done}/${total}  ${rate}/s`
}

/** Shows progress on a terminal in one line that changes, elsewhere by a line now and then. */
export const showProgress = (stream: Pick<WriteStream, 'write' | 'isTTY'>) => {
  let stage: RebuildProgress['stage'] | undefined
  let started = performance.now()
  let shown = Number.NEGATIVE_INFINITY
  return (progress: RebuildProgress): void => {
    const now = performance.now()
    const changed = progress.stage !== stage
    if (changed) {
      if (stage !== undefined && stream.isTTY) stream.write('\n')
      stage = progress.stage
      started = now
    }
    if (!changed && progress.done < progress.total && now - shown < (stream.isTTY ? EVERY_MS : LINE_EVERY_MS)) return
    shown = now
    const line = progressLine(progress, now - started)
    stream.write(stream.isTTY ? `\r${line}\x1b[K` : `${line}\n`)
  }
}
