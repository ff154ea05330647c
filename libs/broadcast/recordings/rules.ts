import { isPerson } from '#libs/access/principal.ts'
import type { DecideContext, Rejection } from '#libs/journal/decider.ts'
import { reject } from '../errors.ts'
import { notAllowed } from '../rules/senders.ts'
import type { Clip, Library, Vod } from './library.ts'

/** More than any channel makes, and a bound on its state. */
export const maxVods = 5_000
export const maxClips = 5_000
export const clipMs = { min: 1_000, max: 600_000 } as const
/** A highlight: a clip by who manages the recordings may be as long as a broadcast. */
export const highlightMs = 48 * 3_600_000
export const maxRetentionDays = 3_650
export const titleCodePoints = { min: 1, max: 140 } as const

export const vodUnknown = ({ vods }: Library, vodId: string): Rejection | undefined =>
  Object.hasOwn(vods, vodId) ? undefined : reject('broadcast.vod_unknown')

export const clipUnknown = ({ clips }: Library, clipId: string): Rejection | undefined =>
  Object.hasOwn(clips, clipId) ? undefined : reject('broadcast.clip_unknown')

export const clipExists = ({ clips }: Library, clipId: string): Rejection | undefined =>
  Object.hasOwn(clips, clipId) ? reject('broadcast.clip_exists') : undefined

export const tooManyClips = ({ clips }: Library): Rejection | undefined =>
  Object.keys(clips).length < maxClips ? undefined : reject('broadcast.too_many_clips', { max: maxClips })

/** It grows no more, by what was decided. */
export const recordingOver = ({ vods }: Library, broadcastId: string): Rejection | undefined => {
  const vod = vods[broadcastId]
  return vod && !vod.isFinished ? undefined : reject('broadcast.recording_over')
}

/** What is being recorded cannot be deleted under the encoder's hands. */
export const stillRecording = ({ isFinished }: Vod): Rejection | undefined =>
  isFinished ? undefined : reject('broadcast.still_recording')

export const retentionOutOfRange = (days: number | null): Rejection | undefined =>
  days === null || (Number.isSafeInteger(days) && days >= 0 && days <= maxRetentionDays)
    ? undefined
    : reject('broadcast.retention_out_of_range', { maxDays: maxRetentionDays })

export const titleOutOfRange = (title: string | null): Rejection | undefined => {
  if (title === null) return undefined
  const codePoints = [...title.trim()].length
  return codePoints >= titleCodePoints.min && codePoints <= titleCodePoints.max
    ? undefined
    : reject('broadcast.title_out_of_range', titleCodePoints)
}

/** Only who manages the recordings makes highlights, and clips of what others may not see. */
export const clipOutOfRange = (
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
  vod: Vod,
  context: DecideContext,
): Rejection | undefined => {
  const most = notAllowed('manage_recordings', context) ? clipMs.max : highlightMs
  const lasts = toMs - fromMs
  if (!(lasts >= clipMs.min && lasts <= most))
    return reject('broadcast.clip_out_of_range', { minMs: clipMs.min, maxMs: most })
  const end = vod.endedAt ?? context.at
  return toMs <= vod.startedAt || fromMs >= end ? reject('broadcast.clip_out_of_recording') : undefined
}

/** Whoever may watch may clip; who that is where not everybody may, the edge has checked. */
export const notClipper = (vod: Vod, context: DecideContext): Rejection | undefined =>
  notAllowed('make_clips', context) ??
  (vod.audience === 'private' ? notAllowed('manage_recordings', context) : undefined)

/** Its creator may delete it, and who manages the recordings. */
export const notOfClip = ({ creator }: Clip, context: DecideContext): Rejection | undefined =>
  isPerson(context.principal) && context.principal === creator ? undefined : notAllowed('manage_recordings', context)
