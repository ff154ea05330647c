import type { EvolveContext } from '#libs/journal/decider.ts'
import type { Instant } from '#libs/journal/log.ts'
import type { BroadcastEvent, BroadcastEventOf } from '../events.ts'

/** A recording, from the beginning of its broadcast until it is deleted. Its id is that of the broadcast. */
export type Vod = {
  readonly startedAt: Instant
  readonly endedAt: Instant | null
  /** Nothing is added any more: the broadcast has ended and the last of it is there, or is waited for no longer. */
  readonly isFinished: boolean
  /** What it has come to is known. */
  readonly isSealed: boolean
  /** Nothing more is recorded, though the broadcast goes on. */
  readonly isStopped: boolean
  readonly bytes: number
  /** What each run of an ingest app says that it has recorded; empty once it is sealed. */
  readonly takes: Readonly<Record<string, { readonly bytes: number; readonly lostMs: number }>>
  /** As the settings had it; none: without bound. */
  readonly quotaBytes: number | null
  readonly audience: BroadcastEventOf<'RecordingStarted'>['audience']
}

export type Clip = {
  readonly creator: string
  readonly vodId: string
  readonly requestedAt: Instant
  readonly bytes: number
  readonly isMade: boolean
}

/** What a channel keeps of its broadcasts. */
export type Library = {
  /** As the broadcasts are: recordings to come begin with it. */
  readonly visibility: BroadcastEventOf<'RecordingStarted'>['visibility']
  readonly audience: Vod['audience']
  readonly isOn: boolean
  /** Somebody has said how the channel keeps what it has; until then it is kept as the platform's settings say. */
  readonly isSet: boolean
  readonly retentionDays: number
  readonly clipRetentionDays: number
  /** What is set for this channel; none: as the settings have it. */
  readonly quotaBytes: number | null
  readonly vods: Readonly<Record<string, Vod>>
  readonly clips: Readonly<Record<string, Clip>>
}

export const emptyLibrary: Library = {
  visibility: 'public',
  audience: 'everybody',
  isOn: true,
  isSet: false,
  retentionDays: 0,
  clipRetentionDays: 0,
  quotaBytes: null,
  vods: {},
  clips: {},
}

/** How long the last of a recording may take to arrive once its broadcast has ended. */
export const finishWithinMs = 30_000
const DAY_MS = 86_400_000

/** What the channel keeps, in bytes. */
export const usedBytes = ({ vods, clips }: Library): number =>
  [...Object.values(vods), ...Object.values(clips)].reduce((sum, { bytes }) => sum + bytes, 0)

/** When the recording is finished, whoever has something to add; undefined where it is open, or finished already. */
const finishBy = ({ endedAt, isFinished }: Vod): Instant | undefined =>
  endedAt === null || isFinished ? undefined : endedAt + finishWithinMs

/** When its time is over; undefined where it stays. */
const deleteAt = ({ retentionDays }: Library, { endedAt, isSealed }: Vod): Instant | undefined =>
  endedAt === null || !isSealed || retentionDays === 0 ? undefined : endedAt + retentionDays * DAY_MS

const next = (library: Library, vod: Vod): Instant | undefined => finishBy(vod) ?? deleteAt(library, vod)

/** The clips that do not stay for ever, each with when its time is over. */
const clipEnds = ({ clips, clipRetentionDays }: Library): readonly (readonly [string, Instant])[] =>
  clipRetentionDays === 0
    ? []
    : Object.entries(clips)
        .filter(([, { isMade }]) => isMade)
        .map(([clipId, { requestedAt }]) => [clipId, requestedAt + clipRetentionDays * DAY_MS])

/** When something of it wants to be done without anybody's asking. */
export const libraryDue = (library: Library): Instant | undefined => {
  const times = [
    ...Object.values(library.vods).map((vod) => next(library, vod)),
    ...clipEnds(library).map(([, at]) => at),
  ]
  return times.reduce(
    (earliest, at) => (at === undefined || (earliest !== undefined && earliest <= at) ? earliest : at),
    undefined,
  )
}

