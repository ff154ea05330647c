import { z } from 'zod'
import { may } from '#libs/access/permissions.ts'
import { mayOnPlatform } from '#libs/access/platform.ts'
import type { Submitted } from '#libs/http/command.ts'
import { entityTag, isFresh } from '#libs/http/conditional.ts'
import { Uuidv7 } from '#libs/http/ids.ts'
import { pendingResponse } from '#libs/http/pending.ts'
import { HttpProblem } from '#libs/http/problem.ts'
import { type Caller, routesOf } from '#libs/http/route.ts'
import { asProblem, pictureReply, pictureResponses, uploadErrors, uploadTypes } from '#libs/images/http.ts'
import { emotePlan } from '#libs/images/plan.ts'
import type { ChannelCommand } from '../commands.ts'
import { platformKey } from '../emotes/emotes.ts'
import { nameTakenFact } from '../emotes/globals.ts'
import { doneHeaders, doneReply } from './done.ts'
import { type ChannelEdge, channelOr404, type PictureEdge, roleOf, sendToChannel } from './edge.ts'
import { EmoteChange, EmoteManifest, NewEmote, shownManifest } from './emote-schemas.ts'
import { channelParams, Done, reasonRefusals, whyQuery } from './schemas.ts'

const route = routesOf<ChannelEdge>()
const pictureRoute = routesOf<PictureEdge>()
const tag = 'emotes'

/** What an id stands for never changes. */
const keptSeconds = 31_536_000
const place = 'emotes'
const sizes = Object.keys(emotePlan.heights)

const common = { tag, auth: 'account', rate: 'write', command: true } as const
const inChannel = { ...common, access: { channel: 'manage_emotes' }, scopes: ['channel:manage'] } as const
const onPlatform = { ...common, access: { platform: 'manage_emotes' } } as const
const upload = { types: uploadTypes, limitBytes: emotePlan.bounds.bytes }

const changeErrors = [
  'channel.unknown',
  'channel.forbidden',
  'channel.nothing_to_change',
  'channel.emote_unknown',
  'channel.emote_name_invalid',
  'channel.emote_name_taken',
  'channel.tier_out_of_range',
  ...reasonRefusals,
] as const
const addErrors = [
  ...uploadErrors,
  'channel.unknown',
  'channel.forbidden',
  'channel.emote_name_invalid',
  'channel.emote_name_taken',
  'channel.too_many_emotes',
  'channel.tier_out_of_range',
  ...reasonRefusals,
] as const
const removeErrors = ['channel.unknown', 'channel.forbidden', 'channel.emote_unknown', ...reasonRefusals] as const

const added = {
  201: { description: 'Added; its id is the command’s', body: Done, headers: doneHeaders },
  ...pendingResponse,
} as const
const changed = { 200: { description: 'Changed', body: Done, headers: doneHeaders }, ...pendingResponse } as const
const removed = { 200: { description: 'Removed', body: Done, headers: doneHeaders }, ...pendingResponse } as const

const managed = 'For whoever looks after the emotes. A picture of PNG, JPEG, GIF, WebP or AVIF, which is encoded anew.'

/** Pictures are read for those alone who may add them; the channel decides once more. */
const inCharge = async (edge: ChannelEdge, key: string, caller: Caller): Promise<void> => {
  const isAllowed =
    key === platformKey
      ? mayOnPlatform(caller.platformRole, 'manage_emotes')
      : may(await roleOf(edge, await channelOr404(edge, key), caller), 'manage_emotes')
  if (!isAllowed) throw new HttpProblem('channel.forbidden', { detail: { action: 'manage_emotes' } })
}

type Sent = Parameters<typeof sendToChannel>[3]

/** Sends what is about the name of an emote, with what the edge knows of the platform's. */
const sendNamed = async (
  edge: ChannelEdge,
  key: string,
  command: ChannelCommand,
  sent: Sent,
  name: string | undefined,
): Promise<Submitted> => {
  const globalEmotes = name === undefined ? undefined : nameTakenFact(name, edge.globalEmotes.current())
  return sendToChannel(edge, key, command, sent, globalEmotes === undefined ? {} : { globalEmotes })
}

const addTo = async (
  edge: PictureEdge,
  key: string,
  request: Sent & { readonly upload: Buffer },
  given: z.output<typeof NewEmote>,
) => {
  await inCharge(edge, key, request.caller)
  const { key: image, moving, width } = await edge.images.store(place, request.upload, emotePlan).catch(asProblem)
  const { name, tier = null, reason = null } = given
  const command = { type: 'AddEmote', name, image, moving, width, tier, reason } as const
  return doneReply(201, request.commandId, await sendNamed(edge, key, command, request, name))
}

const changeIn = async (
  edge: ChannelEdge,
  key: string,
  emoteId: string,
  request: Sent,
  change: z.output<typeof EmoteChange>,
) => {
  const { name, tier = null, enabled = null, reason = null } = change
  const command = { type: 'ChangeEmote', emoteId, name: name ?? null, tier, enabled, reason } as const
  return doneReply(200, request.commandId, await sendNamed(edge, key, command, request, name))
}

const removeFrom = async (
  edge: ChannelEdge,
  key: string,
  emoteId: string,
  request: Sent & { readonly query: z.output<typeof whyQuery> },
) => {
  const command = { type: 'RemoveEmote', emoteId, reason: request.query.reason ?? null } as const
  return doneReply(200, request.commandId, await sendToChannel(edge, key, command, request))
}

