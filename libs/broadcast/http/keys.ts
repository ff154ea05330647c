import { z } from 'zod'
import { may } from '#libs/access/permissions.ts'
import { NumericId, Position, Timestamp, timestamp, Uuidv7 } from '#libs/http/ids.ts'
import { pendingReply, pendingResponse } from '#libs/http/pending.ts'
import { HttpProblem } from '#libs/http/problem.ts'
import { routesOf } from '#libs/http/route.ts'
import { maxLabelLength } from '../rules/info.ts'
import { doneReply } from './done.ts'
import { type BroadcastEdge, roleOr404, sendToBroadcasts } from './edge.ts'
import { channelParams, Done } from './schemas.ts'

const route = routesOf<BroadcastEdge>()
const common = {
  tag: 'broadcasts',
  auth: 'account',
  scopes: ['channel:manage'],
  access: { channel: 'manage_stream_keys' },
  params: channelParams,
} as const

const Server = z.string().meta({ examples: ['rtmp://localhost:1935/live'] })
const SecureServer = z.string().nullable().meta({ description: 'The same with TLS, where it is spoken' })

const Purpose = z
  .enum(['live', 'test'])
  .meta({ description: 'test: what is published is measured, and neither shown nor kept' })

const NewStreamKey = z
  .strictObject({
    keyId: Uuidv7,
    server: Server,
    secureServer: SecureServer,
    streamKey: z.string(),
    position: Position,
  })
  .meta({ id: 'NewStreamKey' })

const issueStreamKey = route({
  ...common,
  rate: 'write',
  command: true,
  method: 'POST',
  path: '/v1/channels/{channelId}/stream-keys',
  id: 'issueStreamKey',
  summary: 'A new stream key, which is shown this once',
  description: 'Its id is that of the command. Whoever has the key can publish to the channel until it is revoked.',
  body: z.strictObject({
    expiresAt: Timestamp.optional().meta({ description: 'Never, where it is left out' }),
    label: z
      .string()
      .optional()
      .meta({ description: `What it is for, in ${maxLabelLength} characters or fewer`, examples: ['The studio'] }),
    purpose: Purpose.default('live'),
  }),
  responses: {
    201: { description: 'What an encoder such as OBS is given', body: NewStreamKey },
    ...pendingResponse,
  },
  errors: [
    'channel.unknown',
    'broadcast.forbidden',
    'broadcast.key_exists',
    'broadcast.key_rotated',
    'broadcast.expiry_invalid',
    'broadcast.text_too_long',
    'broadcast.text_invalid',
    'broadcast.too_many_keys',
  ],
  handler: async (request, edge) => {
    const { commandId: keyId, params, body } = request
    const expiresAt = body.expiresAt === undefined ? null : Date.parse(body.expiresAt)
    const { label = null, purpose } = body
    // Before the command, so that what the journal knows of can be found; without an outcome it stays, unshown.
    const streamKey = await edge.streamKeys.issue({ keyId, channelId: params.channelId, expiresAt })
    try {
      const command = { type: 'IssueStreamKey', keyId, expiresAt, label, purpose } as const
      const submitted = await sendToBroadcasts(edge, params.channelId, command, request)
      if (submitted.kind === 'pending') return pendingReply(keyId)
      const { position, n } = submitted
      const isLast = await edge.streamKeys.settle({ keyId, channelId: params.channelId, secret: streamKey, n }, 'keep')
      if (!isLast) throw new HttpProblem('broadcast.key_rotated')
      return { status: 201, body: { keyId, ...serversOf(edge), streamKey, position } }
    } catch (error) {
      // The key may be there, of the first time or of somebody else, with secrets that are good.
      await edge.streamKeys.discard(streamKey)
      throw error
    }
  },
})

const serversOf = ({ rtmpUrl, rtmpsUrl }: BroadcastEdge) => ({ server: rtmpUrl, secureServer: rtmpsUrl ?? null })