/** The recordings of which something is due by then. */
export const dueVods = (library: Library, by: Instant): readonly (readonly [string, Vod])[] =>
  Object.entries(library.vods).filter(([, vod]) => (next(library, vod) ?? Number.POSITIVE_INFINITY) <= by)

/** The clips whose time is over by then. */
export const dueClips = (library: Library, by: Instant): readonly string[] =>
  clipEnds(library).flatMap(([clipId, at]) => (at <= by ? [clipId] : []))

const without = <Value>(all: Readonly<Record<string, Value>>, id: string): Readonly<Record<string, Value>> =>
  Object.fromEntries(Object.entries(all).filter(([key]) => key !== id))

const withVod = (library: Library, vodId: string, change: (vod: Vod) => Partial<Vod>): Library => {
  const vod = library.vods[vodId]
  return vod ? { ...library, vods: { ...library.vods, [vodId]: { ...vod, ...change(vod) } } } : library
}

const reported = (library: Library, event: BroadcastEventOf<'RecordingReported'>): Library =>
  withVod(library, event.broadcastId, (vod) => {
    const takes = { ...vod.takes, [event.take]: { bytes: event.bytes, lostMs: event.lostMs } }
    return { takes, bytes: Object.values(takes).reduce((sum, { bytes }) => sum + bytes, 0) }
  })

/** The library behind an event. */
export const evolveLibrary = (library: Library, event: BroadcastEvent, { at }: EvolveContext): Library => {
  switch (event.type) {
    case 'BroadcastInfoChanged': {
      const { visibility, audience } = library
      return { ...library, visibility: event.visibility ?? visibility, audience: event.audience ?? audience }
    }
    case 'RecordingStarted': {
      const { broadcastId, audience, quotaBytes, retentionDays, clipRetentionDays } = event
      const kept = { retentionDays: retentionDays ?? 0, clipRetentionDays: clipRetentionDays ?? 0 }
      const flags = { isFinished: false, isSealed: false, isStopped: false }
      const vod = { startedAt: at, endedAt: null, ...flags, bytes: 0, takes: {}, audience, quotaBytes }
      return { ...library, ...(!library.isSet && kept), vods: { ...library.vods, [broadcastId]: vod } }
    }
    case 'RecordingReported':
      return reported(library, event)
    case 'RecordingStopped':
      return withVod(library, event.broadcastId, () => ({ isStopped: true }))
    case 'BroadcastEnded':
      return withVod(library, event.broadcastId, () => ({ endedAt: at }))
    case 'RecordingFinished':
      return withVod(library, event.broadcastId, () => ({ isFinished: true }))
    case 'RecordingSealed':
      return event.segments === 0
        ? { ...library, vods: without(library.vods, event.broadcastId) }
        : withVod(library, event.broadcastId, () => ({ isSealed: true, bytes: event.bytes, takes: {} }))
    case 'RecordingsChanged': {
      const { isOn, retentionDays, clipRetentionDays, quotaBytes } = event
      return { ...library, isSet: true, isOn, retentionDays, clipRetentionDays, quotaBytes }
    }
    case 'VodChanged':
      return withVod(library, event.vodId, ({ audience }) => ({ audience: event.audience ?? audience }))
    case 'VodDeleted':
      return { ...library, vods: without(library.vods, event.vodId) }
    case 'ClipRequested': {
      const clip = { creator: event.actor, vodId: event.vodId, requestedAt: at, bytes: 0, isMade: false }
      return { ...library, clips: { ...library.clips, [event.clipId]: clip } }
    }
    case 'ClipMade': {
      const clip = library.clips[event.clipId]
      if (!clip) return library
      return { ...library, clips: { ...library.clips, [event.clipId]: { ...clip, bytes: event.bytes, isMade: true } } }
    }
    case 'ClipFailed':
    case 'ClipDeleted':
    case 'ClipExpired':
      return { ...library, clips: without(library.clips, event.clipId) }
    default:
      return library
  }
}
