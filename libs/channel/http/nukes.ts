import { z } from 'zod'
import { NumericId, Uuidv7 } from '#libs/http/ids.ts'
import { pendingResponse } from '#libs/http/pending.ts'
import { routesOf } from '#libs/http/route.ts'
import { nukeBodySchema } from '#libs/protocols/native/nukes.ts'
import { findNuked, nukeMessages } from '../nukes/nuke.ts'
import { doneHeaders, doneReply } from './done.ts'
import { type ChannelEdge, channelOr404, moderatorsOnly, sendToChannel } from './edge.ts'
import { channelParams, Done } from './schemas.ts'

const route = routesOf<ChannelEdge>()

const Found = z
  .strictObject({
    messages: z
      .array(z.strictObject({ id: Uuidv7, seq: z.int(), authorId: NumericId, text: z.string() }))
      .meta({ description: 'The latest first; what is out of the sender’s reach is left alone' }),
  })
  .meta({ id: 'NukeFound' })

const nuke = route({
  method: 'POST',
  path: '/v1/channels/{channelId}/nukes',
  id: 'nuke',
  tag: 'moderation',
  summary: 'Deletes all messages that say something, and times out who wrote them; by default only tells which',
  description: 'Sent with `min-position`, it looks at everything up to there. The act `undo-nuke` takes it back.',
  auth: 'account',
  access: { channel: 'nuke' },
  scopes: ['channel:moderate'],
  rate: 'write',
  command: true,
  reads: ['messages', 'channels'],
  params: channelParams,
  body: nukeBodySchema,
  responses: {
    200: { description: 'What it would do', body: Found },
    201: { description: 'Done', body: Done, headers: doneHeaders },
    ...pendingResponse,
  },
  errors: [
    'channel.unknown',
    'channel.forbidden',
    'channel.nothing_to_nuke',
    'channel.nuke_unfit',
    'channel.term_unfit',
    'channel.pattern_unfit',
    'channel.too_many_terms',
    'channel.duration_out_of_range',
    'channel.text_too_long',
    'channel.text_invalid',
  ],
  handler: async (request, edge) => {
    const { body, commandId } = request
    const { channelId } = request.params
    await moderatorsOnly(edge, await channelOr404(edge, channelId), request.caller)
    const search = () => findNuked(edge, channelId, body)
    if (body.dryRun) {
      const found = await search()
      const messages = found.map(({ messageId: id, seq, authorId, text }) => ({ id, seq, authorId, text }))
      return { status: 200, body: { messages } }
    }
    const submitted = await nukeMessages({ ...edge, search }, request, channelId, body, (command, id) =>
      sendToChannel(edge, channelId, command, { ...request, commandId: id }),
    )
    return doneReply(201, commandId, submitted)
  },
})

export const nukeRoutes = [nuke]