const listStreamKeys = route({
  ...common,
  rate: 'read',
  reads: ['broadcasts'],
  method: 'GET',
  path: '/v1/channels/{channelId}/stream-keys',
  id: 'listStreamKeys',
  summary: 'Where encoders publish, and the stream keys of a channel, without the keys themselves',
  responses: {
    200: {
      description: 'The oldest first',
      body: z
        .strictObject({
          server: Server,
          secureServer: SecureServer,
          keys: z.array(
            z.strictObject({
              id: Uuidv7,
              label: z.string().nullable(),
              purpose: Purpose,
              issuedBy: NumericId,
              issuedAt: Timestamp,
              expiresAt: Timestamp.nullable(),
              usedAt: Timestamp.nullable().meta({ description: 'When an encoder was let in by it last' }),
            }),
          ),
        })
        .meta({ id: 'StreamKeys' }),
    },
  },
  errors: ['channel.unknown', 'broadcast.forbidden'],
  handler: async ({ params: { channelId }, caller }, edge) => {
    if (!may(await roleOr404(edge, channelId, caller), 'manage_stream_keys'))
      throw new HttpProblem('broadcast.forbidden', { detail: { action: 'manage_stream_keys' } })
    const keys = await edge.reads.streamKeys(channelId)
    const orNull = (at: number | null) => (at === null ? null : timestamp(at))
    return {
      status: 200,
      body: {
        ...serversOf(edge),
        keys: keys.map(({ keyId: id, label, purpose, issuedBy, issuedAt, expiresAt, usedAt }) => ({
          id,
          label,
          purpose,
          issuedBy,
          issuedAt: timestamp(issuedAt),
          expiresAt: orNull(expiresAt),
          usedAt: orNull(usedAt),
        })),
      },
    }
  },
})

const rotateStreamKey = route({
  ...common,
  rate: 'write',
  command: true,
  method: 'POST',
  path: '/v1/channels/{channelId}/stream-keys/{keyId}/rotation',
  id: 'rotateStreamKey',
  summary: 'Gives a stream key another secret, which is shown this once; the one before is good no more',
  description: 'An encoder that publishes goes on; whoever returns by the new secret goes on with the same broadcast.',
  params: channelParams.extend({ keyId: Uuidv7 }),
  responses: {
    200: { description: 'What an encoder is given from now on', body: NewStreamKey },
    ...pendingResponse,
  },
  errors: ['channel.unknown', 'broadcast.forbidden', 'broadcast.key_unknown', 'broadcast.key_rotated'],
  handler: async (request, edge) => {
    const { channelId, keyId } = request.params
    // Beside the one before, so that until it is decided both are good: no encoder is shut out by what fails.
    const streamKey = await edge.streamKeys.renew(keyId, channelId)
    try {
      const submitted = await sendToBroadcasts(edge, channelId, { type: 'RotateStreamKey', keyId }, request)
      if (submitted.kind === 'pending') return pendingReply(request.commandId)
      if (streamKey === undefined) throw new HttpProblem('broadcast.key_unknown')
      const { n } = submitted
      const isLast = await edge.streamKeys.settle({ keyId, channelId, secret: streamKey, n }, 'drop')
      if (!isLast) throw new HttpProblem('broadcast.key_rotated')
      return { status: 200, body: { keyId, ...serversOf(edge), streamKey, position: submitted.position } }
    } catch (error) {
      if (streamKey !== undefined) await edge.streamKeys.discard(streamKey)
      throw error
    }
  },
})

const revokeStreamKey = route({
  ...common,
  rate: 'write',
  command: true,
  method: 'DELETE',
  path: '/v1/channels/{channelId}/stream-keys/{keyId}',
  id: 'revokeStreamKey',
  summary: 'Takes a stream key away; a broadcast by it ends',
  params: channelParams.extend({ keyId: Uuidv7 }),
  responses: { 200: { description: 'It is good no more', body: Done }, ...pendingResponse },
  errors: ['channel.unknown', 'broadcast.forbidden', 'broadcast.key_unknown'],
  handler: async (request, edge) => {
    const { channelId, keyId } = request.params
    const submitted = await sendToBroadcasts(edge, channelId, { type: 'RevokeStreamKey', keyId }, request)
    await edge.streamKeys.remove(keyId, channelId)
    return doneReply(request.commandId, submitted)
  },
})

export const streamKeyRoutes = [issueStreamKey, listStreamKeys, rotateStreamKey, revokeStreamKey]
