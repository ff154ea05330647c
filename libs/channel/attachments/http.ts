import { z } from 'zod'
import { may } from '#libs/access/permissions.ts'
import { Uuidv7 } from '#libs/http/ids.ts'
import { HttpProblem } from '#libs/http/problem.ts'
import { routesOf } from '#libs/http/route.ts'
import {
  asProblem,
  pictureReply,
  pictureResponses,
  privatePicture,
  uploadErrors,
  uploadTypes,
} from '#libs/images/http.ts'
import { attachmentPlan } from '#libs/images/plan.ts'
import { channelOr404, moderatorsOnly, type PictureEdge, roleOf } from '../http/edge.ts'
import { channelParams } from '../http/schemas.ts'
import { attachmentSizes, decodeAttachments } from './attachments.ts'
import { maxUploads } from './store.ts'

const route = routesOf<PictureEdge>()
const tag = 'messages'

/** A picture goes from browsers too soon after its message. */
const keptSeconds = 300

const Upload = z
  .strictObject({
    id: z.string().meta({
      description:
        'To be named by a message in this channel, of the same account, within an hour. The picture goes with the first ' +
        'of the messages that show it to go',
    }),
    width: z.int(),
    height: z.int(),
  })
  .meta({ id: 'Upload' })

const addAttachment = route({
  method: 'POST',
  path: '/v1/channels/{channelId}/attachments',
  id: 'addAttachment',
  tag,
  summary: 'Sends in a picture that a message is to show',
  description:
    `Encoded anew at 2048 pixels each way at most: nothing else of the file is kept. At most ${maxUploads} wait for a ` +
    'message, and what none shows within a day goes. The channel has to take pictures: the mode `attachments`.',
  auth: 'account',
  access: { channel: 'attach' },
  scopes: ['chat:write'],
  rate: 'write',
  params: channelParams,
  upload: { types: uploadTypes, limitBytes: attachmentPlan.bounds.bytes },
  reads: ['channels'],
  responses: { 201: { description: 'It is there; nobody is shown it yet', body: Upload } },
  errors: [
    ...uploadErrors,
    'channel.unknown',
    'channel.forbidden',
    'channel.attachments_off',
    'channel.too_many_uploads',
  ],
  handler: async ({ params: { channelId }, caller, upload }, edge) => {
    const channel = await channelOr404(edge, channelId)
    // Pictures are read for those alone who may post them; the channel decides once more.
    if (channel.modes.attachments === undefined) throw new HttpProblem('channel.attachments_off')
    if (!may(await roleOf(edge, channel, caller), 'attach'))
      throw new HttpProblem('channel.forbidden', { detail: { action: 'attach' } })
    const { accountId } = caller
    const attachment = await edge.attachments.store.take(accountId, channelId, upload).catch(asProblem)
    const { width, height } = attachment
    return { status: 201, body: { id: edge.attachments.token({ accountId, channelId }, attachment), width, height } }
  },
})

const getAttachment = route({
  method: 'GET',
  path: '/v1/channels/{channelId}/messages/{messageId}/attachments/{attachmentId}/{size}',
  id: 'getAttachment',
  tag,
  summary: 'A picture that a message shows, until it is deleted: `thumb` fits into 320 pixels each way',
  auth: 'none',
  access: { channel: 'read' },
  rate: 'read',
  reads: ['messages'],
  params: channelParams.extend({ messageId: Uuidv7, attachmentId: Uuidv7, size: z.enum(attachmentSizes) }),
  responses: pictureResponses,
  errors: ['http.not_found'],
  handler: async ({ params: { channelId, messageId, attachmentId, size } }, edge) => {
    const message = await edge.reads.message(channelId, messageId)
    const isShown = decodeAttachments(message?.body?.attachments).some(({ id }) => id === attachmentId)
    if (!message || message.deleted || !isShown) return pictureReply(undefined, keptSeconds)
    const { authorId } = message
    return pictureReply(
      await edge.attachments.store.read(authorId, channelId, attachmentId, size).catch(asProblem),
      keptSeconds,
    )
  },
})

const getHeldAttachment = route({
  method: 'GET',
  path: '/v1/channels/{channelId}/held-messages/{messageId}/attachments/{attachmentId}/{size}',
  id: 'getHeldAttachment',
  tag: 'moderation',
  summary: 'A picture of a message that waits for a moderator, as getAttachment has it',
  auth: 'account',
  access: { channel: 'read_moderation' },
  scopes: ['channel:moderate'],
  rate: 'read',
  reads: ['channels'],
  params: channelParams.extend({ messageId: Uuidv7, attachmentId: Uuidv7, size: z.enum(attachmentSizes) }),
  responses: pictureResponses,
  errors: ['http.not_found', 'channel.unknown', 'channel.forbidden'],
  handler: async ({ params: { channelId, messageId, attachmentId, size }, caller }, edge) => {
    await moderatorsOnly(edge, await channelOr404(edge, channelId), caller)
    const held = (await edge.reads.held(channelId)).find((each) => each.messageId === messageId)
    const isHeld = decodeAttachments(held?.attachments).some(({ id }) => id === attachmentId)
    if (!held || !isHeld) throw new HttpProblem('http.not_found')
    const bytes = await edge.attachments.store.read(held.actorId, channelId, attachmentId, size).catch(asProblem)
    return privatePicture(bytes)
  },
})

export const attachmentRoutes = [addAttachment, getAttachment, getHeldAttachment]
