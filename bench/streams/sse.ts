import { freePort } from '#infra/embedded/engine.ts'
import { cpuSeconds } from '../processes.ts'
import type { JournalWriter } from '../project/journal.ts'
import { startAppProcess } from './app-process.ts'
import { writeAtRate } from './relay.ts'
import { startSseReaders } from './sse-process.ts'

export type SseMeasure = {
  /** Delivered by one edge, over all readers. */
  readonly ssePerSecond: number
  readonly sseReaders: number
  /** Of a core, taken by the edge. */
  readonly sseCpuPercent: number
  /** Events that no reader has got, times the readers. */
  readonly missing: number
}

/** Readers of a stopped writer have so long to get what is underway. */
const PATIENCE_MS = 5_000

/** Has one edge stream the topic to many readers from its end on, while messages are written at a rate. */
export const measureSse = async (
  settings: Readonly<Record<string, string>>,
  writer: JournalWriter,
  {
    readers: count,
    perSecond,
    seconds,
  }: { readonly readers: number; readonly perSecond: number; readonly seconds: number },
): Promise<SseMeasure> => {
  await using stack = new AsyncDisposableStack()
  const port = await freePort()
  const most = String(count)
  const edge = await startAppProcess('http-edge', {
    ...settings,
    HTTP_PORT: String(port),
    STREAMS_MOST: most,
    STREAMS_MOST_OF_CLIENT: most,
  })
  stack.defer(edge.stop)
  const readers = await startSseReaders(`http://127.0.0.1:${port}/v1/streams/chat.v1`, count)
  stack.defer(readers.stop)

  const [began, cpuBefore] = [performance.now(), cpuSeconds([edge.pid])]
  const written = await writeAtRate(writer, perSecond, seconds)
  const [elapsed, received] = [(performance.now() - began) / 1_000, readers.received()]
  const cpu = cpuSeconds([edge.pid]) - cpuBefore
  const deadline = performance.now() + PATIENCE_MS
  while (readers.received() < written * count && performance.now() < deadline)
    await new Promise((resolve) => setTimeout(resolve, 50))
  return {
    ssePerSecond: Math.round(received / elapsed),
    sseReaders: count,
    sseCpuPercent: Math.round((cpu / elapsed) * 100),
    missing: Math.max(0, written * count - readers.received()),
  }
}
