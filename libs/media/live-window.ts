import type { PackagerEvent } from './packager.ts'
import type { InitSegment, Part, Segment } from './rendition.ts'

/** What is kept of a live rendition in memory, and who waits for what is to come. */
export type LiveWindow = {
  readonly add: (events: readonly PackagerEvent[]) => void
  readonly end: () => void
  readonly hasEnded: () => boolean
  /** Oldest first; the last one may be open. */
  readonly segments: () => readonly Segment[]
  readonly discontinuitySequence: () => number
  readonly init: (init: number) => InitSegment | undefined
  readonly part: (sequence: number, part: number) => Part | undefined
  /**
   * Settles once the playlist holds this part (the whole segment, where none is named), or has ended
   * (RFC 8216bis, section 6.2.5.2). `false`: the wait ended otherwise, or too many wait already.
   */
  readonly reached: (sequence: number, part: number | undefined, signal: AbortSignal) => Promise<boolean>
}

export type LiveWindowOptions = { readonly seconds: number; readonly waiters: number }

export const createLiveWindow = ({ seconds, waiters: mostWaiters }: LiveWindowOptions): LiveWindow => {
  const inits = new Map<number, InitSegment>()
  const waiters = new Set<() => void>()
  let segments: Segment[] = []
  let initCount = 0
  let discontinuities = 0
  let ended = false

  const has = (sequence: number, part: number | undefined): boolean => {
    const last = segments.at(-1)
    if (ended) return true
    if (!last || last.sequence < sequence) return false
    if (last.sequence > sequence) return true
    return last.isComplete || (part !== undefined && last.parts.length > part)
  }

  const put = (segment: Segment): void => {
    if (segments.at(-1)?.sequence === segment.sequence) segments[segments.length - 1] = segment
    else segments.push(segment)
  }

  /** Lets go of what is older than the window, with init segments that nothing needs any more. */
  const trim = (): void => {
    let kept = segments.reduce((sum, segment) => sum + segment.seconds, 0)
    let gone = 0
    while (segments.length - gone > 1 && kept - (segments[gone]?.seconds ?? 0) >= seconds) {
      kept -= segments[gone]?.seconds ?? 0
      gone++
    }
    if (gone === 0) return
    discontinuities += segments.slice(0, gone).filter(({ startsAfterDiscontinuity }) => startsAfterDiscontinuity).length
    segments = segments.slice(gone)
    const oldest = segments[0]?.init ?? 0
    for (const init of inits.keys()) if (init < oldest) inits.delete(init)
  }

  const wake = (): void => {
    for (const check of waiters) check()
  }

  return {
    add: (events) => {
      if (events.length === 0) return
      for (const event of events) {
        if (event.type === 'init') inits.set(initCount++, event.init)
        else put(event.segment)
      }
      trim()
      wake()
    },
    end: () => {
      ended = true
      wake()
    },
    hasEnded: () => ended,
    segments: () => segments,
    discontinuitySequence: () => discontinuities,
    init: (init) => inits.get(init),
    part: (sequence, part) => segments.find((segment) => segment.sequence === sequence)?.parts[part],
    reached: (sequence, part, signal) => {
      if (has(sequence, part)) return Promise.resolve(true)
      if (signal.aborted || waiters.size >= mostWaiters) return Promise.resolve(false)
      return new Promise((resolve) => {
        const settle = (found: boolean) => {
          waiters.delete(check)
          signal.removeEventListener('abort', give)
          resolve(found)
        }
        const check = () => {
          if (has(sequence, part)) settle(true)
        }
        const give = () => settle(false)
        waiters.add(check)
        signal.addEventListener('abort', give)
      })
    },
  }
}
