import { z } from 'zod'
import { clientFrameSchemas } from './client-frames.ts'
import { closeCodes } from './closing.ts'
import { clientExamples, moreExamples, serverExamples } from './examples.ts'
import { serverFrameSchemas } from './server-frames.ts'
import type { Json } from './yaml.ts'

/** `io`: whether the payload is what is read, which may leave out what there is a default for, or what is written. */
const messageOf = (type: string, schema: z.ZodType, io: 'input' | 'output', examples: readonly Json[]): Json => {
  const { $schema: _, description, ...payload } = z.toJSONSchema(schema, { io })
  return {
    name: type,
    summary: description,
    contentType: 'application/json',
    payload: payload as Json,
    examples: examples.map((payload) => ({ payload })),
  }
}

const messagesOf = (
  schemas: Readonly<Record<string, z.ZodType>>,
  io: 'input' | 'output',
  examples: Readonly<Record<string, Json>>,
) =>
  Object.entries(schemas).map(
    ([type, schema]) =>
      [type, messageOf(type, schema, io, [examples[type] ?? null, ...(moreExamples[type] ?? [])])] as const,
  )

const references = (where: string, types: readonly string[]): Json =>
  types.map((type) => ({ $ref: `#/${where}/${type}` }))

const closing = Object.entries(closeCodes)
  .map(([reason, code]) => `${code} ${reason}`)
  .join(', ')

/** The native protocol as an AsyncAPI 3.0 document, made of the schemas that the edge itself parses by. */
export const asyncApiDocument = (): Json => {
  const sent = messagesOf(clientFrameSchemas, 'input', clientExamples)
  const received = messagesOf(serverFrameSchemas, 'output', serverExamples)
  const namesOf = (messages: readonly (readonly [string, Json])[]) => messages.map(([type]) => type)
  const onChannel = 'channels/live/messages'
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'whiply live',
      version: '1.0.0',
      description: `Chat as it happens: JSON text frames over a WebSocket. Close codes: ${closing}.`,
    },
    defaultContentType: 'application/json',
    servers: { edge: { host: 'localhost:8081', protocol: 'ws', description: 'GET /v1/config names the address' } },
    channels: {
      live: {
        address: '/v1/live',
        messages: Object.fromEntries(
          [...sent, ...received].map(([type]) => [type, { $ref: `#/components/messages/${type}` }]),
        ),
      },
    },
    operations: {
      send: {
        action: 'receive',
        summary: 'What a client sends',
        channel: { $ref: '#/channels/live' },
        messages: references(onChannel, namesOf(sent)),
      },
      receive: {
        action: 'send',
        summary: 'What the edge sends',
        channel: { $ref: '#/channels/live' },
        messages: references(onChannel, namesOf(received)),
      },
    },
    components: { messages: Object.fromEntries([...sent, ...received]) },
  }
}
