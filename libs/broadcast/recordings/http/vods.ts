import { z } from 'zod'
import { pageLimit, Uuidv7 } from '#libs/http/ids.ts'
import { pendingResponse } from '#libs/http/pending.ts'
import { routesOf } from '#libs/http/route.ts'
import { doneReply } from '../../http/done.ts'
import { sendToBroadcasts } from '../../http/edge.ts'
import { audiences, channelParams, Done, visibilities } from '../../http/schemas.ts'
import { managesRecordings, playbackFor, type RecordingEdge, reading, vodOr404 } from './edge.ts'
import { Chapter, chaptersBody, RecordedPlayback, Vod, vodBody, vodParams } from './schemas.ts'

const route = routesOf<RecordingEdge>()
const managing = {
  tag: 'recordings',
  auth: 'account',
  scopes: ['channel:manage'],
  access: { channel: 'manage_recordings' },
  rate: 'write',
  command: true,
  params: vodParams,
} as const

const listVods = route({
  ...reading,
  path: '/v1/channels/{channelId}/vods',
  id: 'listVods',
  summary: 'The recordings of a channel, the latest first',
  description: 'Who manages them sees those that are unlisted, too.',
  params: channelParams,
  query: z.strictObject({
    before: Uuidv7.optional().meta({ description: 'Of the page before: the last recording' }),
    limit: pageLimit(100, 20),
  }),
  responses: { 200: { description: 'A page', body: z.strictObject({ vods: z.array(Vod) }) } },
  errors: [],
  handler: async ({ params: { channelId }, query, caller }, edge) => {
    const all = await managesRecordings(edge, channelId, caller)
    const found = await edge.vods.vods({ channelId, all, ...query })
    return { status: 200, body: { vods: found.map(vodBody) } }
  },
})

const getVod = route({
  ...reading,
  path: '/v1/vods/{vodId}',
  id: 'getVod',
  summary: 'A recording, with its chapters',
  params: vodParams,
  responses: {
    200: {
      description: 'As it is now',
      body: Vod.extend({ chapters: z.array(Chapter) }).meta({ id: 'VodWithChapters' }),
    },
  },
  errors: ['broadcast.vod_unknown'],
  handler: async ({ params: { vodId } }, edge) => {
    const vod = await vodOr404(edge, vodId)
    const [chapters, pieces] = await Promise.all([edge.vods.chapters(vodId), edge.pieces(vod)])
    return { status: 200, body: { ...vodBody(vod), chapters: [...chaptersBody(chapters, pieces)] } }
  },
})

const getVodPlayback = route({
  ...reading,
  path: '/v1/vods/{vodId}/playback',
  id: 'getVodPlayback',
  summary: 'Where a recording is watched',
  params: vodParams,
  responses: { 200: { description: 'It can be watched', body: RecordedPlayback } },
  errors: ['broadcast.vod_unknown', 'playback.forbidden', 'http.unauthenticated'],
  handler: async ({ params: { vodId }, caller }, edge) =>
    playbackFor(edge, 'vods', vodId, await vodOr404(edge, vodId), caller),
})

const changeVod = route({
  ...managing,
  method: 'PATCH',
  path: '/v1/vods/{vodId}',
  id: 'changeVod',
  summary: 'Says what a recording is called, and whom it is for',
  description: 'What is left out stays as it is.',
  body: z.strictObject({
    title: z.string().optional(),
    visibility: z.enum(visibilities).optional(),
    audience: z.enum(audiences).optional(),
  }),
  responses: { 200: { description: 'It is so', body: Done }, ...pendingResponse },
  errors: ['broadcast.vod_unknown', 'channel.unknown', 'broadcast.forbidden', 'broadcast.title_out_of_range'],
  handler: async (request, edge) => {
    const { vodId } = request.params
    const { title = null, visibility = null, audience = null } = request.body
    const { channelId } = await vodOr404(edge, vodId)
    const command = { type: 'ChangeVod', vodId, title, visibility, audience } as const
    return doneReply(request.commandId, await sendToBroadcasts(edge, channelId, command, request))
  },
})

const deleteVod = route({
  ...managing,
  method: 'DELETE',
  path: '/v1/vods/{vodId}',
  id: 'deleteVod',
  summary: 'Deletes a recording, with its media; clips of it stay',
  responses: { 200: { description: 'It is gone; its media is in a moment', body: Done }, ...pendingResponse },
  errors: ['broadcast.vod_unknown', 'channel.unknown', 'broadcast.forbidden', 'broadcast.still_recording'],
  handler: (request, edge) => {
    const { vodId } = request.params
    const find = async () => ({ channelId: (await vodOr404(edge, vodId)).channelId })
    return edge.once(request, ['deleteVod', vodId], find, async ({ channelId }) =>
      doneReply(request.commandId, await sendToBroadcasts(edge, channelId, { type: 'DeleteVod', vodId }, request)),
    )
  },
})

export const vodRoutes = [listVods, getVod, getVodPlayback, changeVod, deleteVod]
