import { monitorEventLoopDelay } from 'node:perf_hooks'
import { gauge } from './instruments.ts'

/** How often the event loop is asked whether it is late. */
const RESOLUTION_MS = 20
/** What is told is of the last window that is over; as long as the pause between two scrapes. */
const WINDOW_MS = 15_000

const quantiles = { '0.5': 50, '0.99': 99, '1': 100 } as const

/**
 * Gauges of this process: its memory by `kind`, and how late the event loop was by `quantile` (`1` for the worst). The
 * function returned takes them away again.
 */
export const observeProcess = (): (() => void) => {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  delay.enable()
  // The histogram counts from the time before, so a loop that is never late shows the resolution.
  const current = () =>
    Object.entries(quantiles).map(([quantile, percent]) => ({
      value: Math.max(0, delay.percentile(percent) / 1e9 - RESOLUTION_MS / 1e3),
      attributes: { quantile },
    }))
  let last: ReturnType<typeof current> | undefined
  const timer = setInterval(() => {
    last = current()
    delay.reset()
  }, WINDOW_MS).unref()
  const removers = [
    gauge('whiply_event_loop_delay_seconds', 'How late the event loop was in the last 15 s', () => last ?? current()),
    gauge('whiply_memory_bytes', 'Memory of this process', () => {
      const { rss, heapTotal, heapUsed, external, arrayBuffers } = process.memoryUsage()
      const kinds = { rss, heap_total: heapTotal, heap_used: heapUsed, external, array_buffers: arrayBuffers }
      return Object.entries(kinds).map(([kind, value]) => ({ value, attributes: { kind } }))
    }),
  ]
  return () => {
    clearInterval(timer)
    delay.disable()
    for (const remove of removers) remove()
  }
}
