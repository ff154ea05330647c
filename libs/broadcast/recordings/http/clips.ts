import { z } from 'zod'
import { Position, pageLimit, Uuidv7 } from '#libs/http/ids.ts'
import { pendingReply, pendingResponse } from '#libs/http/pending.ts'
import { HttpProblem } from '#libs/http/problem.ts'
import { routesOf } from '#libs/http/route.ts'
import { capturedAt, playedAt } from '#libs/media/recording/timeline.ts'
import { doneReply } from '../../http/done.ts'
import { sendToBroadcasts } from '../../http/edge.ts'
import { channelParams, Done } from '../../http/schemas.ts'
import { clipOr404, playbackFor, type RecordingEdge, reading, vodOr404, watchersOnly } from './edge.ts'
import { Clip, clipBody, clipParams, RecordedPlayback, vodParams } from './schemas.ts'

const route = routesOf<RecordingEdge>()
const writing = { tag: 'recordings', auth: 'account', rate: 'write', command: true } as const

const makeClip = route({
  ...writing,
  access: 'signed in',
  scopes: ['chat:write'],
  method: 'POST',
  path: '/v1/vods/{vodId}/clips',
  id: 'makeClip',
  summary: 'Keeps a part of a recording, or of a broadcast that is live, as a clip of its own',
  description:
    'Its id is that of the command. It begins at a keyframe, and stays when its recording is deleted. Long ones, highlights, are for who manages the recordings.',
  params: vodParams,
  body: z.strictObject({
    title: z.string(),
    from: z.number().min(0).meta({ description: 'Seconds from the beginning of the recording' }),
    to: z.number().min(0),
  }),
  responses: {
    201: {
      description: 'It is being made',
      body: z.strictObject({ clipId: Uuidv7, position: Position }).meta({ id: 'NewClip' }),
    },
    ...pendingResponse,
  },
  errors: [
    'broadcast.vod_unknown',
    'channel.unknown',
    'broadcast.forbidden',
    'playback.forbidden',
    'broadcast.clip_exists',
    'broadcast.too_many_clips',
    'broadcast.title_out_of_range',
    'broadcast.clip_out_of_range',
    'broadcast.clip_out_of_recording',
  ],
  handler: async (request, edge) => {
    const { commandId: clipId, params, body, caller } = request
    const { vodId } = params
    const find = async () => {
      const vod = await vodOr404(edge, vodId)
      await watchersOnly(edge, vod, caller)
      const pieces = await edge.pieces(vod)
      const [fromMs, toMs] = [capturedAt(pieces, body.from), capturedAt(pieces, body.to)]
      if (fromMs === undefined || toMs === undefined) throw new HttpProblem('broadcast.clip_out_of_recording')
      return { channelId: vod.channelId, fromMs: Math.round(fromMs), toMs: Math.round(toMs) }
    }
    return edge.once(request, ['makeClip', vodId, body], find, async ({ channelId, fromMs, toMs }) => {
      const command = { type: 'MakeClip', clipId, vodId, fromMs, toMs, title: body.title } as const
      const submitted = await sendToBroadcasts(edge, channelId, command, request)
      if (submitted.kind === 'pending') return pendingReply(clipId)
      return { status: 201 as const, body: { clipId, position: submitted.position } }
    })
  },
})

const listClips = route({
  ...reading,
  path: '/v1/channels/{channelId}/clips',
  id: 'listClips',
  summary: 'The clips of a channel, the latest first',
  params: channelParams,
  query: z.strictObject({
    vod: Uuidv7.optional().meta({ description: 'Only those of this recording' }),
    before: Uuidv7.optional().meta({ description: 'Of the page before: the last clip' }),
    limit: pageLimit(100, 20),
  }),
  responses: { 200: { description: 'A page', body: z.strictObject({ clips: z.array(Clip) }) } },
  errors: [],
  handler: async ({ params: { channelId }, query: { vod: vodId, ...page } }, edge) => {
    const found = await edge.vods.clips({ channelId, vodId, ...page })
    return { status: 200, body: { clips: found.map(clipBody) } }
  },
})

const getClip = route({
  ...reading,
  path: '/v1/clips/{clipId}',
  id: 'getClip',
  summary: 'A clip, and where in its recording it lies',
  params: clipParams,
  responses: {
    200: {
      description: 'As it is now',
      body: Clip.extend({
        vodSeconds: z
          .number()
          .nullable()
          .meta({ description: 'Where it begins in its recording; null once that is gone' }),
      }).meta({ id: 'PlacedClip' }),
    },
  },
  errors: ['broadcast.clip_unknown'],
  handler: async ({ params: { clipId } }, edge) => {
    const clip = await clipOr404(edge, clipId)
    const vod = await edge.vods.vod(clip.vodId)
    const begins = vod && playedAt(await edge.pieces(vod), clip.fromMs)
    return { status: 200, body: { ...clipBody(clip), vodSeconds: begins ?? null } }
  },
})

const getClipPlayback = route({
  ...reading,
  path: '/v1/clips/{clipId}/playback',
  id: 'getClipPlayback',
  summary: 'Where a clip is watched',
  params: clipParams,
  responses: { 200: { description: 'It can be watched', body: RecordedPlayback } },
  errors: ['broadcast.clip_unknown', 'playback.forbidden', 'http.unauthenticated'],
  handler: async ({ params: { clipId }, caller }, edge) =>
    playbackFor(edge, 'clips', clipId, await clipOr404(edge, clipId), caller),
})

const deleteClip = route({
  ...writing,
  access: 'signed in',
  scopes: ['chat:write'],
  method: 'DELETE',
  path: '/v1/clips/{clipId}',
  id: 'deleteClip',
  summary: 'Deletes a clip, for its creator and who manages the recordings',
  params: clipParams,
  responses: { 200: { description: 'It is gone; its media is in a moment', body: Done }, ...pendingResponse },
  errors: ['broadcast.clip_unknown', 'channel.unknown', 'broadcast.forbidden'],
  handler: (request, edge) => {
    const { clipId } = request.params
    const find = async () => ({ channelId: (await clipOr404(edge, clipId)).channelId })
    return edge.once(request, ['deleteClip', clipId], find, async ({ channelId }) =>
      doneReply(request.commandId, await sendToBroadcasts(edge, channelId, { type: 'DeleteClip', clipId }, request)),
    )
  },
})

export const clipRoutes = [makeClip, listClips, getClip, getClipPlayback, deleteClip]
