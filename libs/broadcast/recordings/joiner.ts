import type { ObjectStore } from '#libs/journal/objects.ts'
import { cut as cutting } from '#libs/media/cut.ts'
import { type Join, joinSessions, type Session } from '#libs/media/ffmpeg/join.ts'
import { FfmpegFailed } from '#libs/media/ffmpeg/run.ts'
import { parseAudioTag, parseVideoTag } from '#libs/media/flv/tags.ts'
import { describeInit } from '#libs/media/mp4/described.ts'
import { createPackager, type PackagerEvent } from '#libs/media/packager.ts'
import { initFile, type Piece, pieceFile } from '#libs/media/recording/piece.ts'
import { beginsSession, capturedAt, lengthMs, placed } from '#libs/media/recording/timeline.ts'
import { segmentBytes } from '#libs/media/rendition.ts'
import type { ClipObjects, Cut, Trimmed } from './cut.ts'

/** Encodes sessions anew, as one. */
export type JoinPieces = (join: Pick<Join, 'sessions' | 'onTag' | 'withinMs'>) => Promise<void>

/** By an ffmpeg, until the signal ends it. */
export const joinBy =
  (ffmpeg: string, signal: AbortSignal): JoinPieces =>
  (join) =>
    joinSessions({ ...join, ffmpeg, signal })

/** Encoding beside live video is slower than time at worst. */
const WITHIN_MS = { least: 60_000, perMs: 4 } as const

const sessionsOf = async (
  objects: Pick<ObjectStore, 'get'>,
  from: string,
  parts: readonly Trimmed[],
  stored: () => Promise<void>,
): Promise<readonly Session[] | undefined> => {
  const groups = parts.reduce<Trimmed[][]>((all, part) => {
    const last = all.at(-1)
    const before = last?.at(-1)
    if (last && before && !beginsSession(before.piece, part.piece)) last.push(part)
    else all.push([part])
    return all
  }, [])
  const sessions: Session[] = []
  for (const group of groups) {
    const [{ piece } = {}] = group
    const init = piece && (await objects.get(from + initFile(piece.take, piece.init)))
    if (!init) return undefined
    sessions.push({
      ...describeInit(init),
      seconds: lengthMs(group.map((part) => part.piece)) / 1000,
      chunks: async function* () {
        yield init
        for (const { bytes } of group) {
          await stored()
          yield await bytes()
        }
      },
    })
  }
  return sessions
}

export type JoiningOptions = {
  readonly objects: ClipObjects
  readonly cut: Cut
  readonly parts: readonly Trimmed[]
  /** Under which the pieces of the clip are stored. */
  readonly take: string
  readonly join: JoinPieces
}

/** Stores a clip of several sessions, encoded anew as one. @returns whether it could be */
export const joinPieces = async ({ objects, cut, parts, take, join }: JoiningOptions): Promise<boolean> => {
  // What was made is stored before more is read, so that little of it waits.
  let storing: Promise<void> = Promise.resolve()
  const sessions = await sessionsOf(objects, cut.from, parts, () => storing)
  if (!sessions) return false
  const pieces = parts.map(({ piece }) => piece)
  const places = placed(pieces)
  const packager = createPackager({ ...cutting, epochMs: 0 })
  let inits = 0
  const put = (name: string, bytes: Buffer): void => {
    storing = storing.then(() => objects.put(cut.to + name, bytes))
    // Told where it is waited for.
    storing.catch(() => {})
  }
  const store = (events: readonly PackagerEvent[]): void => {
    for (const event of events) {
      if (event.type === 'init') put(initFile(take, inits++), event.init.bytes)
      if (event.type !== 'segment') continue
      const { sequence, init, seconds, startsAfterDiscontinuity } = event.segment
      const bytes = segmentBytes(event.segment)
      const captured = capturedAt(places, event.segment.capturedAtMs / 1000) ?? cut.fromMs
      const piece: Piece = {
        ...{ take, sequence, init, startsAfterDiscontinuity, bytes: bytes.length },
        capturedAtMs: Math.round(captured),
        durationMs: Math.round(seconds * 1000),
      }
      put(pieceFile(piece), bytes)
    }
  }
  try {
    await join({
      sessions,
      withinMs: WITHIN_MS.least + WITHIN_MS.perMs * lengthMs(pieces),
      onTag: ({ type, timestamp, payload }) =>
        store(
          type === 'video'
            ? packager.video(parseVideoTag(payload), timestamp)
            : packager.audio(parseAudioTag(payload), timestamp),
        ),
    })
    store(packager.flush())
  } catch (error) {
    if (!(error instanceof FfmpegFailed)) throw error
    return false
  } finally {
    await storing
  }
  return true
}
