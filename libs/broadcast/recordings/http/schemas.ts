import { z } from 'zod'
import { NumericId, Timestamp, timestamp, Uuidv7 } from '#libs/http/ids.ts'
import { type Placed, playedAt } from '#libs/media/recording/timeline.ts'
import { audiences, visibilities } from '../../http/schemas.ts'
import type { ChapterView, ClipView, VodView } from '../reads.ts'

export const vodParams = z.strictObject({ vodId: Uuidv7 })
export const clipParams = z.strictObject({ clipId: Uuidv7 })

const Seconds = z.number().min(0)

export const Vod = z
  .strictObject({
    id: Uuidv7.meta({ description: 'That of its broadcast' }),
    channelId: NumericId,
    title: z.string().nullable(),
    category: z.string().nullable(),
    visibility: z.enum(visibilities).meta({ description: 'Whether it is found in lists' }),
    audience: z.enum(audiences).meta({ description: 'Who may watch; private: those with a role in the channel' }),
    state: z.enum(['recording', 'finishing', 'finished']),
    startedAt: Timestamp,
    endedAt: Timestamp.nullable(),
    seconds: Seconds,
    lostSeconds: Seconds.meta({ description: 'What could not be kept; it takes no time in the recording' }),
    bytes: z.int().min(0),
    stoppedBy: z.string().nullable().meta({ description: 'Why it ends before its broadcast did: quota' }),
    thumbnail: z.string().nullable().meta({
      description:
        'Where a picture of it is; null before it is finished, and 404 there where the platform has no ffmpeg',
    }),
  })
  .meta({ id: 'Vod' })

const stateOf = ({ isFinished, endedAt }: VodView) =>
  isFinished ? 'finished' : endedAt === null ? 'recording' : 'finishing'

/** Pictures of what is not for everybody are had with a token, as the video is. */
const thumbnailOf = (kind: 'vods' | 'clips', id: string, audience: string): string | null =>
  audience === 'everybody' ? `/media/${kind}/${id}/thumbnail.jpg` : null

export const vodBody = (vod: VodView): z.input<typeof Vod> => {
  const { vodId, channelId, title, category, visibility, audience, startedAt, endedAt, bytes, stoppedBy } = vod
  return {
    id: vodId,
    channelId,
    title,
    category,
    visibility,
    audience,
    state: stateOf(vod),
    startedAt: timestamp(startedAt),
    endedAt: endedAt === null ? null : timestamp(endedAt),
    seconds: vod.durationMs / 1000,
    lostSeconds: vod.lostMs / 1000,
    bytes,
    stoppedBy,
    thumbnail: vod.isFinished ? thumbnailOf('vods', vodId, audience) : null,
  }
}

export const Chapter = z
  .strictObject({ at: Seconds, title: z.string().nullable(), category: z.string().nullable() })
  .meta({ id: 'Chapter' })

/** Chapters by the time of the video; of several at one moment the last. */
export const chaptersBody = (
  chapters: readonly ChapterView[],
  pieces: readonly Placed[],
): readonly z.input<typeof Chapter>[] => {
  const placed = chapters.map(({ at, title, category }) => ({ at: playedAt(pieces, at) ?? 0, title, category }))
  return placed.filter(({ at }, index) => placed[index + 1]?.at !== at)
}

export const Clip = z
  .strictObject({
    id: Uuidv7,
    channelId: NumericId,
    vodId: Uuidv7.meta({ description: 'What it was made of, which may be gone' }),
    creatorId: NumericId,
    title: z.string().nullable().meta({ description: 'null once its creator is erased' }),
    audience: z.enum(audiences),
    state: z.enum(['making', 'made', 'failed']),
    problem: z.string().nullable(),
    createdAt: Timestamp,
    seconds: Seconds,
    bytes: z.int().min(0),
    thumbnail: z.string().nullable(),
  })
  .meta({ id: 'Clip' })

export const clipBody = (clip: ClipView): z.input<typeof Clip> => {
  const { clipId, channelId, vodId, creatorId, title, audience, state, problem, requestedAt, durationMs, bytes } = clip
  return {
    id: clipId,
    channelId,
    vodId,
    creatorId,
    title,
    audience,
    state,
    problem,
    createdAt: timestamp(requestedAt),
    seconds: durationMs / 1000,
    bytes,
    thumbnail: state === 'made' ? thumbnailOf('clips', clipId, audience) : null,
  }
}

export const RecordedPlayback = z
  .strictObject({
    url: z.string().meta({ description: 'The playlist' }),
    download: z.string().meta({ description: 'An MP4 file of all of it' }),
    storyboard: z.string().meta({ description: 'Pictures along the time, as WebVTT, where there are any' }),
    token: z.string().nullable(),
    expiresAt: Timestamp.nullable().meta({ description: 'When the token is good no more' }),
  })
  .meta({ id: 'RecordedPlayback' })

/** Addresses of the media of a recording or a clip, with a token where it is not for everybody. */
export const playbackBody = (
  kind: 'vods' | 'clips',
  id: string,
  token: { readonly token: string; readonly expiresAt: number } | undefined,
): z.input<typeof RecordedPlayback> => {
  const query = token ? `?token=${token.token}` : ''
  const under = (file: string): string => `/media/${kind}/${id}/${file}${query}`
  return {
    url: under('index.m3u8'),
    download: under('download.mp4'),
    storyboard: under('storyboard.vtt'),
    token: token?.token ?? null,
    expiresAt: token ? timestamp(token.expiresAt) : null,
  }
}
