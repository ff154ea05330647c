import { once } from 'node:events'
import type { Writable } from 'node:stream'

/** Nobody holds a place among those served by taking nothing. */
const STALLED_MS = 30_000

/**
 * Writes to whom takes it as fast as that happens: resolves once there is room for more, or the other side has gone, which
 * `destroyed` tells. One that takes nothing for 30 s is cut off.
 */
export const pacedWriter = (
  target: Writable,
  stalledMs = STALLED_MS,
): ((chunk: string | Uint8Array) => Promise<void>) => {
  // Once for all that is written: a listener for each would stay until the end.
  const gone = once(target, 'close').catch(() => {})
  return async (chunk) => {
    if (target.destroyed || target.write(chunk)) return
    const stalled = setTimeout(() => target.destroy(), stalledMs)
    try {
      await Promise.race([once(target, 'drain'), gone])
    } finally {
      clearTimeout(stalled)
    }
  }
}
