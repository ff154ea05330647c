import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

/** Readers of a stream in a process of their own, which count what comes. */
export type SseReaders = {
  readonly pid: number
  /** Events that all of them together have got by now. */
  readonly received: () => number
  readonly stop: () => Promise<void>
}

/** Starts so many readers, and waits until each is answered. */
export const startSseReaders = async (url: string, count: number): Promise<SseReaders> => {
  const script = new URL('sse-readers.ts', import.meta.url).pathname
  const child = spawn(process.execPath, [script, url, String(count)], { stdio: ['ignore', 'pipe', 'inherit'] })
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const open = Promise.withResolvers<void>()
  let received = 0
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (line === 'open') open.resolve()
    else received = Number(line)
  })
  child.once('exit', (code) => open.reject(new Error(`the readers ended with ${code}`)))
  await open.promise
  return {
    pid: child.pid ?? 0,
    received: () => received,
    stop: async () => {
      child.kill('SIGTERM')
      await exited
    },
  }
}
