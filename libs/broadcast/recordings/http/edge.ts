import { may } from '#libs/access/permissions.ts'
import { HttpProblem } from '#libs/http/problem.ts'
import type { Caller } from '#libs/http/route.ts'
import type { Placed } from '#libs/media/recording/timeline.ts'
import type { BroadcastEdge } from '../../http/edge.ts'
import type { PlaybackTokens } from '../../playback-tokens.ts'
import type { ClipView, VodReads, VodView } from '../reads.ts'
import type { Retention } from '../retention-facts.ts'
import { playbackBody } from './schemas.ts'

/** A message as it stands beside the video. */
export type ReplayedMessage = {
  readonly messageId: string
  readonly seq: number
  readonly at: number
  readonly authorId: string
  readonly authorName: string | null
  readonly text: string
}

export type ChatAsked = {
  readonly channelId: string
  /** Milliseconds since 1970: from the first on, before the second. */
  readonly fromMs: number
  readonly toMs: number
  /** The number of a message: only those behind it. */
  readonly after?: number | undefined
  readonly limit: number
}

/** What the routes of recordings stand on. */
export type RecordingEdge = BroadcastEdge & {
  readonly vods: VodReads
  /** Tokens by the id of a recording or a clip, good for as long as it may be watched in one go. */
  readonly vodTokens: PlaybackTokens
  /** What there is of a recording or a clip, in order. */
  readonly pieces: (of: VodView | ClipView) => Promise<readonly Placed[]>
  /** What is there of the chat of a channel, as it is now: what was deleted since is not. */
  readonly chat: (asked: ChatAsked) => Promise<readonly ReplayedMessage[]>
  /** What recordings of a channel may take in bytes, where nothing else is set for it; null: without bound. */
  readonly quotaBytes: number | null
  /** For how long they stay where nobody has said anything of a channel. */
  readonly retention: Retention
}

type Watched = Pick<VodView, 'audience' | 'channelId'>

const isOpenTo = async (edge: RecordingEdge, { audience, channelId }: Watched, caller: Caller): Promise<boolean> => {
  const role = (await edge.roleIn(channelId, caller)) ?? 'none'
  if (may(role, 'watch_private_broadcasts')) return true
  return audience === 'subscribers' && (await edge.isSubscribed(channelId, caller.accountId))
}

/** Refuses who may not watch it. */
export const watchersOnly = async (
  edge: RecordingEdge,
  watched: Watched,
  caller: Caller | undefined,
): Promise<void> => {
  if (watched.audience === 'everybody') return
  if (!caller) throw new HttpProblem('http.unauthenticated')
  if (!(await isOpenTo(edge, watched, caller)))
    throw new HttpProblem('playback.forbidden', { detail: { audience: watched.audience } })
}

export const vodOr404 = async (edge: RecordingEdge, vodId: string): Promise<VodView> => {
  const vod = await edge.vods.vod(vodId)
  if (!vod) throw new HttpProblem('broadcast.vod_unknown')
  return vod
}

export const clipOr404 = async (edge: RecordingEdge, clipId: string): Promise<ClipView> => {
  const clip = await edge.vods.clip(clipId)
  if (!clip) throw new HttpProblem('broadcast.clip_unknown')
  return clip
}

/** Whether somebody manages the recordings of a channel, and so sees what is in no list. */
export const managesRecordings = async (
  edge: RecordingEdge,
  channelId: string,
  caller: Caller | undefined,
): Promise<boolean> =>
  caller !== undefined && may((await edge.roleIn(channelId, caller)) ?? 'none', 'manage_recordings')

/** What every route has in common that shows recordings, or what was cut of them, to whoever may see them. */
export const reading = {
  tag: 'recordings',
  auth: 'optional',
  access: 'public',
  scopes: ['chat:read'],
  rate: 'read',
  method: 'GET',
  reads: ['vods'],
} as const

/** Where it is watched; with a token unless it is for everybody. Refuses who may not watch it. */
export const playbackFor = async (
  edge: RecordingEdge,
  kind: 'vods' | 'clips',
  id: string,
  watched: Watched,
  caller: Caller | undefined,
) => {
  await watchersOnly(edge, watched, caller)
  const token = watched.audience === 'everybody' ? undefined : edge.vodTokens.issue({ id, audience: watched.audience })
  return { status: 200, body: playbackBody(kind, id, token) } as const
}
