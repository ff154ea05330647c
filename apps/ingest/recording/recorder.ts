import { setTimeout as sleep } from 'node:timers/promises'
import { pauses } from '#libs/journal/backoff.ts'
import { ObjectExists, type ObjectStore } from '#libs/journal/objects.ts'
import type { PackagerEvent } from '#libs/media/packager.ts'
import { initFile, type Piece, pieceFile } from '#libs/media/recording/piece.ts'
import { type Segment, segmentBytes } from '#libs/media/rendition.ts'

/** What has become of a broadcast in this run, as sums. */
export type Recorded = {
  readonly take: string
  readonly segments: number
  readonly bytes: number
  readonly durationMs: number
  readonly lostMs: number
}

export type RecorderOptions = {
  readonly objects: Pick<ObjectStore, 'put'>
  /** Where the recording lies; ends with a slash. */
  readonly folder: string
  /** This run over the broadcast: UUIDv7. */
  readonly take: string
  /** Segments that wait for the object store are kept up to so many bytes; beyond, the oldest are lost. */
  readonly mostWaitingBytes: number
  /** Told of the sums now and then, whenever the first of something is lost or kept again, and last at the end. */
  readonly report: (recorded: Recorded) => Promise<void>
  readonly onAway: (error: unknown) => void
}

/** Brings the finished segments of one broadcast to the object store. */
export type Recorder = {
  /** Never waits: the live stream goes on whatever becomes of the recording. */
  readonly add: (events: readonly PackagerEvent[]) => void
  /** Nothing that comes from here on is recorded. */
  readonly stop: () => void
  /** What has been stored, in order. */
  readonly pieces: () => readonly Piece[]
  /** Resolves once what waits is stored, or lost since the object store did not take it within so long. */
  readonly finish: (withinMs: number) => Promise<void>
}

type Waiting = {
  readonly file: string
  readonly bytes: () => Buffer
  readonly piece: Piece | undefined
}

/** Segments between two reports. */
const REPORT_EVERY = 8
const AGAIN_MS = { firstMs: 100, mostMs: 2_000 }

export const createRecorder = (options: RecorderOptions): Recorder => {
  const { objects, folder, take, mostWaitingBytes, report, onAway } = options
  const waiting: Waiting[] = []
  const stored: Piece[] = []
  const between = pauses(AGAIN_MS)
  const given = new AbortController()
  let inits = 0
  let waitingBytes = 0
  let sums: Recorded = { take, segments: 0, bytes: 0, durationMs: 0, lostMs: 0 }
  let reported = sums
  let reporting: Promise<void> | undefined
  let working: Promise<void> | undefined
  let isStopped = false
  let wasAway = false

  /** One report at a time; what comes meanwhile is in the next one. */
  const tell = (): void => {
    if (reporting) return
    const told = sums
    reporting = report(told)
      .then(
        () => true,
        // The next report has the same sums in it.
        () => false,
      )
      .then((isTold) => {
        reporting = undefined
        if (!isTold) return
        reported = told
        tellIfDue()
      })
  }

  const tellIfDue = (): void => {
    const isFirst = reported.segments === 0 && sums.segments > 0
    const losesOrKeepsAgain = sums.lostMs !== reported.lostMs
    if (isFirst || losesOrKeepsAgain || sums.segments - reported.segments >= REPORT_EVERY) tell()
  }

  const lose = ({ piece }: Waiting): void => {
    waitingBytes -= piece?.bytes ?? 0
    sums = { ...sums, lostMs: sums.lostMs + (piece?.durationMs ?? 0) }
  }

  /** The one that is being sent stays; an init segment is small, and all behind it need it. */
  const makeRoom = (): void => {
    while (waitingBytes > mostWaitingBytes) {
      const oldest = waiting.findIndex(({ piece }, index) => piece && (index > 0 || !working))
      const [lost] = oldest === -1 ? [] : waiting.splice(oldest, 1)
      if (!lost) return
      lose(lost)
    }
  }

  const store = async ({ file, bytes }: Waiting): Promise<void> => {
    for (;;) {
      try {
        await objects.put(folder + file, bytes())
        break
      } catch (error) {
        // The names of a take are its own: it is there since an earlier try, whose answer was lost.
        if (error instanceof ObjectExists) break
        if (!wasAway) onAway(error)
        wasAway = true
        await sleep(between.next(), undefined, { signal: given.signal })
      }
    }
    wasAway = false
    between.reset()
  }

  const work = async (): Promise<void> => {
    for (let next = waiting[0]; next; next = waiting[0]) {
      await store(next)
      waiting.shift()
      const { piece } = next
      if (!piece) continue
      waitingBytes -= piece.bytes
      stored.push(piece)
      const { segments, bytes, durationMs } = sums
      sums = {
        ...sums,
        segments: segments + 1,
        bytes: bytes + piece.bytes,
        durationMs: durationMs + piece.durationMs,
      }
      tellIfDue()
    }
  }

  const put = (entry: Waiting): void => {
    waiting.push(entry)
    waitingBytes += entry.piece?.bytes ?? 0
    const lostBefore = sums.lostMs
    makeRoom()
    if (sums.lostMs > lostBefore) tellIfDue()
    // It ends by itself once nothing waits, or is given up with the rest.
    working ??= work()
      .catch(() => {})
      .finally(() => {
        working = undefined
      })
  }

  const pieceOf = (segment: Segment, bytes: number): Piece => ({
    take,
    sequence: segment.sequence,
    init: segment.init,
    capturedAtMs: Math.round(segment.capturedAtMs),
    durationMs: Math.round(segment.seconds * 1000),
    bytes,
    startsAfterDiscontinuity: segment.startsAfterDiscontinuity,
  })

  return {
    add: (events) => {
      for (const event of events) {
        if (event.type === 'init') {
          const { bytes } = event.init
          if (!isStopped) put({ file: initFile(take, inits), bytes: () => bytes, piece: undefined })
          inits++
        }
        if (event.type !== 'segment' || isStopped) continue
        const { segment } = event
        const size = segment.parts.reduce((sum, { bytes }) => sum + bytes.length, 0)
        const piece = pieceOf(segment, size)
        if (size > 0) put({ file: pieceFile(piece), bytes: () => segmentBytes(segment), piece })
      }
    },
    stop: () => {
      isStopped = true
    },
    pieces: () => stored,
    finish: async (withinMs) => {
      isStopped = true
      const timer = setTimeout(() => given.abort(), withinMs)
      await working
      clearTimeout(timer)
      given.abort()
      for (const entry of waiting.splice(0)) lose(entry)
      await reporting
      if (sums !== reported) tell()
      await reporting
    },
  }
}