const reading = {
  tag,
  auth: 'none',
  access: 'public',
  rate: 'read',
  reads: ['emotes'],
  responses: {
    200: { description: 'All of them', body: EmoteManifest, headers: { ETag: 'Changes with any of them' } },
    304: { description: 'It is as the client has it (If-None-Match)' },
  },
} as const

const manifestReply = async (edge: ChannelEdge, key: string, header: (name: string) => string | undefined) => {
  const manifest = await edge.emotes.manifest(key)
  const headers = { ETag: entityTag(manifest.version), 'Cache-Control': 'public, no-cache' }
  if (isFresh(header('if-none-match'), headers.ETag)) return { status: 304, headers } as const
  return { status: 200, headers, body: shownManifest(sizes, manifest) } as const
}

const getChannelEmotes = route({
  ...reading,
  method: 'GET',
  path: '/v1/channels/{channelId}/emotes',
  id: 'getChannelEmotes',
  summary: 'What a client needs to draw the emotes of a channel, the platform’s among them',
  params: channelParams,
  errors: ['channel.unknown'],
  handler: async ({ params: { channelId }, header }, edge) => {
    await channelOr404(edge, channelId)
    return manifestReply(edge, channelId, header)
  },
})

const getEmotes = route({
  ...reading,
  method: 'GET',
  path: '/v1/emotes',
  id: 'getEmotes',
  summary: 'The emotes of the platform, for every channel',
  errors: [],
  handler: ({ header }, edge) => manifestReply(edge, platformKey, header),
})

const addChannelEmote = pictureRoute({
  ...inChannel,
  method: 'POST',
  path: '/v1/channels/{channelId}/emotes',
  id: 'addChannelEmote',
  summary: 'Adds an emote to a channel',
  reads: ['channels'],
  description: managed,
  params: channelParams,
  query: NewEmote,
  upload,
  responses: added,
  errors: addErrors,
  handler: (request, edge) => addTo(edge, request.params.channelId, request, request.query),
})

const addEmote = pictureRoute({
  ...onPlatform,
  method: 'POST',
  path: '/v1/emotes',
  id: 'addEmote',
  summary: 'Adds an emote for every channel',
  description: managed,
  query: NewEmote,
  upload,
  responses: added,
  errors: addErrors,
  handler: (request, edge) => addTo(edge, platformKey, request, request.query),
})

const emoteParams = z.strictObject({ emoteId: Uuidv7 })

const changeChannelEmote = route({
  ...inChannel,
  method: 'PATCH',
  path: '/v1/channels/{channelId}/emotes/{emoteId}',
  id: 'changeChannelEmote',
  summary: 'Renames an emote, gives it to subscribers, switches it off or on',
  params: channelParams.extend(emoteParams.shape),
  body: EmoteChange,
  responses: changed,
  errors: changeErrors,
  handler: (request, edge) => changeIn(edge, request.params.channelId, request.params.emoteId, request, request.body),
})

const changeEmote = route({
  ...onPlatform,
  method: 'PATCH',
  path: '/v1/emotes/{emoteId}',
  id: 'changeEmote',
  summary: 'Renames an emote of the platform, switches it off or on',
  params: emoteParams,
  body: EmoteChange,
  responses: changed,
  errors: changeErrors,
  handler: (request, edge) => changeIn(edge, platformKey, request.params.emoteId, request, request.body),
})

const removeChannelEmote = route({
  ...inChannel,
  method: 'DELETE',
  path: '/v1/channels/{channelId}/emotes/{emoteId}',
  id: 'removeChannelEmote',
  summary: 'Removes an emote; messages that show it go on showing it',
  params: channelParams.extend(emoteParams.shape),
  query: whyQuery,
  responses: removed,
  errors: removeErrors,
  handler: (request, edge) => removeFrom(edge, request.params.channelId, request.params.emoteId, request),
})

const removeEmote = route({
  ...onPlatform,
  method: 'DELETE',
  path: '/v1/emotes/{emoteId}',
  id: 'removeEmote',
  summary: 'Removes an emote of the platform; messages that show it go on showing it',
  params: emoteParams,
  query: whyQuery,
  responses: removed,
  errors: removeErrors,
  handler: (request, edge) => removeFrom(edge, platformKey, request.params.emoteId, request),
})

const getEmotePicture = pictureRoute({
  method: 'GET',
  path: '/v1/emotes/{emoteId}/{size}',
  id: 'getEmotePicture',
  tag,
  summary: 'The picture of an emote, of one that was removed too: 32 pixels high at 1x',
  auth: 'none',
  access: 'public',
  rate: 'read',
  params: emoteParams.extend({
    size: z.enum(['1x', '2x', '3x', '4x', '1x-still', '2x-still', '3x-still', '4x-still']),
  }),
  responses: pictureResponses,
  errors: ['http.not_found'],
  handler: async ({ params: { emoteId, size } }, edge) => {
    const key = await edge.emotes.image(emoteId)
    const still = size.replace('-still', '')
    if (key === undefined) return pictureReply(undefined, keptSeconds)
    const picture = await edge.images.read(place, key, size).catch(asProblem)
    // What does not move is its own still.
    return pictureReply(picture ?? (await edge.images.read(place, key, still).catch(asProblem)), keptSeconds)
  },
})

/** What is about emotes but their pictures. */
export const emoteTextRoutes = [
  getChannelEmotes,
  changeChannelEmote,
  removeChannelEmote,
  getEmotes,
  changeEmote,
  removeEmote,
]

export const emoteRoutes = [...emoteTextRoutes, addChannelEmote, addEmote, getEmotePicture]
