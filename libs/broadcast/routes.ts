import { z } from 'zod'
import type { Submitted } from '#libs/http/command.ts'
import { NumericId, Position, Timestamp, Uuidv7 } from '#libs/http/ids.ts'
import { pendingReply, pendingResponse } from '#libs/http/pending.ts'
import { routesOf } from '#libs/http/route.ts'
import { type BroadcastEdge, sendToBroadcasts } from './http/edge.ts'

const route = routesOf<BroadcastEdge>()

const channelParams = z.strictObject({ channelId: NumericId })
const Done = z.strictObject({ commandId: Uuidv7, position: Position }).meta({ id: 'BroadcastDone' })

const common = {
  tag: 'broadcasts',
  auth: 'account',
  scopes: ['channel:manage'],
  rate: 'write',
  command: true,
  params: channelParams,
} as const

const done = (commandId: string, submitted: Submitted) =>
  submitted.kind === 'pending'
    ? pendingReply(commandId)
    : ({ status: 200, body: { commandId, position: submitted.position } } as const)

const issueStreamKey = route({
  ...common,
  method: 'POST',
  path: '/v1/channels/{channelId}/stream-keys',
  id: 'issueStreamKey',
  summary: 'A new stream key, which is shown this once',
  access: { channel: 'manage_stream_keys' },
  description: 'Its id is that of the command. Whoever has the key can publish to the channel until it is revoked.',
  body: z.strictObject({ expiresAt: Timestamp.optional().meta({ description: 'Never, where it is left out' }) }),
  responses: {
    201: {
      description: 'What an encoder such as OBS is given',
      body: z
        .strictObject({
          keyId: Uuidv7,
          server: z.string().meta({ examples: ['rtmp://localhost:1935/live'] }),
          streamKey: z.string(),
          position: Position,
        })
        .meta({ id: 'NewStreamKey' }),
    },
    ...pendingResponse,
  },
  errors: [
    'channel.unknown',
    'broadcast.forbidden',
    'broadcast.key_exists',
    'broadcast.expiry_invalid',
    'broadcast.too_many_keys',
  ],
  handler: async (request, edge) => {
    const { commandId: keyId, params, body } = request
    const expiresAt = body.expiresAt === undefined ? null : Date.parse(body.expiresAt)
    // Before the command, so that what the journal knows of can be found; without an outcome it stays, unshown.
    const streamKey = await edge.streamKeys.issue({ keyId, channelId: params.channelId, expiresAt })
    try {
      const command = { type: 'IssueStreamKey', keyId, expiresAt } as const
      const submitted = await sendToBroadcasts(edge, params.channelId, command, request)
      if (submitted.kind === 'pending') return pendingReply(keyId)
      return { status: 201, body: { keyId, server: edge.rtmpUrl, streamKey, position: submitted.position } }
    } catch (error) {
      await edge.streamKeys.remove(keyId)
      throw error
    }
  },
})

const revokeStreamKey = route({
  ...common,
  method: 'DELETE',
  path: '/v1/channels/{channelId}/stream-keys/{keyId}',
  id: 'revokeStreamKey',
  summary: 'Takes a stream key away; a broadcast by it ends',
  access: { channel: 'manage_stream_keys' },
  params: channelParams.extend({ keyId: Uuidv7 }),
  responses: { 200: { description: 'It is good no more', body: Done }, ...pendingResponse },
  errors: ['channel.unknown', 'broadcast.forbidden', 'broadcast.key_unknown'],
  handler: async (request, edge) => {
    const { channelId, keyId } = request.params
    const submitted = await sendToBroadcasts(edge, channelId, { type: 'RevokeStreamKey', keyId }, request)
    await edge.streamKeys.remove(keyId)
    return done(request.commandId, submitted)
  },
})

const stopBroadcast = route({
  ...common,
  scopes: ['channel:moderate'],
  method: 'POST',
  path: '/v1/channels/{channelId}/broadcast/stop',
  id: 'stopBroadcast',
  summary: 'Ends the broadcast of a channel, for moderators; for a minute none begins',
  access: { channel: 'stop_broadcasts' },
  responses: { 200: { description: 'It is over', body: Done }, ...pendingResponse },
  errors: ['channel.unknown', 'broadcast.forbidden', 'broadcast.not_live'],
  handler: async (request, edge) =>
    done(request.commandId, await sendToBroadcasts(edge, request.params.channelId, { type: 'StopBroadcast' }, request)),
})

/** Everything of a channel's broadcasts that is asked and told over HTTP. */
export const broadcastRoutes = [issueStreamKey, revokeStreamKey, stopBroadcast]
